"""The roster a town handed in, with the mistakes rosters have."""

import csv
from datetime import datetime, timedelta
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile

from lms.people.models import Person, RosterImport
from lms.people.roster.acting import confirm_columns, confirm_import, receive_roster
from lms.people.roster.jobs import run_import

FILE_NAME = "大东坝镇干部名册（2026年11月）.csv"
TITLE = ["大东坝镇干部名册"]
HEADINGS = ["序号", "姓名", "人员编号", "单位编码", "职务层次", "职务", "任职时间", "联系电话"]
TOWN = "331124104"
PEOPLE = (
    ("叶秀珍", "0331124104021", TOWN, "科员", "党政综合办公室干部", "2024.3", "13857800121"),
    ("蓝 伟", "0331124104022", TOWN, "科员", "驻村干部", "2025.9", "13857800122"),
    ("雷建军", "0331124104023", TOWN, "乡科级", "综合行政执法队队长", "2023.6", "13857800123"),
    ("潘晓燕", "0331124104024", TOWN, "科员", "财政所干部", "2022.11", "13857800124"),
    ("徐文斌", "0331124104025", TOWN, "科员", "农业农村办公室干部", "2021.8", "13857800125"),
    ("钟丽芳", "0331124104026", TOWN, "科员", "社会治理办公室干部", "2024.7", "1385780012"),
    ("周国强", "0331124104027", TOWN, "副股级", "村镇建设办公室干部", "2020.5", "13857800127"),
    ("吴海波", "0331124104028", "33112410", "科员", "驻村干部", "2025.3", "13857800128"),
    ("", "0331124104029", TOWN, "科员", "应急管理站干部", "2025.3", "13857800129"),
    ("张春梅", "0331124104030", TOWN, "科员", "党群工作办公室干部", "2019.10", "0578-8062345"),
)


def seed_roster(*, by: Person, at: datetime) -> int:
    """Import the town's file as its administrator would. Returns how many people it brought."""
    if RosterImport.objects.exists():
        return 0
    asked_at = at - timedelta(minutes=1)
    roster = receive_roster(
        file=SimpleUploadedFile(FILE_NAME, _text().encode("gb18030")), by=by, at=asked_at
    )
    confirm_columns(roster=roster, columns=roster.columns, by=by, at=asked_at)
    run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    confirm_import(roster=roster, leave_out_foreign=False, by=by, at=asked_at)
    run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    return roster.created


def _text() -> str:
    file = StringIO(newline="")
    rows = [[str(number), *person] for number, person in enumerate(PEOPLE, start=1)]
    csv.writer(file).writerows([TITLE, HEADINGS, *rows])
    return file.getvalue()
