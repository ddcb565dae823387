"""The captions editor through the real address tree, as a plain form."""

import pytest
from django.urls import reverse

from lms.common.clock import database_now
from media import services
from media.models import CaptionDraft, CaptionTrack, Video

pytestmark = pytest.mark.django_db
SRT = "1\n00:00:01,000 --> 00:00:03,000\n<第一条>\n".encode()


@pytest.fixture
def track(video) -> CaptionTrack:
    return services.save_captions(
        video=video, data=SRT, language="zh-Hans", label="中文", by=None, at=database_now()
    )


def address(video: Video, name: str = "captions", *more: str, language: str = "zh-Hans") -> str:
    return reverse(f"videos:{name}", args=[video.pk, language, *more])


def post(client, video: Video, text: str, seen: str = "", do: str = "save", **fields):
    return client.post(address(video), {"cues": text, "seen": seen, "do": do, **fields})


def test_the_editor_opens_with_what_is_saved(client, author, video, track):
    page = client.get(address(video)).content.decode()

    assert "00:00:01.000 --&gt; 00:00:03.000\n" in page
    assert f'name="seen" value="{track.digest}"' in page


def test_a_language_without_captions_starts_empty(client, author, video):
    page = client.get(address(video, language="en")).content.decode()

    assert 'name="seen" value=""' in page
    assert "英文字幕" in page


@pytest.mark.parametrize("language", ["fr", "1"])
def test_other_languages_are_not_found(client, author, video, language):
    assert client.get(address(video, language=language)).status_code == 404


def test_an_edit_is_saved_as_one_set(client, author, video, track):
    text = "00:01 --> 00:02\n甲\n\n00:02 --> 00:04\n乙 & <丙>"

    answer = post(client, video, text, track.digest)

    assert answer.status_code == 302
    assert video.captions.get().cues == [[1.0, 2.0, "甲"], [2.0, 4.0, "乙 & <丙>"]]


def test_faults_are_told_and_nothing_typed_is_lost(client, author, video, track):
    answer = post(client, video, "00:03 --> 00:02\n甲改过", track.digest)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 1 条的结束 00:00:02.000 不晚于开始 00:00:03.000" in page
    assert "cue_backward" in page
    assert "甲改过" in page
    assert video.captions.get().cues == [[1.0, 3.0, "<第一条>"]]


def test_what_another_saved_is_overwritten_only_on_demand(client, author, video, track):
    post(client, video, "00:01 --> 00:02\n对方的", track.digest)

    refused = post(client, video, "00:01 --> 00:02\n我的", track.digest)

    page = refused.content.decode()
    now = video.captions.get()
    assert (refused.status_code, now.cues[0][2]) == (409, "对方的")
    assert "captions_changed" in page
    assert "我的" in page
    assert f'name="seen_now" value="{now.digest}"' in page
    post(client, video, "00:01 --> 00:02\n我的", track.digest, "overwrite", seen_now=now.digest)
    assert video.captions.get().cues[0][2] == "我的"


def test_captions_deleted_meanwhile_are_saved_anew_on_demand(client, author, video, track):
    track.delete()

    refused = post(client, video, "00:01 --> 00:02\n我的", track.digest)
    post(client, video, "00:01 --> 00:02\n我的", track.digest, "overwrite", seen_now="-")

    assert 'name="seen_now" value="-"' in refused.content.decode()
    assert video.captions.get().cues[0][2] == "我的"


def test_all_is_shifted_without_being_saved(client, author, video, track):
    page = post(client, video, "00:01 --> 00:02\n甲", track.digest, "shift", shift="1.5")

    assert "00:00:02.500 --&gt; 00:00:03.500" in page.content.decode()
    assert video.captions.get().cues == [[1.0, 3.0, "<第一条>"]]


@pytest.mark.parametrize(
    ("text", "shift", "code"),
    [
        ("00:01 --> 00:02\n甲", "-2", "captions_shift_before_start"),
        ("00:01 --> 00:02\n甲", "7", "captions_shift_beyond_end"),
        ("00:01 --> 00:02\n甲", "一秒", "shift_unreadable"),
        ("00:01 --> 00:02\n甲", "nan", "shift_unreadable"),
        ("一点 --> 00:02\n甲", "1", "cue_time_unreadable"),
    ],
)
def test_a_shift_that_cannot_be_says_why(client, author, video, text, shift, code):
    answer = post(client, video, text, do="shift", shift=shift)

    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_a_transcript_is_offered_for_review_and_not_saved(client, author, video):
    answer = client.post(address(video, "captions_transcript"), {"transcript": "甲\n[00:04] 乙"})

    page = answer.content.decode()
    assert "文稿排成了 2 条" in page
    assert "00:00:04.000 --&gt; 00:00:08.000\n乙" in page
    assert not video.captions.exists()


def test_an_empty_transcript_says_so(client, author, video):
    answer = client.post(address(video, "captions_transcript"), {"transcript": " "})

    assert answer.status_code == 422
    assert "transcript_empty" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "starts"), [("srt", "1\n00:00:01,000 --> 00:00:03,000\n<第一条>\n"), ("vtt", "WEBVTT")]
)
def test_captions_are_downloaded(client, author, video, track, kind, starts):
    answer = client.get(address(video, "captions_file", kind))

    assert answer.content.decode().startswith(starts)
    assert f'.zh-Hans.{kind}"' in answer["Content-Disposition"]


def test_what_is_not_there_is_not_downloaded(client, author, video, track):
    assert client.get(address(video, "captions_file", "ass")).status_code == 404
    assert client.get(address(video, "captions_file", "srt", language="en")).status_code == 404


def test_what_was_heard_waits_for_review(client, author, video, track):
    CaptionDraft.objects.create(
        video=video, language="zh-Hans", state="ready", cues=[[1, 2, "听到的"]],
        requested_at=database_now(),
    )  # fmt: skip

    assert "语音识别好了，1 条" in client.get(address(video)).content.decode()
    page = client.get(address(video), {"draft": "1"}).content.decode()
    assert "听到的" in page
    assert f'name="seen" value="{track.digest}"' in page


def test_listening_is_offered_only_where_configured(client, author, video, settings):
    assert "让机器听写" not in client.get(address(video)).content.decode()
    answer = client.post(address(video, "captions_recognise"), follow=True)
    assert "没有配置语音识别" in answer.content.decode()

    settings.SPEECH_RECOGNISER = "media.recognition.WhisperCpp"
    Video.objects.filter(pk=video.pk).update(build="00000000-0000-4000-8000-000000000001")
    client.post(address(video, "captions_recognise"))

    assert CaptionDraft.objects.get().state == "waiting"
    assert "正在识别" in client.get(address(video)).content.decode()


@pytest.mark.parametrize(
    ("name", "more"),
    [("captions", []), ("captions_file", ["srt"]), ("captions_transcript", []),
     ("captions_recognise", [])],
)  # fmt: skip
def test_captions_of_a_foreign_video_are_not_found(client, author, foreign_video, name, more):
    asked = address(foreign_video, name, *more)

    answers = {client.get(asked).status_code, client.post(asked, {"cues": "x"}).status_code}

    assert answers <= {404, 405}
