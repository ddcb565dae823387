"""Speech to captions, with a program that stands in for whisper.cpp at the outer edge."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import recognising, recognition
from media.models import CaptionDraft, TranscodeJob, Video
from tests import world
from tests.media import clips
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db
HEARD = "1\\n00:00:00,000 --> 00:00:02,500\\n 各位同志\\n\\n2\\n00:00:07,000 --> 00:00:11,000\\n 散会\\n"


def fake_program(folder: Path, *, says: str = HEARD, status: int = 0) -> Path:
    """Takes whisper.cpp's arguments, reads model and sound, writes what it is told to have heard.

    A shell of its own lies beside it: the jail lets a program start nothing from elsewhere.
    """
    folder.mkdir()
    shutil.copy("/bin/sh", folder / "sh")
    script = folder / "whisper-cli"
    script.write_text(
        f"""#!{folder}/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -m) model=$2; shift ;;
    -l) language=$2; shift ;;
    -f) sound=$2; shift ;;
    -of) out=$2; shift ;;
  esac
  shift
done
read -r magic < "$model"
IFS= read -r riff < "$sound"
case "$riff" in RIFF*) ;; *) exit 3 ;; esac
[ "$magic" = ggml ] && [ "$language" = zh ] || exit 4
printf '{says}' > "$out.srt"
exit {status}
"""
    )
    script.chmod(0o755)
    return script


@pytest.fixture
def whisper(settings, tmp_path) -> Path:
    settings.SPEECH_RECOGNISER = "media.recognition.WhisperCpp"
    settings.WHISPER_PROGRAM = str(fake_program(tmp_path / "whisper"))
    model = tmp_path / "ggml-small.bin"
    model.write_text("ggml\n")
    settings.WHISPER_MODEL = str(model)
    return model


@pytest.fixture
def video(uploads, short_film) -> Video:
    made = make_video(short_film, world.town())
    TranscodeJob.objects.filter(video=made).update(state=TranscodeJob.State.DONE)
    Video.objects.filter(pk=made.pk).update(
        state=Video.State.READY, build="00000000-0000-4000-8000-000000000001"
    )
    made.refresh_from_db()
    return made


def ask(video: Video) -> None:
    recognising.ask_to_recognise(video=video, language="zh-Hans", by=None, at=database_now())


def listen(video: Video) -> bool:
    return recognising.recognise_video(video_id=video.pk, language="zh-Hans")


def test_the_program_is_run_on_the_sound_and_its_cues_are_read(whisper, short_film):
    cues = recognition.configured_recogniser().transcribe(short_film, "zh-Hans")

    assert cues == [(0.0, 2.5, "各位同志"), (7.0, 11.0, "散会")]


def test_what_was_heard_is_kept_for_review_inside_the_video_and_not_saved(whisper, video):
    ask(video)

    assert listen(video)

    draft = CaptionDraft.objects.get()
    assert (draft.state, draft.cues) == ("ready", [[0.0, 2.5, "各位同志"], [7.0, 8, "散会"]])
    assert not video.captions.exists()
    assert listen(video) is False
    assert JournalEntry.objects.filter(action="video.recognised").count() == 1


def test_none_is_configured_by_default(video, settings):
    assert settings.SPEECH_RECOGNISER == ""
    with pytest.raises(recognition.RecognitionRefused, match="没有配置语音识别") as caught:
        ask(video)
    assert caught.value.code == "recogniser_missing"


def test_a_video_without_sound_is_not_listened_to(whisper, video):
    video.has_audio = False

    with pytest.raises(recognition.RecognitionRefused, match="有声音") as caught:
        ask(video)

    assert caught.value.code == "recognition_needs_sound"


def test_one_listens_at_a_time(whisper, video):
    ask(video)

    with pytest.raises(recognition.RecognitionRefused, match="已经在识别") as caught:
        ask(video)

    assert caught.value.code == "recognition_busy"


@pytest.mark.parametrize(
    ("program", "code", "sentence"),
    [
        ({"status": 1}, "recognition_failed", "识别程序出错退出"),
        ({"says": ""}, "captions_unreadable", "读不出字幕"),
    ],
)
def test_a_program_that_fails_is_told_with_a_code_and_a_sentence(
    whisper, video, settings, tmp_path, program, code, sentence
):
    settings.WHISPER_PROGRAM = str(fake_program(tmp_path / "broken", **program))
    ask(video)

    assert not listen(video)

    draft = CaptionDraft.objects.get()
    assert (draft.state, draft.failure_code) == ("failed", code)
    assert sentence in draft.failure_sentence
    assert JournalEntry.objects.get(action="video.recognised").outcome == "refused"


def test_a_missing_program_is_said(whisper, video, settings):
    settings.WHISPER_PROGRAM = "/nowhere/whisper-cli"
    ask(video)
    listen(video)

    assert CaptionDraft.objects.get().failure_code == "recogniser_not_found"


def test_a_film_without_sound_is_said(whisper, tmp_path):
    silent = clips.film(tmp_path / "silent.mp4", seconds=2, sound=False)

    with pytest.raises(recognition.RecognitionRefused, match="取不出视频里的声音") as caught:
        recognition.configured_recogniser().transcribe(silent, "zh-Hans")

    assert caught.value.code == "recognition_no_sound"


def test_a_lost_message_is_offered_again_and_a_lost_worker_given_up(whisper, video):
    ask(video)
    at = database_now()
    assert recognising.stale_drafts(at=at) == []
    assert recognising.stale_drafts(at=at + timedelta(minutes=5)) == [(video.pk, "zh-Hans")]

    for _attempt in range(2):
        recognising.claim(video_id=video.pk, language="zh-Hans", at=at)
        CaptionDraft.objects.update(lease_until=at - timedelta(seconds=1))

    assert recognising.stale_drafts(at=at) == []
    assert CaptionDraft.objects.get().failure_code == "recognition_worker_lost"
