"""The six course packages of the demo, read from `content/`. Plain data; nothing is stored here."""

import re
import tomllib
import uuid
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from config.demo.lectures import Lecture

CONTENT = Path(__file__).with_name("content")
# Keys are named, not drawn, so that every seeded site carries the same ones.
NAMES = uuid.UUID("6f1f3e0a-5d0c-4a53-9d43-3f1ad9b1c0de")
ROW = re.compile(r"^\|(.+)\|$")
RULE = re.compile(r"^\|[\s:|-]+\|$")


@dataclass(frozen=True)
class Unit:
    """A video unit has a lecture, a reading unit a body in rich text."""

    key: uuid.UUID
    kind: str
    title: str
    lecture: Lecture | None
    body: str


@dataclass(frozen=True)
class Package:
    key: uuid.UUID
    slug: str
    facts: dict[str, Any]
    objectives: str
    units: tuple[Unit, ...]


@cache
def packages() -> tuple[Package, ...]:
    return tuple(_package(folder) for folder in sorted(CONTENT.iterdir()) if folder.is_dir())


def key_of(*names: str) -> uuid.UUID:
    return uuid.uuid5(NAMES, "/".join(names))


def _package(folder: Path) -> Package:
    facts = tomllib.loads((folder / "package.toml").read_text(encoding="utf-8"))
    slug, units, aims = facts.pop("slug"), facts.pop("units"), facts.pop("objectives")
    lecturer = f"{facts['lecturer_post'].split()[0]}　{facts['lecturer_name']}"
    return Package(
        key=key_of(slug),
        slug=slug,
        facts=facts,
        objectives="\n".join(aims),
        units=tuple(_unit(unit, folder=folder, slug=slug, lecturer=lecturer) for unit in units),
    )


def _unit(unit: dict[str, Any], *, folder: Path, slug: str, lecturer: str) -> Unit:
    lecture, body = None, ""
    if unit["kind"] == "video":
        lecture = Lecture(
            key=f"{slug}-{unit['key']}",
            title=unit["title"],
            lecturer=lecturer,
            slides=tuple(unit["slides"]),
            height=unit.get("height", 720),
        )
    else:
        body = rich_text((folder / unit["file"]).read_text(encoding="utf-8"))
    return Unit(key_of(slug, unit["key"]), unit["kind"], unit["title"], lecture, body)


def rich_text(markdown: str) -> str:
    """The few marks our readings use, as the rich text the admin's editor keeps when it saves.

    The editor knows no tables, so a row becomes a list item: first cell, then label and value.
    """
    return "".join(_block(block.split("\n")) for block in re.split(r"\n\s*\n", markdown.strip()))


def _block(lines: list[str]) -> str:
    first = lines[0]
    if first.startswith("#"):
        marks, _, words = first.partition(" ")
        rest = _block(lines[1:]) if lines[1:] else ""
        return f"<h{len(marks) + 1}>{_inline(words)}</h{len(marks) + 1}>{rest}"
    if ROW.match(first):
        return _table([line for line in lines if not RULE.match(line)])
    if first.startswith("> "):
        words = "<br/>".join(_inline(line.removeprefix(">").strip()) for line in lines)
        return f"<blockquote>{words}</blockquote>"
    if first.startswith("- "):
        return f"<ul>{_items(lines)}</ul>"
    if re.match(r"\d+\. ", first):
        return f"<ol>{_items(lines)}</ol>"
    return f"<p>{_inline(''.join(lines))}</p>"


def _items(lines: list[str]) -> str:
    return "".join(f"<li>{_inline(re.sub(r'^(- |[0-9]+[.] )', '', line))}</li>" for line in lines)


def _table(rows: list[str]) -> str:
    head, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return f"<ul>{''.join(_row(head, cells) for cells in body)}</ul>"


def _row(head: list[str], cells: list[str]) -> str:
    said = [
        f"{_inline(label)}：{_inline(cell)}"
        for label, cell in zip(head[1:], cells[1:], strict=True)
        if cell
    ]
    return f"<li><b>{_inline(cells[0])}</b>{'。' if said else ''}{'；'.join(said)}</li>"


def _inline(words: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(words, quote=False))
