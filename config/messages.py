"""The message catalogues: python -m config.messages [--check]

Message ids are Chinese (ADR 0008), so only English has a catalogue. Babel reads Python; Django turns
its templates into something Babel can read. The GNU gettext tools are not needed.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
CATALOGUE = BASE_DIR / "lms" / "locale" / "en" / "LC_MESSAGES" / "django.po"
# The demo's own texts are data in Chinese, not the product's words.
SOURCES = ("lms", "courses", "media", "config/settings")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def messages_in_code() -> Catalog:
    """Every message of our Python and our templates."""
    found = Catalog()
    for path, source in _sources():
        lines = BytesIO(source.encode())
        for line, text, _comments, context in extract("python", lines, KEYWORDS):
            ids = text if isinstance(text, tuple) else (text,)
            ids = tuple(one for one in ids if one)
            if ids:
                found.add(
                    ids if len(ids) > 1 else ids[0], locations=[(path, line)], context=context
                )
    return found


def english() -> Catalog:
    with CATALOGUE.open("rb") as stored:
        return read_po(stored, locale="en", domain="django")


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages without an English text, or with one nobody has confirmed."""
    return [m for m in catalogue if m.id and (m.fuzzy or not all(_texts(m)))]


def updated() -> Catalog:
    """The English catalogue with the messages the code has now; translations are kept."""
    catalogue = english()
    created = catalogue.creation_date
    catalogue.update(messages_in_code(), no_fuzzy_matching=True)
    catalogue.creation_date = created  # or every run would be a change
    catalogue.obsolete.clear()
    return catalogue


def write(catalogue: Catalog) -> None:
    with CATALOGUE.open("wb") as stored:
        write_po(stored, catalogue, width=100, sort_by_file=True, include_lineno=False)


def _texts(message: Message) -> tuple[str, ...]:
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(text)


def _sources() -> Iterator[tuple[str, str]]:
    for folder in SOURCES:
        for path in sorted((BASE_DIR / folder).rglob("*")):
            name, is_ours = str(path.relative_to(BASE_DIR)), "migrations" not in path.parts
            if path.suffix == ".py" and is_ours:
                yield name, path.read_text(encoding="utf-8")
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                yield name, _as_python(path.read_text(encoding="utf-8"), name)


def _as_python(template: str, name: str) -> str:
    # Indentation carries no meaning in a template, and Python's tokenizer would stumble over it.
    return "\n".join(line.strip() for line in templatize(template, origin=name).split("\n"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.messages")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is missing")
    options = parser.parse_args()
    catalogue = updated()
    if not options.check:
        write(catalogue)
    missing = untranslated(catalogue)
    for message in missing:
        places = ", ".join(sorted({place for place, _line in message.locations}))
        print(f"{message.id}    ({places})")
    print(f"{len(catalogue)} messages, {len(missing)} without an English text", file=sys.stderr)
    return 1 if missing and options.check else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    sys.exit(main())
