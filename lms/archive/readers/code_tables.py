"""Code tables as CSV: code, name, applies_to (online, in_person or empty), status.

The values of ZB27, ZB29 and ZB30 are not published where we could read them. The tables shipped
here say `placeholder` on every line; a place puts its own folder in their stead.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from lms.archive.rules import IN_PERSON, ONLINE, Codes
from lms.common.errors import Refusal

SHIPPED = Path(__file__).resolve().parent.parent / "code_tables"


class CodeTableUnreadable(Refusal):
    code = "code_table_unreadable"
    sentence = "代码表读不出来：要有 code、name、applies_to、status 四列，每类培训一个代码。"


@dataclass(frozen=True)
class CodeTable:
    name: str
    path: Path
    by_bucket: dict[str, str]
    is_placeholder: bool


def load_code_table(path: Path) -> CodeTable:
    """Read one table. Raises CodeTableUnreadable where a bucket has no code, or two."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        applied = [(row["applies_to"], row["code"]) for row in rows if row["applies_to"]]
        is_placeholder = any(row["status"] == "placeholder" for row in rows)
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise CodeTableUnreadable(f"代码表 {path.name} 读不出来。") from error
    by_bucket = dict(applied)
    if set(by_bucket) != {ONLINE, IN_PERSON} or len(applied) != len(by_bucket):
        raise CodeTableUnreadable(f"代码表 {path.name} 里，每类培训要有且只有一个代码。")
    return CodeTable(path.stem, path, by_bucket, is_placeholder)


def load_codes(folder: Path = SHIPPED) -> tuple[Codes, list[CodeTable]]:
    """ZB29, ZB27 and ZB30 from a folder."""
    category, provider_kind, duty_status = tables = [
        load_code_table(folder / f"{name}.csv") for name in ("ZB29", "ZB27", "ZB30")
    ]
    codes = Codes(category.by_bucket, provider_kind.by_bucket, duty_status.by_bucket)
    return codes, tables
