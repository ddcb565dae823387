"""A video's state in words, the same on every staff page and in the JSON they poll."""

from typing import Any

from django.utils.translation import gettext as _

from media.models import Video

UNFINISHED = (Video.State.QUEUED, Video.State.TRANSCODING)
# Wagtail's status tags, and the colour of ours beside a word.
TONES = {
    Video.State.LIVE: "info",
    Video.State.QUEUED: "mute",
    Video.State.TRANSCODING: "info",
    Video.State.READY: "ok",
    Video.State.FAILED: "bad",
}


def state_facts(video: Video, wait: str = "") -> dict[str, Any]:
    """`wait` is of `media.waits`: how long it still takes."""
    says_why = video.state in (Video.State.FAILED, Video.State.QUEUED)
    return {
        "id": video.pk,
        "state": video.state,
        "tone": TONES[Video.State(video.state)],
        "word": " · ".join(filter(None, [state_word(video), wait])),
        "progress": video.progress,
        "is_finished": video.state not in UNFINISHED,
        "sentence": video.failure_sentence if says_why else "",
        "waits_for_room": is_without_room(video),
        "label": labelled(video),
    }


def state_word(video: Video) -> str:
    word = str(Video.State(video.state).label)
    if is_without_room(video):
        return _("排队中（等空间）")
    if video.state == Video.State.TRANSCODING:
        return _("%(word)s %(percent)d%%") % {"word": word, "percent": video.progress}
    return word


def is_without_room(video: Video) -> bool:
    return video.state == Video.State.QUEUED and video.failure_code == "no_space"


def labelled(video: Video) -> str:
    """The title, with the state while there is something to know about it."""
    if video.state == Video.State.READY:
        return video.title
    return _("%(title)s（%(state)s）") % {"title": video.title, "state": state_word(video)}


def length_words(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock
