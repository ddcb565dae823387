"""A roster with ten mistakes, and what a hand does with it on the pages."""

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.signing import has_heading, open_room
from tests.rosters import Cells, text_of

HEADINGS = (
    "姓名",
    "工号",
    "单位代码",
    "职务层次",
    "职务",
    "任职时间",
    "手机",
    "身份证号码",
    "邮箱",
)
TOWN, NEXT_TOWN = "331124107", "331124102"
GOOD = [
    ("钟晓玲", "000731", TOWN, "乡科级", "组织委员", "2024-03-01", "13957800731", "", ""),
    ("阿依古丽·买买提", "000732", TOWN, "科员及以下", "", "", "", "", ""),
    ("叶志强", "000733", NEXT_TOWN, "副科", "副镇长", "2025.6", "13957800733", "", ""),
]
# Staff number → the row as it is wrong, what the page says of it, and what mends it.
BAD: dict[str, tuple[Cells, str, tuple[int, str]]] = {
    "000801": (("", "000801", TOWN), "姓名是空的。请填上再导入。", (0, "潘丽萍")),
    "000802": (("<徐志>", "000802", TOWN), "不像一个姓名", (0, "徐志")),
    "000803": (("毛永红", "000803", ""), "单位编码是空的。请填上再导入。", (2, TOWN)),
    "000804": (("包建军", "000804", "331199999"), "没有单位编码 331199999。", (2, NEXT_TOWN)),
    "000805": (("周建平", "000805", TOWN, "大科级"), "认不出职务层次“大科级”", (3, "乡科级")),
    "000806": (("叶丽", "000806", TOWN, "", "", "2024-02-30"), "不是日期", (5, "2024-02-29")),
    "000807": (("刘军", "000807", TOWN, "", "", "", "1395780"), "请写 11 位手机号", (6, "")),
    "000808": (("吴晓芸", "000808", TOWN, "", "", "", "13957800731"), "手机号和第 2 行重复", (6, "13957800808")),
    "000809": (("金萍", "000809", TOWN, "", "", "", "", "110105194912310021"), "最后一位和前面算不上", (7, "11010519491231002X")),
    "000810": (("蓝伟", "000810", TOWN, "", "", "", "", "", "lanwei@"), "邮箱“lanwei@”的格式不对", (8, "lanwei@songyang.example")),
}  # fmt: skip


def roster_file(path: Path, rows: list[Cells]) -> Path:
    path.write_bytes(text_of(rows, HEADINGS).encode("gb18030"))
    return path


def hand_in(page: Page, file: Path) -> None:
    """From the list of people to the preview of what the file would change."""
    open_room(page, "人员")
    page.get_by_role("link", name="导入名册").first.click()
    page.get_by_label("名册文件").set_input_files(file)
    page.get_by_role("button", name="上传名册").click()
    has_heading(page, "请核对每一列是什么")
    expect(page.get_by_text("编码 GB18030，用逗号分隔")).to_be_visible()
    for heading, field in (("工号", "staff_number"), ("单位代码", "unit_code")):
        expect(page.get_by_label(heading)).to_have_value(field)
    page.get_by_role("button", name="按这些列核对").click()
    page.locator("[data-progress-url]").wait_for(state="detached")


def write(page: Page, count: int) -> None:
    page.get_by_role("button", name=f"写入这 {count} 人").click()
    page.locator("[data-progress-url]").wait_for(state="detached")


def mended(rejected: Path) -> Path:
    """The error file with each of its rows put right, as a Chinese spreadsheet program saves it."""
    heading, *rows = csv.reader(rejected.read_text(encoding="utf-8-sig").splitlines())
    for row in rows:
        at, value = BAD[row[1]][2]
        row[at] = value
    file = rejected.with_name("改好的错误清单.csv")
    file.write_bytes(text_of(rows, heading).encode("gb18030"))
    return file
