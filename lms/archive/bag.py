"""A streaming BagIt 1.0 writer (RFC 8493): every byte is hashed once, while it is written.

SM3 is not among the algorithms other tools know, so its digests are tag files of their own in
`sm3/`, covered by the tag manifests like any other. A bag grows under a hidden name beside its
target and gets the final name only when it is complete and on disk.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType

ALGORITHMS = ("sha256", "sha512", "sm3")
BAGIT_TXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
CHUNK_BYTES = 256 * 1024
LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class UnsafePath(ValueError):
    """A path that would leave the bag or could not be written in a manifest."""


class HashingFile:
    """Append-only file with its three digests and its size."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        self._hashes = [hashlib.new(name) for name in ALGORITHMS]
        self._buffer = bytearray()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= CHUNK_BYTES:
            self._flush()
        return len(data)

    def close(self) -> None:
        if self._descriptor >= 0:
            self._flush()
            os.close(self._descriptor)
            self._descriptor = -1

    def digests(self) -> list[str]:
        return [hashed.hexdigest() for hashed in self._hashes]

    def _flush(self) -> None:
        data = bytes(self._buffer)
        self._buffer.clear()
        for hashed in self._hashes:
            hashed.update(data)
        self.bytes += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]


def manifest_path(algorithm: str) -> str:
    return "sm3/manifest-sm3.txt" if algorithm == "sm3" else f"manifest-{algorithm}.txt"


def tag_manifest_path(algorithm: str) -> str:
    return "sm3/tagmanifest-sm3.txt" if algorithm == "sm3" else f"tagmanifest-{algorithm}.txt"


def manifest_line(digest: str, path: str) -> bytes:
    """RFC 8493 2.1.3: line breaks and % in a path are percent-encoded."""
    escaped = path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"{digest}  {escaped}\n".encode()


class BagWriter:
    """Use as a context: leaving it without `seal` removes what was written.

    >>> with BagWriter(target) as bag:
    ...     bag.add("package.json", b"{}")
    ...     bag.seal({"Source-Organization": "松阳县"})
    """

    def __init__(self, target: Path, *, attempt: int = 1) -> None:
        self.target = target
        self.folder = target.parent / f".{target.name}.{attempt}.part"
        self._payload_bytes = 0
        self._payload_files = 0
        self._tags: list[tuple[str, list[str]]] = []
        self._folders: set[Path] = set()
        self.digest = ""

    def __enter__(self) -> "BagWriter":
        self.target.parent.mkdir(parents=True, exist_ok=True)
        remove_parts(self.target)
        self._make(self.folder / "data")
        self._make(self.folder / "sm3")
        self._manifests = [HashingFile(self.folder / manifest_path(name)) for name in ALGORITHMS]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for manifest in self._manifests:
            manifest.close()
        if not self.digest:
            shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, path: str, data: bytes) -> None:
        """A whole payload file at once; `path` is relative to data/."""
        with self.open(path) as file:
            file.write(data)

    @contextmanager
    def open(self, path: str) -> Iterator[HashingFile]:
        """A payload file to stream into; it enters the manifests when it closes."""
        inside = f"data/{checked(path)}"
        target = self.folder / inside
        self._make(target.parent)
        file = HashingFile(target)
        try:
            yield file
        finally:
            file.close()
        self._payload_bytes += file.bytes
        self._payload_files += 1
        for manifest, digest in zip(self._manifests, file.digests(), strict=True):
            manifest.write(manifest_line(digest, inside))

    def seal(self, info: Mapping[str, object]) -> str:
        """Write the tag files, flush to disk, take the final name. Returns the bag's digest.

        The digest is the sha256 of tagmanifest-sha256.txt, which covers every other byte. Raises
        FileExistsError where the final name is taken.
        """
        for algorithm, manifest in zip(ALGORITHMS, self._manifests, strict=True):
            manifest.close()
            self._tags.append((manifest_path(algorithm), manifest.digests()))
        self._add_tag("bagit.txt", BAGIT_TXT)
        oxum = {"Payload-Oxum": f"{self._payload_bytes}.{self._payload_files}"}
        self._add_tag("bag-info.txt", info_text({**info, **oxum}))
        self._tags.sort()
        # sm3's list of tag files is a tag file itself and comes first: the others cover it.
        for index in (2, 0, 1):
            path = tag_manifest_path(ALGORITHMS[index])
            listed = b"".join(manifest_line(found[index], name) for name, found in self._tags)
            self._add_tag(path, listed, is_listed=ALGORITHMS[index] == "sm3")
        sync(self.folder)
        if self.target.exists():
            raise FileExistsError(self.target)
        self.folder.rename(self.target)
        sync_folder(self.target.parent)
        self.digest = digest_of_bag(self.target)
        return self.digest

    def _add_tag(self, path: str, data: bytes, *, is_listed: bool = True) -> None:
        file = HashingFile(self.folder / path)
        file.write(data)
        file.close()
        if is_listed:
            self._tags.append((path, file.digests()))
            self._tags.sort()

    def _make(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


def checked(path: str) -> str:
    """The path itself. Raises UnsafePath for what could leave the bag or confuse a tool."""
    parts = PurePosixPath(path).parts
    is_plain = path == "/".join(parts) and ".." not in parts and not path.startswith(("/", "~"))
    if not parts or not is_plain or "\\" in path or ":" in path or not path.isprintable():
        raise UnsafePath(path)
    return path


def info_text(info: Mapping[str, object]) -> bytes:
    """bag-info.txt: one line a label, so a value cannot add a line of its own."""
    lines = [f"{label}: {LINE_BREAKS.sub(' ', str(value))}\n" for label, value in info.items()]
    return "".join(lines).encode()


def digest_of_bag(folder: Path) -> str:
    return hashlib.sha256((folder / tag_manifest_path("sha256")).read_bytes()).hexdigest()


def payload_oxum(folder: Path) -> tuple[int, int]:
    """Bytes and files of the payload, as bag-info.txt says."""
    for line in (folder / "bag-info.txt").read_text("utf-8").splitlines():
        label, _colon, value = line.partition(": ")
        if label == "Payload-Oxum":
            size, _dot, files = value.partition(".")
            return int(size), int(files)
    raise ValueError(f"no Payload-Oxum in {folder.name}")


def remove_parts(target: Path) -> None:
    """Sweep what killed attempts left behind."""
    for left in target.parent.glob(f".{target.name}.*.part"):
        shutil.rmtree(left, ignore_errors=True)


def sync(folder: Path) -> None:
    """Everything below `folder` to disk: one flush instead of one for each of 80,000 small files."""
    os.sync()
    for path, _folders, _files in os.walk(folder):
        sync_folder(Path(path))


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
