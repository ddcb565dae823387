"""Fragments into the store, and the playlist that names them."""

from collections.abc import Sequence
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from media.live import masters, places, timeline
from media.live.places import INDEX, INIT, SLOW, THIN
from media.live.services import go_live, set_length
from media.live.timeline import Fragment, TakeFragments
from media.models import Livestream, Take


def publish_fragments(*, take: Take) -> int:
    """Store what ffmpeg has finished since the last call and name it. Returns how many fragments of the
    encoder's that are.

    The fragment first, then the row, then the playlist: nothing points to what is not there, and a
    call that was cut off is finished by the next.
    """
    is_first = not take.fragments
    new = _stored(take, "", known=len(take.fragments))
    thin = {name: _stored(take, name, known=len(take.thin.get(name, []))) for name in THIN}
    if not new and not any(thin.values()):
        return 0
    take.fragments += new
    forms = set(take.thin)
    take.thin |= {
        name: take.thin.get(name, []) + fragments for name, fragments in thin.items() if fragments
    }
    Take.objects.filter(pk=take.pk).update(fragments=take.fragments, thin=take.thin)
    write_playlist(livestream=take.livestream)
    if is_first and new:
        go_live(take=take)
    # The master when there is more to choose from; the sound alone is no choice yet.
    if SLOW in take.thin and forms != set(take.thin):
        _replace(
            places.stored(take.livestream, places.MASTER), masters.master_of(take=take).encode()
        )
    return len(new)


def _stored(take: Take, thin: str, *, known: int) -> list[list]:
    """What has been stored now: `[[name, seconds], …]`."""
    folder = places.take_folder(take.key) / thin
    try:
        listed = timeline.fragments_listed((folder / INDEX).read_text())
    except FileNotFoundError:
        return []
    new = listed[known:]
    if new and not known:
        _store(take, folder / INIT, thin)
    for fragment in new:
        _store(take, folder / fragment.name, thin)
    return [[fragment.name, fragment.seconds] for fragment in new]


def write_playlist(*, livestream: Livestream) -> float:
    """Put the playlists in place as far as the lecture is, and return its seconds.

    Once the lecture is over its length is set, too.
    """
    rows = list(livestream.takes.order_by("number"))
    takes = [_fragments_of(take) for take in rows]
    seconds = timeline.seconds_of(takes)
    is_over = Livestream.objects.filter(pk=livestream.pk, ended_at__isnull=False).exists()
    forms = {"": takes}
    forms |= {thin: _thinned(rows, thin) for thin in THIN if any(thin in row.thin for row in rows)}
    for thin, form in forms.items():
        text = timeline.live_playlist(form, is_over=is_over)
        _replace(places.stored(livestream, places.playlist_name(thin)), text.encode())
    if is_over:
        with transaction.atomic():
            set_length(livestream=livestream, seconds=int(seconds))
    return seconds


def takes_of(livestream: Livestream) -> Sequence[TakeFragments]:
    """What each take has brought so far, under its names in the store."""
    return [_fragments_of(take) for take in livestream.takes.order_by("number")]


def _thinned(rows: Sequence[Take], thin: str) -> list[TakeFragments]:
    return [
        part
        for take in rows
        for part in timeline.thinned(
            _fragments_of(take), _fragments_of(take, thin), is_open=take.ended_at is None
        )
    ]


def _fragments_of(take: Take, thin: str = "") -> TakeFragments:
    return TakeFragments(
        init=places.fragment_name(take, INIT, thin=thin),
        fragments=tuple(
            Fragment(places.fragment_name(take, name, thin=thin), seconds)
            for name, seconds in (take.thin.get(thin, []) if thin else take.fragments)
        ),
    )


def _store(take: Take, path: Path, thin: str) -> None:
    name = places.stored(take.livestream, places.fragment_name(take, path.name, thin=thin))
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
