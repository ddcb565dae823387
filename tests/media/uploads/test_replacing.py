"""A source that is to replace another comes in pieces like any file, and waits to be confirmed."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from lms.journal.models import JournalEntry
from lms.people.services import add_unit
from media import jobs, removing, replacing, services
from media.models import SourceReplacement, TranscodeJob, Upload, Video
from media.uploads import finishing
from tests import world
from tests.media.staff.conftest import make_video
from tests.media.uploads.conftest import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(uploads, short_film) -> Video:
    video = make_video(short_film, world.town())
    jobs.transcode_video(video_id=video.pk, worker="w1")
    video.refresh_from_db()
    return video


def sent(sender: Sender, video: Video, data: bytes) -> Upload:
    answer = sender.create(len(data), replaces=video.pk, title=video.title)
    assert answer.status_code == 201
    half = len(data) // 2
    sender.patch(data[:half], 0)
    assert sender.patch(data[half:], half).status_code == 204
    return sender.upload()


def test_a_whole_file_waits_beside_the_source_until_it_is_confirmed(
    sender, author, ready, short_film, django_capture_on_commit_callbacks
):
    data, before = short_film.read_bytes(), ready.build

    assert finishing.finish_upload(upload_id=sent(sender, ready, data).pk) is None

    proposal = SourceReplacement.objects.get(video=ready)
    assert (proposal.source_name, proposal.duration_seconds) == ("第一讲.mp4", 8)
    with proposal.source.open() as stored:
        assert stored.read() == data
    assert str(proposal.source.name).startswith(f"videos/{ready.key}/source-")
    assert Video.objects.count() == 1
    assert JournalEntry.objects.get(action="video.replacement_proposed").actor == author
    told = sender.client.get(sender.address).json()
    assert told["url"] == reverse("videos:replace", args=[ready.pk])
    assert told["message"] == "检查好了。换之前，看看会影响什么。"
    assert "换上这个文件" in sender.client.get(told["url"]).content.decode()
    ready.refresh_from_db()
    assert (ready.build, ready.state) == (before, "ready")
    with django_capture_on_commit_callbacks(execute=True):
        replacing.confirm(video=ready, by=author, at=world.NOON)
        jobs.transcode_video(video_id=ready.pk, worker="w1")
    ready.refresh_from_db()
    assert ready.build != before
    assert ready.source.name == proposal.source.name


def test_a_later_file_takes_the_place_of_the_one_before(
    sender, ready, short_film, django_capture_on_commit_callbacks
):
    for _turn in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            upload = sent(sender, ready, short_film.read_bytes())
            finishing.finish_upload(upload_id=upload.pk)

    kept = SourceReplacement.objects.get().source.name
    _folders, names = default_storage.listdir(f"videos/{ready.key}")
    assert sorted(names) == ["source", kept.rsplit("/", 1)[-1]]


def test_a_file_shorter_than_somebody_watched_is_not_kept(sender, author, ready, short_film):
    Video.objects.filter(pk=ready.pk).update(duration_seconds=12)
    world.viewing(world.learner(), ready, [(0, 11)])
    upload = sent(sender, ready, short_film.read_bytes())

    finishing.finish_upload(upload_id=upload.pk)

    told = sender.client.get(sender.address).json()
    assert (told["state"], told["code"]) == ("refused", "replacement_too_short")
    assert told["message"].startswith("新文件长 00:08，已经有人看到 00:11，")
    assert not SourceReplacement.objects.exists()
    refused = JournalEntry.objects.get(action="video.replacement_proposed")
    assert (refused.outcome, refused.code, refused.actor) == (
        "refused", "replacement_too_short", author,
    )  # fmt: skip
    assert not default_storage.exists(f"incoming/{upload.key}")


def test_what_is_no_film_is_not_kept(sender, ready):
    upload = sent(sender, ready, "讲稿".encode() * 50)

    finishing.finish_upload(upload_id=upload.pk)

    told = sender.client.get(sender.address).json()
    assert told["state"] == "refused"
    assert "其实不是视频" in told["message"]


def test_nothing_is_begun_while_the_video_is_at_work(sender, ready, short_film):
    TranscodeJob.objects.update(state=TranscodeJob.State.RUNNING)

    answer = sender.create(1000, replaces=ready.pk)

    assert answer.status_code == 409
    assert answer.json() == {
        "code": "video_busy",
        "message": "这个视频正在转码。等它转好，再换源文件。",
    }


def test_work_begun_meanwhile_refuses_the_file_and_leaves_nothing(sender, ready, short_film):
    upload = sent(sender, ready, short_film.read_bytes())
    TranscodeJob.objects.update(state=TranscodeJob.State.RUNNING)

    finishing.finish_upload(upload_id=upload.pk)

    assert Upload.objects.get().failure_code == "video_busy"
    assert default_storage.listdir(f"videos/{ready.key}")[1] == ["source"]


def test_a_video_of_another_county_cannot_be_named(sender, uploads, short_film):
    other = add_unit(code="331125", name="云和县", level="county", parent=world.county().parent)

    answer = sender.create(1000, replaces=make_video(short_film, other).pk)

    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_what_is_left_shows_on_the_page_of_its_video_alone(sender, ready, short_film):
    sender.create(len(short_film.read_bytes()), replaces=ready.pk)
    sender.patch(short_film.read_bytes()[:100], 0)

    there = sender.client.get(reverse("videos:replace", args=[ready.pk])).content.decode()
    elsewhere = sender.client.get(reverse("videos:upload")).content.decode()

    assert sender.address in there
    assert sender.address not in elsewhere


def test_a_video_that_is_deleted_takes_what_arrived_for_it_along(
    sender, author, ready, django_capture_on_commit_callbacks
):
    sender.create(1000, replaces=ready.pk)
    sender.patch(b"x" * 100, 0)
    upload = sender.upload()

    with django_capture_on_commit_callbacks(execute=True):
        removing.delete_video(video=ready, unit_ids=frozenset(), by=author, at=world.NOON)

    assert not Upload.objects.exists()
    assert not default_storage.exists(f"incoming/{upload.key}")


def test_a_video_whose_new_source_is_being_checked_is_kept(sender, author, ready, short_film):
    sent(sender, ready, short_film.read_bytes())

    with pytest.raises(removing.DeletionRefused, match="它的新源文件正在检查。等检查完，再来删。"):
        removing.delete_video(video=ready, unit_ids=frozenset(), by=author, at=world.NOON)


def test_a_full_disk_waits_and_is_said(sender, ready, short_film, monkeypatch):
    upload = sent(sender, ready, short_film.read_bytes())

    def full(*_args, **_facts):
        raise finishing.NoSpace

    monkeypatch.setattr(services, "checked", full)
    finishing.finish_upload(upload_id=upload.pk)

    upload.refresh_from_db()
    assert (upload.state, upload.failure_code) == ("checking", finishing.NoSpace.code)
    monkeypatch.undo()
    Upload.objects.update(lease_until=None)
    finishing.finish_upload(upload_id=upload.pk)
    assert SourceReplacement.objects.filter(video=ready).exists()
