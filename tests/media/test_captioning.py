"""Two editors never overwrite each other without knowing."""

import pytest
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import captioning, places
from media.cue_edits import EditRefused, read_edited
from media.models import CaptionDraft, CaptionTrack, Video
from tests import world

pytestmark = pytest.mark.django_db
ONE = "00:01.000 --> 00:02.000\n第一条"
TWO = "00:01.000 --> 00:03.000\n改过的"


@pytest.fixture
def video(uploads) -> Video:
    return Video.objects.create(
        title="第一讲", owner_unit=world.town(), created_at=database_now(), duration_seconds=60
    )


def save(video: Video, text: str, *, seen: str = "", language: str = "zh-Hans") -> CaptionTrack:
    return captioning.save_edited(
        video=video, language=language, label="中文", edited=read_edited(text, seconds=60),
        seen=seen, by=None, at=database_now(),
    )  # fmt: skip


def test_the_first_captions_are_kept_with_their_file_and_journalled(video):
    track = save(video, ONE)

    assert (track.cues, track.is_default) == ([(1.0, 2.0, "第一条")], True)
    assert default_storage.exists(places.captions_file(video.key, track.digest))
    assert JournalEntry.objects.get(action="video.captions").detail["edited"] is True


def test_a_second_language_is_not_the_default(video):
    save(video, ONE)

    assert save(video, ONE, language="en").is_default is False


def test_captions_are_changed_by_whoever_has_seen_the_latest(video):
    first = save(video, ONE)
    second = save(video, TWO, seen=first.digest)

    assert video.captions.get().cues == [[1.0, 3.0, "改过的"]]
    assert second.digest != first.digest


@pytest.mark.parametrize("seen", ["", "0123456789abcdef"])
def test_captions_saved_meanwhile_are_not_overwritten(video, seen):
    save(video, ONE)

    with pytest.raises(captioning.CaptionsChanged, match="有人存过这条字幕") as caught:
        save(video, TWO, seen=seen)

    assert (caught.value.code, caught.value.status) == ("captions_changed", 409)
    assert video.captions.get().cues == [[1.0, 2.0, "第一条"]]


def test_captions_deleted_meanwhile_are_not_brought_back(video):
    digest = save(video, ONE).digest
    video.captions.all().delete()

    with pytest.raises(captioning.CaptionsChanged):
        save(video, TWO, seen=digest)


def test_nothing_and_faults_are_not_saved(video):
    with pytest.raises(captioning.CaptionsEmpty, match="一条字幕也没有"):
        save(video, " ")
    with pytest.raises(EditRefused, match="第 1 条没有文字"):
        save(video, "00:01 --> 00:02\n")

    assert not video.captions.exists()


def test_what_a_program_heard_is_done_with_once_saved(video):
    CaptionDraft.objects.create(
        video=video, language="zh-Hans", state="ready", cues=[[1, 2, "听"]],
        requested_at=database_now(),
    )  # fmt: skip

    save(video, ONE)

    assert not CaptionDraft.objects.exists()
