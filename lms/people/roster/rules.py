"""What a roster's cells may hold. Plain Python: cells in, values and problems out."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

Cell = str | int | float | bool
LONGEST_CELL = 500
LIMITS = {"name": 60, "staff_number": 32, "unit_code": 32, "title": 120, "rank": 40, "email": 254}
# A spreadsheet's number holds fifteen digits; what comes after is invented.
EXACT_UP_TO = 10**15
FIRST_DAY = date(1950, 1, 1)
PREFIXED = tuple("=+-@")

COUNTY, TOWNSHIP, STAFF = "county_level", "township_level", "staff"
POST_LEVELS = {
    COUNTY: "县处级 县处级正职 县处级副职 正处级 副处级 正处 副处 处级 正县级 副县级 正县 副县 县级 county_level",
    TOWNSHIP: "乡科级 乡科级正职 乡科级副职 正科级 副科级 正科 副科 科级 正乡级 副乡级 正科职 副科职 township_level",
    STAFF: "科员及以下 科员 办事员 股级 正股级 副股级 一级科员 二级科员 一般干部 其他 试用期 试用期人员 staff",
}
LEVEL_OF = {word: level for level, words in POST_LEVELS.items() for word in words.split()}

# Control characters, marks that turn text around, halves of characters, damage.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffd-\uffff]|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3}"
)
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BETWEEN_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff]) +(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
_DOTS = re.compile("[•‧∙・･．●]")
# Letters of any script; old systems keep rare characters in the private area.
_NAME = re.compile(r"(?:[^\W\d_]|[\ue000-\uf8ff])(?:\w|[\ue000-\uf8ff·.'’()（）\- ])*")
_CODE = re.compile(r"\w[\w.\-]*")  # no stroke: a staff number is part of an address
RESERVED = frozenset({"me", "roles", "units", "import", "merge", "activation", "corrections"})
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&*+/=?^_`{|}~'-]+(\.[A-Za-z0-9!#$%&*+/=?^_`{|}~'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")  # fmt: skip
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_DATE = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|(\d{2})(\d{2})?)(?:[ T]0{1,2}:0{2}(?::0{2})?)?", re.ASCII)  # fmt: skip


class Wrong(Exception):
    """A cell that cannot be taken; the code is a key of `errors.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Problem(NamedTuple):
    """What is wrong with a row: the field (or heading), a code, and the value for the sentence."""

    column: str
    code: str
    value: str = ""


@dataclass
class Row:
    """One row as it is staged. None: the file says nothing, what is known stays."""

    number: int
    name: str | None = None
    staff_number: str | None = None
    unit_code: str | None = None
    post_level: str | None = None
    title: str | None = None
    rank: str | None = None
    from_date: date | None = None
    phone: str | None = None
    id_number: str | None = None
    email: str | None = None
    is_number: bool = False  # the staff number was a number cell: its zeros may be gone
    problems: list[Problem] = field(default_factory=list)


def checked_row(
    number: int, cells: Sequence[Cell], *, columns: Mapping[str, int], today: date
) -> Row:
    """Read the mapped cells of one row; every problem is kept, not only the first."""
    row = Row(number)
    for name, at in columns.items():
        cell = cells[at] if at < len(cells) else ""
        try:
            value = value_of(name, cell)
            if isinstance(value, date) and not FIRST_DAY <= value <= today:
                raise Wrong("date_out_of_range")
            setattr(row, name, value)
        except Wrong as wrong:
            row.problems.append(Problem(name, wrong.code, shown(cell)))
    place = columns.get("staff_number", len(cells))
    row.is_number = place < len(cells) and isinstance(cells[place], int | float)
    return row


def value_of(name: str, cell: Cell) -> "str | date | None":
    """The value of a field, None when empty. Raises Wrong."""
    text = clean(text_of(cell))
    if not text:
        if name in ("name", "staff_number", "unit_code"):
            raise Wrong("empty")
        return None
    value = READERS[name](text)
    if isinstance(value, str) and len(value) > LIMITS.get(name, LONGEST_CELL):
        raise Wrong("too_long")
    return value


def text_of(cell: Cell) -> str:
    """6.0 → "6": a number cell shows its whole number. Raises Wrong where digits were lost."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if not abs(cell) < EXACT_UP_TO:  # infinity and what is no number, too
        raise Wrong("digits_lost")
    return str(int(cell)) if cell == int(cell) else repr(cell)


def clean(text: str) -> str:
    """One line without what cannot be seen. Raises Wrong for what no name or code holds."""
    if len(text) > LONGEST_CELL:
        raise Wrong("too_long")
    if _REFUSED.search(text):
        raise Wrong("character_refused")
    if text[:1] == "'" and text[1:2] in PREFIXED:
        text = text[1:]  # the error file's own mark against formulas
    return " ".join(_INVISIBLE.sub("", text).split())


def shown(cell: Cell) -> str:
    """A cell as a sentence may quote it: short, and nothing in it that a database refuses."""
    text = cell if isinstance(cell, str) else repr(cell)
    text = _REFUSED.sub("\u25a1", text[:LONGEST_CELL])
    return text if len(text) <= 40 else f"{text[:40]}…"


def read_name(text: str) -> str:
    """张 三 → 张三; the dot of 阿依古丽·买买提 is always the same."""
    name = _BETWEEN_HAN.sub("", _DOTS.sub("·", unicodedata.normalize("NFC", text)))
    if not _NAME.fullmatch(name):
        raise Wrong("bad_name")
    return name


def read_staff_number(text: str) -> str:
    """Like a code, and no word that has an address of its own beside people's numbers."""
    number = read_code(text)
    if number.lower() in RESERVED:
        raise Wrong("reserved_number")
    return number


def read_code(text: str) -> str:
    code = compact(text)
    if not _CODE.fullmatch(code):
        raise Wrong("bad_code")
    return code


def read_text(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def read_post_level(text: str) -> str:
    level = LEVEL_OF.get(compact(text).lower())
    if level is None:
        raise Wrong("post_level_unknown")
    return level


def read_phone(text: str) -> str:
    phone = compact(text).replace("-", "")
    phone = re.sub(r"^(\+|00)86|^86(?=1\d{10}$)", "", phone)
    if not _PHONE.fullmatch(phone):
        raise Wrong("bad_phone")
    return phone


def read_email(text: str) -> str:
    email = compact(text)
    if len(email) > LIMITS["email"]:
        raise Wrong("too_long")
    if not _EMAIL.fullmatch(email):
        raise Wrong("bad_email")
    before, _, domain = email.rpartition("@")
    return f"{before}@{domain.lower()}"


def read_id_number(text: str) -> str:
    number = compact(text).upper()
    if (
        not _ID_NUMBER.fullmatch(number)
        or day_of(number[6:10], number[10:12], number[12:14]) is None
    ):
        raise Wrong("bad_id_number")
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != number[17]:
        raise Wrong("bad_id_checksum")
    return number


def read_date(text: str) -> date:
    """2024-03-01, 2024.3, 2024年3月1日, 20240301, 202403 (the first of the month)."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise Wrong("bad_date")
    year, month, day, short_month, short_day = found.groups()
    read = day_of(year, month or short_month, day or short_day or "1")
    if read is None:
        raise Wrong("bad_date")
    return read


def day_of(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def compact(text: str) -> str:
    """Full-width to half-width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


READERS: dict[str, Callable[[str], str | date]] = {
    "name": read_name,
    "staff_number": read_staff_number,
    "unit_code": read_code,
    "post_level": read_post_level,
    "title": read_text,
    "rank": read_text,
    "from_date": read_date,
    "phone": read_phone,
    "id_number": read_id_number,
    "email": read_email,
}
