"""Where the people of rosters serve, and rosters as text."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from lms.people.models import Unit
from lms.people.services import add_unit
from tests import world

HEADINGS = ("姓名", "人员编号", "单位编码", "职务层次", "手机号", "身份证号", "邮箱")
Cells = Sequence[Any]


@dataclass(frozen=True)
class Places:
    """Two towns of one county, and a county elsewhere."""

    county: Unit
    town: Unit
    next_town: Unit
    elsewhere: Unit


def made_places() -> Places:
    county = world.county()
    return Places(
        county=county,
        town=world.town(),
        next_town=add_unit(code="331124102", name="古市镇", level="township", parent=county),
        elsewhere=add_unit(code="331122", name="缙云县", level="county", parent=county.parent),
    )


def text_of(rows: Sequence[Cells], headings: Cells = HEADINGS, delimiter: str = ",") -> str:
    file = StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
    return file.getvalue()
