"""One person, one file: a learner portfolio modelled on GB/T 38860, as canonical JSON (RFC 8785)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from lms.archive.rules import COLUMNS, PORTFOLIO_STANDARD, Learner

# For text, whole numbers and ASCII-or-CJK keys sorted output is RFC 8785, thirty times faster than
# rfc8785.dumps; a test holds the two against each other.
canonical = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class Dossier:
    """What is known about the person beside the training rows.

    `accounts` holds the staff number of each account whose chain is in the package, where accounts
    were merged into the person.
    """

    person_id: int
    learner: Learner
    unit: str
    title: str
    created_at: datetime
    accounts: Mapping[int, str] = field(default_factory=dict)

    def account(self, person_id: int) -> str:
        return self.accounts.get(person_id, self.learner.staff_number)


def portfolio_path(person_id: int) -> str:
    """Made of the number alone: nothing a person typed becomes part of a path."""
    return f"portfolio/{person_id // 1000:05d}/{person_id:08d}.json"


def portfolio_bytes(
    dossier: Dossier,
    *,
    rows: list[list[str]],
    hours: Mapping[str, str],
    chains: Mapping[int, Mapping[str, object]],
    updated_at: datetime,
) -> bytes:
    """rows in the order of COLUMNS; hours are exact sums by bucket; chains by account."""
    learner = dossier.learner
    others = {
        dossier.account(account): dict(chain)
        for account, chain in chains.items()
        if account != dossier.person_id
    }
    return canonical(
        {
            "标准版本": PORTFOLIO_STANDARD,
            "档案编号": f"QJ-{dossier.person_id:08d}",
            "学员信息": {
                "人员编号": learner.staff_number,
                "姓名": learner.name,
                "身份证号": learner.masked_id_number,
                "单位": dossier.unit,
                "职务": dossier.title,
            },
            "建档时间": dossier.created_at.isoformat(timespec="seconds"),
            "更新时间": updated_at.isoformat(timespec="seconds"),
            "培训记录": [dict(zip(COLUMNS, row, strict=True)) for row in rows],
            "本包学时": dict(hours),
            "台账链": dict(chains.get(dossier.person_id, {})),
            **({"并入账号的台账链": others} if others else {}),
        }
    )
