"""Fragments into the store, and the playlist that names them."""

from collections.abc import Sequence
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from media.live import places, timeline
from media.live.services import go_live, set_length
from media.live.timeline import Fragment, TakeFragments
from media.models import Livestream, Take

INDEX, INIT = "index.m3u8", "init.mp4"


def publish_fragments(*, take: Take) -> int:
    """Store what ffmpeg has finished since the last call and name it. Returns how many fragments.

    The fragment first, then the row, then the playlist: nothing points to what is not there, and a
    call that was cut off is finished by the next.
    """
    folder = places.take_folder(take.key)
    try:
        listed = timeline.fragments_listed((folder / INDEX).read_text())
    except FileNotFoundError:
        return 0
    new = listed[len(take.fragments) :]
    if not new:
        return 0
    is_first = not take.fragments
    if is_first:
        _store(take, folder / INIT)
    for fragment in new:
        _store(take, folder / fragment.name)
    take.fragments += [[f.name, f.seconds] for f in new]
    Take.objects.filter(pk=take.pk).update(fragments=take.fragments)
    write_playlist(livestream=take.livestream)
    if is_first:
        go_live(take=take)
    return len(new)


def write_playlist(*, livestream: Livestream) -> float:
    """Put the playlist in place as far as the lecture is, and return its seconds.

    Once the lecture is over its length is set, too.
    """
    takes = takes_of(livestream)
    seconds = timeline.seconds_of(takes)
    is_over = Livestream.objects.filter(pk=livestream.pk, ended_at__isnull=False).exists()
    text = timeline.live_playlist(takes, is_over=is_over)
    _replace(places.stored(livestream, places.PLAYLIST), text.encode())
    if is_over:
        with transaction.atomic():
            set_length(livestream=livestream, seconds=int(seconds))
    return seconds


def takes_of(livestream: Livestream) -> Sequence[TakeFragments]:
    """What each take has brought so far, under its names in the store."""
    return [
        TakeFragments(
            init=places.fragment_name(take, INIT),
            fragments=tuple(
                Fragment(places.fragment_name(take, name), seconds)
                for name, seconds in take.fragments
            ),
        )
        for take in livestream.takes.order_by("number")
    ]


def _store(take: Take, path: Path) -> None:
    name = places.stored(take.livestream, places.fragment_name(take, path.name))
    if not default_storage.exists(name):
        with path.open("rb") as file:
            default_storage.save(name, File(file))


def _replace(name: str, data: bytes) -> None:
    """A storage has no rename: on a disk the new text takes the old one's place at once."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(data))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)
