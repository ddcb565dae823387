"""What one A11 row is and how exact hours become A1108. Plain Python.

Modelled on the A11 set (教育培训信息) of GB/T 14946 as fielded systems carry it; identifiers changed
between editions, so every package names the mapping version. Dates are ISO text, hours are decimals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MAPPING_VERSION = "A11-GBT14946-fielded-1"
PORTFOLIO_STANDARD = "参照 GB/T 38860 学习档案元数据，第 1 版"

ONLINE, IN_PERSON = "online", "in_person"
ONE_DECIMAL = Decimal("0.1")
A1108_MAX = Decimal("999.9")  # A1108 holds four characters
CLASS_FOUR_MONTHS = 2  # personnel-archive class 4 takes training of two months or more

# Code of the column → what it holds. The first three identify the person.
COLUMNS: dict[str, str] = {
    "人员编号": "人员编号",
    "姓名": "姓名",
    "身份证号": "身份证号（脱敏）",
    "A1131": "培训班名称",
    "A1101": "培训类别（ZB29）",
    "A1107": "起始时间",
    "A1111": "结束时间",
    "A1107A": "培训时长：月",
    "A1107B": "培训时长：天",
    "A1107C": "培训时长：合计天数",
    "A1108": "学时",
    "A1114": "主办单位",
    "A1121A": "培训机构名称",
    "A1127": "培训机构类别（ZB27）",
    "A1104": "离岗状态（ZB30）",
    "A1151": "出国（境）培训标识",
    "映射版本": "字段对照版本",
}


@dataclass(frozen=True)
class Codes:
    """Codes of ZB29, ZB27 and ZB30 by bucket."""

    category: Mapping[str, str]
    provider_kind: Mapping[str, str]
    duty_status: Mapping[str, str]


@dataclass(frozen=True)
class Learner:
    """Whom a row is about. The ID number is already masked."""

    staff_number: str
    name: str
    masked_id_number: str


@dataclass(slots=True)
class Training:
    """Exact sum of one person's hours in one class, or of one year's online learning."""

    bucket: str
    year: int
    name: str
    hours: Decimal = Decimal(0)
    entries: int = 0
    first_day: str = ""
    last_day: str = ""
    days: set[str] = field(default_factory=set)
    details: Mapping[str, Any] = field(default_factory=dict)

    def add(self, hours: Decimal, happened_on: str, details: Mapping[str, Any]) -> None:
        """Count one ledger entry; a reversal comes with negative hours and nets out."""
        self.hours += hours
        self.entries += 1
        self.days.add(happened_on)
        if not self.details:
            self.details = details
        start, end = details.get("starts_on") or happened_on, details.get("ends_on") or happened_on
        if not self.first_day or start < self.first_day:
            self.first_day = start
        if end > self.last_day:
            self.last_day = end


@dataclass(frozen=True)
class Rounding:
    """How an exact sum became A1108. `became`: a11, correction (sum below zero) or nothing."""

    exact: Decimal
    rounded: Decimal
    became: str

    @property
    def difference(self) -> Decimal:
        return self.rounded - self.exact


Trainings = dict[tuple[str, int, str], Training]


def count_entry(
    trainings: Trainings,
    *,
    bucket: str,
    hours: Decimal,
    title: str,
    happened_on: str,
    evidence: Mapping[str, Any],
) -> None:
    """Add an entry to its group. Of a reversal give the title and evidence of what it reverses."""
    year = int(happened_on[:4])
    name = f"{year}年度干部网络学习" if bucket == ONLINE else title
    which = "" if bucket == ONLINE else str(evidence.get("class_key") or title)
    training = trainings.get((bucket, year, which))
    if training is None:
        training = trainings[(bucket, year, which)] = Training(bucket, year, name)
    training.add(hours, happened_on, evidence)


def rounding_of(exact: Decimal) -> Rounding:
    """Half up to one decimal, once, after summing. A sum below zero becomes a correction."""
    rounded = exact.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
    became = "a11" if exact > 0 else "correction" if exact < 0 else "nothing"
    return Rounding(exact, rounded, became)


def a1108_parts(rounded: Decimal) -> list[Decimal]:
    """The figure itself, or, above 999.9, several that fit the field and add up to it."""
    parts = []
    while rounded > A1108_MAX:
        parts.append(A1108_MAX)
        rounded -= A1108_MAX
    return [*parts, rounded]


def duration(training: Training) -> tuple[int, int, int]:
    """Months, days beyond them, and days in all.

    Online learning is not continuous: it lasts the days on which something was learnt.
    """
    if training.bucket == ONLINE:
        return 0, len(training.days), len(training.days)
    start, end = date.fromisoformat(training.first_day), date.fromisoformat(training.last_day)
    total = (end - start).days + 1
    after = date.fromordinal(end.toordinal() + 1)
    months = (after.year - start.year) * 12 + after.month - start.month - (after.day < start.day)
    rest = total if months == 0 else (after - _months_after(start, months)).days
    return months, rest, total


def is_class_four(training: Training) -> bool:
    return training.bucket == IN_PERSON and duration(training)[0] >= CLASS_FOUR_MONTHS


def a11_rows(
    training: Training, *, learner: Learner, codes: Codes, host_unit: str
) -> list[list[str]]:
    """Rows in the order of COLUMNS; none where the sum is not above zero."""
    rounding = rounding_of(training.hours)
    if rounding.became != "a11":
        return []
    parts = a1108_parts(rounding.rounded)
    months, days, total = duration(training)
    details, bucket = training.details, training.bucket
    host = str(details.get("host_unit") or host_unit)
    rows = []
    for number, part in enumerate(parts, start=1):
        name = training.name if len(parts) == 1 else f"{training.name}（{number}/{len(parts)}）"
        rows.append([
            learner.staff_number, learner.name, learner.masked_id_number,
            name, codes.category[bucket],
            training.first_day.replace("-", ""), training.last_day.replace("-", ""),
            str(months), str(days), str(total), f"{part:.1f}",
            host, str(details.get("provider") or host), codes.provider_kind[bucket],
            codes.duty_status[bucket], "1" if details.get("is_abroad") else "0", MAPPING_VERSION,
        ])  # fmt: skip
    return rows


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(start.day, (following - first).days))
