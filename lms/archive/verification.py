"""What is wrong with a package, told from its files alone: no database, no trust in who sealed it."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote

from lms.archive.bag import (
    ALGORITHMS,
    BAGIT_TXT,
    CHUNK_BYTES,
    manifest_line,
    manifest_path,
    tag_manifest_path,
)
from lms.archive.chain import chain_problems

LINE = re.compile(r"([0-9a-f]+)  (\S.*)")
TAG_MANIFESTS = tuple(tag_manifest_path(name) for name in ("sha256", "sha512"))
SM3_TAG_MANIFEST = tag_manifest_path("sm3")
Digests = dict[str, list[str]]


@dataclass(frozen=True)
class Problem:
    code: str
    path: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def verify_bag(path: Path | str) -> list[Problem]:
    """Every changed, added or missing byte of a package, tag files included; empty when it is whole.

    Checks the three manifests, the three tag manifests byte by byte, Payload-Oxum, and that the
    ledger entries inside chain to the heads beside them.
    """
    root = Path(path)
    if not root.is_dir() or root.is_symlink():
        return [Problem("not_a_package", str(path), "这里没有封装包：要给出解开后的文件夹。")]
    sizes, found, problems = _read_everything(root)
    problems += _declaration_problems(root, found)
    payload = {name: digests for name, digests in found.items() if name.startswith("data/")}
    for index, algorithm in enumerate(ALGORITHMS):
        problems += _manifest_problems(root, manifest_path(algorithm), index, payload)
    tags = {
        name: digests
        for name, digests in found.items()
        if not name.startswith("data/") and name not in TAG_MANIFESTS
    }
    for index, algorithm in enumerate(ALGORITHMS):
        problems += _tag_manifest_problems(root, tag_manifest_path(algorithm), index, tags)
    if not problems:
        # Whatever else is wrong changes the totals too; then this would say it twice.
        problems += _oxum_problems(root, [sizes[name] for name in payload])
    problems += [Problem(*broken) for broken in chain_problems(root)]
    return _once_each(problems)


def _once_each(problems: list[Problem]) -> list[Problem]:
    """A changed file differs from three manifests and is still one changed file."""
    known = ("file_changed", "file_added", "file_missing", "tag_file_changed")
    first = {(p.code, p.path): p for p in reversed(problems) if p.code in known}
    return [p for p in problems if p.code not in known or first[p.code, p.path] is p]


def _read_everything(root: Path) -> tuple[dict[str, int], Digests, list[Problem]]:
    sizes: dict[str, int] = {}
    found: Digests = {}
    problems = []
    for name, entry in _files(root, ""):
        mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode):
            problems.append(Problem("not_a_file", name, "包里只能有普通文件，不能有链接。"))
            continue
        sizes[name], found[name] = _digests(Path(entry.path))
    return sizes, found, problems


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield f"{prefix}{entry.name}", entry


def _digests(path: Path) -> tuple[int, list[str]]:
    hashes = [hashlib.new(name) for name in ALGORITHMS]
    size = 0
    with path.open("rb", buffering=0) as file:
        while data := file.read(CHUNK_BYTES):
            size += len(data)
            for hashed in hashes:
                hashed.update(data)
    return size, [hashed.hexdigest() for hashed in hashes]


def _declaration_problems(root: Path, found: Digests) -> list[Problem]:
    if "bagit.txt" not in found or (root / "bagit.txt").read_bytes() != BAGIT_TXT:
        return [Problem("not_a_bag", "bagit.txt", "bagit.txt 缺失或被改动。")]
    return []


def _manifest_problems(root: Path, manifest: str, index: int, payload: Digests) -> list[Problem]:
    """Differences between a payload manifest and the payload."""
    try:
        lines = (root / manifest).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [Problem("manifest_missing", manifest, "校验清单缺失或读不出来。")]
    problems, listed = [], set()
    for line in lines:
        parsed = LINE.fullmatch(line)
        name = unquote(parsed[2]) if parsed else ""
        if parsed is None or name in listed:
            problems.append(
                Problem("manifest_malformed", manifest, f"清单里有读不懂或重复的一行：{line[:80]}")
            )
            continue
        listed.add(name)
        if name not in payload:
            problems.append(Problem("file_missing", name, f"{manifest} 里有，包里没有。"))
        elif payload[name][index] != parsed[1]:
            problems.append(Problem("file_changed", name, f"内容与 {manifest} 不符。"))
    unlisted = sorted(payload.keys() - listed)
    return problems + [
        Problem("file_added", name, f"包里有，{manifest} 里没有。") for name in unlisted
    ]


def _tag_manifest_problems(root: Path, manifest: str, index: int, tags: Digests) -> list[Problem]:
    """A tag manifest has no list above it, so it must be, byte by byte, what its files make it."""
    listed = sorted(name for name in tags if manifest != SM3_TAG_MANIFEST or name != manifest)
    expected = b"".join(manifest_line(tags[name][index], name) for name in listed)
    try:
        written = (root / manifest).read_bytes()
    except OSError:
        return [Problem("manifest_missing", manifest, "标签清单缺失。")]
    if written == expected:
        return []
    differing = set(written.splitlines()) ^ set(expected.splitlines())
    names = sorted({line.decode("utf-8", "replace").partition("  ")[2] for line in differing})
    problems = [Problem("manifest_changed", manifest, "标签清单与标签文件不符。")]
    for name in names:
        if name in tags:
            problems.append(Problem("tag_file_changed", name, f"内容与 {manifest} 不符。"))
        elif name:
            problems.append(Problem("file_missing", name, f"{manifest} 里有，包里没有。"))
    return problems


def _oxum_problems(root: Path, sizes: list[int]) -> list[Problem]:
    expected = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}"
    try:
        lines = (root / "bag-info.txt").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [Problem("file_missing", "bag-info.txt", "bag-info.txt 缺失或读不出来。")]
    if expected not in lines:
        return [
            Problem("oxum_differs", "bag-info.txt", f"文件总数或总字节数不符，应为 {expected}。")
        ]
    return []
