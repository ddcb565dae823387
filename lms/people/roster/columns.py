"""Which column of a file is which: headings are matched tolerantly. Plain Python."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Field → (label, names it goes by). Labels are the columns of the machine interface.
LABELS = {
    "name": "姓名",
    "staff_number": "人员编号",
    "unit_code": "单位编码",
    "post_level": "职务层次",
    "phone": "手机号",
    "id_number": "身份证号",
    "email": "邮箱",
    "title": "职务",
    "rank": "职级",
    "from_date": "任职时间",
}
REQUIRED = ("name", "staff_number", "unit_code")
NAMES = {
    "name": "姓名 名字 中文名 中文姓名 name fullname",
    "staff_number": "人员编号 人员编码 人员代码 人员号 工号 员工号 员工编号 干部编号 干部编码 职工号"
    " 职工编号 学员编号 编号 staffnumber staffno staffid employeeid employeenumber",
    "unit_code": "单位编码 单位代码 单位编号 单位号 机构编码 机构代码 组织编码 组织代码 部门编码"
    " 部门代码 所在单位编码 所在单位代码 任职单位编码 任职单位代码 unitcode orgcode unit",
    "post_level": "职务层次 职务级别 职务层级 干部层次 干部级别 层次 级别 postlevel level",
    "phone": "手机号 手机号码 手机 移动电话 联系电话 联系方式 联系手机 电话 电话号码 手机电话"
    " phone mobile tel cellphone",
    "id_number": "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 居民身份证号 居民身份证号码"
    " 证件号 证件号码 idnumber idcard",
    "email": "邮箱 电子邮箱 邮箱地址 电子邮件 电子邮件地址 邮件 邮件地址 email mail emailaddress",
    "title": "职务 现任职务 职务名称 岗位 岗位名称 职位 任职 title position",
    "rank": "职级 现任职级 公务员职级 rank",
    "from_date": "任职时间 任职日期 任现职时间 任现职日期 任职起 任职开始时间 任职起始时间 到任时间 fromdate",
}
# Words people put before a heading without meaning anything else.
PREFIXES = ("干部", "员工", "职工", "学员", "人员", "本人", "现", "所在", "所属", "任职")
# A roster gives nobody a role, deletes nobody and switches no account (security 1, 2).
FORBIDDEN = {
    "role_asked": "角色 角色名称 系统角色 用户角色 权限 权限组 授权 管理员 是否管理员 管理权限 用户组"
    " role roles permission permissions group groups issuperuser isstaff isadmin admin",
    "delete_asked": "删除 是否删除 删除标志 删除标记 操作 操作类型 动作 delete deleted isdeleted action operation",
    "account_asked": "密码 初始密码 登录密码 口令 启用 停用 是否启用 是否停用 账号状态 帐号状态"
    " password isactive active enabled",
}
DELETE_WORDS = frozenset({"删除", "移除", "注销", "delete", "remove"})
HEADING_WITHIN = 20  # rows from the top in which the heading may be
LONGEST_HEADING = 60

_NOTE = re.compile(r"[(\[【〔{〈《].*?[)\]】〕}〉》]")
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff*#:;.,、。_\-/\\\"'“”‘’!?·]+")


def _index(names: Mapping[str, str]) -> dict[str, str]:
    return {name: key for key, words in names.items() for name in words.split()}


FIELD_OF = _index(NAMES)
FORBIDDEN_OF = _index(FORBIDDEN)


@dataclass(frozen=True)
class Heading:
    """The heading row of a file: its number, its texts, and what each column is taken for."""

    row: int
    texts: tuple[str, ...]
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        return [LABELS[name] for name in REQUIRED if name not in self.columns]

    @property
    def forbidden(self) -> dict[int, str]:
        """Index of a column no roster has → why it is refused."""
        found = {at: forbidden_code(text) for at, text in enumerate(self.texts)}
        return {at: code for at, code in found.items() if code}


def plain(heading: str) -> str:
    """A heading without width, case, spaces, marks and notes in brackets."""
    text = unicodedata.normalize("NFKC", heading[:500]).lower()
    return _NOISE.sub("", _NOTE.sub("", text))


def field_of(heading: str) -> str | None:
    """The field a heading means, None where it means nothing of ours."""
    text = plain(heading)
    if text in FIELD_OF:
        return FIELD_OF[text]
    for prefix in PREFIXES:
        if text.startswith(prefix) and text.removeprefix(prefix) in FIELD_OF:
            return FIELD_OF[text.removeprefix(prefix)]
    return None


def forbidden_code(heading: str) -> str | None:
    return FORBIDDEN_OF.get(plain(heading))


def matched(texts: Sequence[str]) -> dict[str, int]:
    """Field → column. The first column of a field counts; an exact label goes before a synonym."""
    found: dict[str, int] = {}
    for at, text in enumerate(texts):
        name = field_of(text)
        if name is None:
            continue
        held = found.get(name)
        is_exact = plain(text) == LABELS[name]
        if held is None or (is_exact and plain(texts[held]) != LABELS[name]):
            found[name] = at
    return found


def find_heading(rows: Sequence[tuple[int, Sequence[str]]]) -> Heading:
    """The row of the first twenty that names most of our columns; title rows go before it.

    Where no row names any, the first row with words in it is taken, and the page asks.
    """
    best: Heading | None = None
    for number, cells in rows[:HEADING_WITHIN]:
        texts = tuple(heading_text(cell) for cell in cells)
        columns = matched(texts)
        if any(texts) and (best is None or len(columns) > len(best.columns)):
            best = Heading(number, texts, columns)
    return best or Heading(0, ())


def heading_text(cell: str) -> str:
    """As it is shown: one line, no marks that turn text around."""
    text = "".join(c for c in cell if c.isprintable() or c.isspace())
    return " ".join(text.split())[:LONGEST_HEADING]
