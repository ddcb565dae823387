"""Readers: in which forms a video can be taken along, what is in a pack, and whose packs are open."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal
from lms.people.models import Person
from media import places, rules
from media.models import OfflinePack, Rendition, Video
from media.offline.playlists import files_named, master_of_one

# The thin rendition, the sound alone, and small pictures in motion.
FORMS = (rules.SLOW, Rendition.AUDIO, "360p")
MASTER = "master.m3u8"
POSTER = "poster.jpg"


class FormUnknown(Refusal):
    code = "form_unknown"
    sentence = gettext_noop("这个视频没有这种离线格式。请刷新页面后重新选择。")


@dataclass(frozen=True)
class Form:
    """One way to take a video along, with everything it takes on the device."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Contents:
    """`files` are names under the signed prefix; `index` is the text of the playlist to play."""

    bytes: int
    files: list[str]
    index: str


def forms_of(video: Video) -> list[Form]:
    """Only what this video has, thinnest first."""
    if video.build is None:
        return []
    sizes = dict(video.renditions.filter(build=video.build).values_list("name", "bytes"))
    sound = sizes.get(Rendition.AUDIO, 0)
    return [
        Form(name, sizes[name] + (0 if name == Rendition.AUDIO else sound))
        for name in FORMS
        if name in sizes
    ]


def contents_of(video: Video, form: str) -> Contents:
    """Raises FormUnknown."""
    sizes = {each.name: each.bytes for each in forms_of(video)}
    if form not in sizes:
        raise FormUnknown
    parts = [form] if form == Rendition.AUDIO or Rendition.AUDIO not in sizes else [form, "audio"]
    lists = {part: _text(video, f"{part}.m3u8") for part in parts}
    files = [name for part, text in lists.items() for name in (f"{part}.m3u8", *files_named(text))]
    alone = form == Rendition.AUDIO
    index = lists[form] if alone else master_of_one(_text(video, MASTER), form)
    return Contents(sizes[form], [POSTER, *files], index)


def open_packs_of(person: Person) -> QuerySet[OfflinePack]:
    """The packs a person has on devices, the newest first."""
    packs = OfflinePack.objects.filter(person=person, given_up_at__isnull=True)
    return packs.select_related("video").order_by("-issued_at")


def _text(video: Video, name: str) -> str:
    assert video.build is not None
    with default_storage.open(places.build_file(video.key, video.build, name)) as file:
        return bytes(file.read()).decode()
