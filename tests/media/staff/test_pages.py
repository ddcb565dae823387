"""The staff's video pages, through the real address tree."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.services import grant_role
from media import jobs, services
from media.models import TranscodeJob, Upload, Video
from media.units import hand_over
from tests import world
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db
SRT = b"1\n00:00:01,000 --> 00:00:03,000\n<b>\xe7\xac\xac\xe4\xb8\x80\xe6\x9d\xa1</b>\n"


def post_upload(client, data: bytes, **changes):
    fields = {
        "title": "第一讲",
        "owner_unit": world.town().pk,
        "file": SimpleUploadedFile("第一讲.mp4", data, content_type="video/mp4"),
    }
    return client.post(reverse("videos:upload"), fields | changes)


def test_an_upload_leads_to_the_page_of_the_video(client, author, uploads, short_film):
    answer = post_upload(client, short_film.read_bytes())

    video = Video.objects.get()
    assert answer.headers["location"] == reverse("videos:detail", args=[video.pk])
    assert (video.uploaded_by, video.source_name) == (author, "第一讲.mp4")
    page = client.get(answer.headers["location"])
    assert "排队中" in page.content.decode()


def test_a_refused_upload_says_why_in_the_form(client, author, uploads):
    answer = post_upload(client, "只是讲稿".encode() * 100)

    assert "其实不是视频" in answer.content.decode()
    assert not Video.objects.exists()


def test_without_script_the_form_comes_back_with_the_reason(client, author, uploads):
    fields = {
        "title": "第一讲",
        "owner_unit": world.town().pk,
        "file": SimpleUploadedFile("a.mp4", b""),
    }

    page = client.post(reverse("videos:upload"), fields).content.decode()

    assert "视频没收下" in page
    assert 'value="第一讲"' in page


def begun(author, name: str, **facts) -> Upload:
    at = database_now()
    return Upload.objects.create(
        person=author, owner_unit=world.town(), title=name, file_name=f"{name}.mp4", bytes=100,
        received=40, created_at=at, expires_at=at + timedelta(days=7), **facts,
    )  # fmt: skip


def test_the_upload_page_lists_what_is_left_of_ones_own(client, author):
    begun(author, "没传完的一讲")
    begun(author, "没收下的一讲", state="refused", failure_sentence="这个文件是空的。")
    begun(author, "收好的一讲", state="kept")
    begun(world.holder("course_author", name="沈静"), "同事的一讲")

    page = client.get(reverse("videos:upload")).content.decode()

    assert "传了 40%" in page
    assert "这个文件是空的。" in page
    assert "没传完的一讲" in page
    assert "收好的一讲" not in page
    assert "同事的一讲" not in page


def test_an_unfinished_upload_goes_with_its_unit(author):
    upload, kept = begun(author, "没传完的一讲"), world.county()

    hand_over(upload.owner_unit, kept)

    upload.refresh_from_db()
    assert upload.owner_unit == kept


def test_an_upload_for_a_foreign_unit_is_refused(
    client, author, uploads, short_film, foreign_video
):
    answer = post_upload(client, short_film.read_bytes(), owner_unit=foreign_video.owner_unit.pk)

    assert answer.status_code == 200
    assert Video.objects.count() == 1


def test_the_listing_shows_own_videos_with_state_and_not_foreign_ones(
    client, author, video, foreign_video
):
    Video.objects.filter(pk=video.pk).update(state="transcoding", progress=42)

    page = client.get(reverse("videos:listing")).content.decode()

    assert "转码中 42%" in page
    assert page.count("网格怎么走访") == 1


def test_the_listing_asks_the_same_number_of_queries_however_long(
    client, author, video, short_film, django_assert_max_num_queries
):
    for _number in range(4):
        make_video(short_film, world.town())

    with django_assert_max_num_queries(25):
        client.get(reverse("videos:listing"))


def test_states_are_told_for_own_videos_only(client, author, video, foreign_video):
    query = f"id={video.pk}&id={foreign_video.pk}&id=x&id={10**30}&id=%C2%B2"

    told = client.get(f"{reverse('videos:states')}?{query}").json()["videos"]

    assert [(facts["id"], facts["is_finished"]) for facts in told] == [(video.pk, False)]


def test_a_failed_video_says_why_and_is_tried_again(client, author, video):
    job = video.job
    jobs.fail_job(job=job, code="transcode_failed", at=database_now())

    page = client.get(reverse("videos:detail", args=[video.pk])).content.decode()
    assert "转码时出错" in page
    client.post(reverse("videos:retry", args=[video.pk]))

    video.refresh_from_db()
    assert (video.state, video.job.state) == (Video.State.QUEUED, TranscodeJob.State.WAITING)


def test_a_ready_video_can_be_previewed(client, author, video):
    jobs.transcode_video(video_id=video.pk, worker="w1")

    page = client.get(reverse("videos:detail", args=[video.pk])).content.decode()

    assert "master.m3u8" in page
    assert "640×360" in page


def test_captions_are_shown_as_plain_cues(client, author, video):
    file = SimpleUploadedFile("字幕.srt", SRT)
    client.post(
        reverse("videos:add_captions", args=[video.pk]),
        {"language": "zh-Hans", "captions_file": file},
    )

    page = client.get(reverse("videos:detail", args=[video.pk])).content.decode()

    assert "<span>第一条</span>" in page


def test_unreadable_captions_say_why(client, author, video):
    file = SimpleUploadedFile("字幕.srt", "没有时间".encode())

    answer = client.post(
        reverse("videos:add_captions", args=[video.pk]),
        {"language": "zh-Hans", "captions_file": file},
    )

    assert answer.status_code == 422
    assert "读不出字幕" in answer.content.decode()


def test_captions_are_removed_only_with_their_own_video(client, author, video, short_film):
    other = make_video(short_film, world.town())
    track = services.save_captions(
        video=video, data=SRT, language="zh-Hans", label="中文", by=None, at=database_now()
    )

    wrong = client.post(reverse("videos:remove_captions", args=[other.pk, track.pk]))
    right = client.post(reverse("videos:remove_captions", args=[video.pk, track.pk]))

    assert (wrong.status_code, right.status_code) == (404, 302)
    assert not video.captions.exists()


def test_a_title_is_changed_and_journalled(client, author, video):
    client.post(reverse("videos:rename", args=[video.pk]), {"title": "网格员怎么走访"})

    video.refresh_from_db()
    assert video.title == "网格员怎么走访"
    assert JournalEntry.objects.get(action="video.rename").actor == author


@pytest.mark.parametrize("name", ["detail", "retry", "rename", "add_captions"])
def test_a_foreign_video_is_not_found(client, author, foreign_video, name):
    address = reverse(f"videos:{name}", args=[foreign_video.pk])

    answer = client.get(address) if name == "detail" else client.post(address, {"title": "x"})

    assert answer.status_code == 404
    foreign_video.refresh_from_db()
    assert foreign_video.title == "网格怎么走访"


def test_a_learner_finds_no_video_pages(client, video):
    client.force_login(world.learner())

    for name in ("listing", "upload", "states"):
        assert client.get(reverse(f"videos:{name}")).status_code in (302, 403, 404)


def test_a_role_that_ended_shows_nothing(client, uploads, short_film):
    person = world.holder("course_author")
    person.role_grants.update(to_date=date(2020, 2, 1))
    client.force_login(person)
    video = make_video(short_film, world.town())

    assert client.get(reverse("videos:detail", args=[video.pk])).status_code == 404
    grant_role(
        person=person,
        role="publisher",
        unit=world.county(),
        from_date=date(2020, 1, 1),
        by=None,
        at=database_now(),
    )
    assert client.get(reverse("videos:detail", args=[video.pk])).status_code == 200


def test_a_waiting_video_is_put_first_by_its_page(client, author, video, short_film):
    make_video(short_film, world.town())
    behind = make_video(short_film, world.town())
    address = reverse("videos:detail", args=[behind.pk])
    page = client.get(address).content.decode()
    assert "排队中 · 前面还有 2 个视频" in page
    assert "先做这个" in page

    client.post(reverse("videos:raise", args=[behind.pk]))

    page = client.get(address).content.decode()
    assert "排队中 · 下一个就是它" in page
    assert "先做这个" not in page
    entry = JournalEntry.objects.get(action="video.raised")
    assert (entry.actor_id, entry.object_id) == (author.pk, str(behind.pk))


def test_what_is_being_transcoded_is_not_put_first(client, author, video):
    assert jobs.claim_job(video_id=video.pk, worker="w1", at=database_now())

    answer = client.post(reverse("videos:raise", args=[video.pk]), follow=True)

    assert "这个视频不在排队" in answer.content.decode()
    assert not JournalEntry.objects.filter(action="video.raised").exists()


def test_a_foreign_video_is_not_put_first(client, author, foreign_video):
    answer = client.post(reverse("videos:raise", args=[foreign_video.pk]))

    assert answer.status_code == 404
    assert TranscodeJob.objects.get().urgency == TranscodeJob.Urgency.NEW


def test_progress_tells_how_long_it_still_takes(client, author, video):
    TranscodeJob.objects.update(
        state="running", began_at=database_now() - timedelta(minutes=4),
        lease_until=database_now() + timedelta(minutes=1),
    )  # fmt: skip
    Video.objects.update(state="transcoding", progress=40)

    told = client.get(reverse("videos:states"), {"id": video.pk}).json()["videos"]

    assert told[0]["word"] == "转码中 40% · 约还需 6 分钟"
