"""A folder as one streamed ZIP, kept neither in memory nor on disk, and the way back."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

READ_BYTES = 256 * 1024


class _Outlet:
    """What a ZipFile writes to: collects bytes until they are taken. It cannot seek, and says so."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        return None

    def take(self) -> bytes:
        data = bytes(self._waiting)
        self._waiting.clear()
        return data


def zip_stream(folder: Path, *, at: datetime) -> Iterator[bytes]:
    """Every file below `folder`, in order of its path, inside one folder of that name."""
    outlet = _Outlet()
    with zipfile.ZipFile(
        cast(IO[bytes], outlet), "w", zipfile.ZIP_DEFLATED, compresslevel=1
    ) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            member = zipfile.ZipInfo(name, at.timetuple()[:6])
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o640 << 16
            with path.open("rb") as file, packed.open(member, "w", force_zip64=True) as inside:
                while data := file.read(READ_BYTES):
                    inside.write(data)
                    if ready := outlet.take():
                        yield ready
            yield outlet.take()
    yield outlet.take()


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The package folder at `path`, or inside the ZIP at `path` as downloaded.

    A ZIP is unpacked beside nothing of ours and thrown away; `zipfile` keeps members that name a
    place outside from leaving the folder. A ZIP without exactly one folder is given as it is, for
    the verification to find fault with.
    """
    if not (path.is_file() and zipfile.is_zipfile(path)):
        yield path
        return
    with TemporaryDirectory(prefix="qiangji-package-") as place:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(place)
        inside = list(Path(place).iterdir())
        yield inside[0] if len(inside) == 1 else Path(place)
