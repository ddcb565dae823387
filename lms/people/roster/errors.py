"""Why a row or a file is not taken: codes for machines, Chinese sentences for people."""

from lms.common.errors import Refusal
from lms.people.roster.columns import LABELS
from lms.people.roster.rules import Problem

# Row by row. {value} is what the cell says, {column} the column's name, {other} another row, or what
# the value became.
SENTENCES = {
    "empty": "{column}是空的。请填上再导入。",
    "too_long": "{column}太长了（{value}）。请改短再导入。",
    "character_refused": "{column}里有看不见或损坏的字符（{value}）。请把这一格重新打一遍。",
    "digits_lost": "{column}在表格里存成了数字，后面几位已经丢失。把这一列设成文本格式，再重新填写。",
    "zeros_lost": "人员编号 {value} 在表格里是数字，前面的零可能丢了：平台里有一位编号只差前面的零。把这一列设成文本格式，写全编号。",
    "bad_name": "姓名“{value}”不像一个姓名。姓名以文字开头，不含符号。",
    "bad_code": "{column}“{value}”里有不能用的字符。只写字母、数字和短横线。",
    "reserved_number": "“{value}”是平台自己用的词，不能当人员编号。请换一个编号。",
    "post_level_unknown": "认不出职务层次“{value}”。请写：县处级、乡科级，或科员及以下。",
    "bad_phone": "手机号“{value}”不对。请写 11 位手机号，不写座机。",
    "bad_email": "邮箱“{value}”的格式不对。请核对后再导入。",
    "bad_id_number": "身份证号要 18 位，其中出生日期要存在。请核对后再导入。",
    "bad_id_checksum": "身份证号的最后一位和前面算不上，多半有一位写错了。请核对证件。",
    "bad_date": "{column}“{value}”不是日期。请写成 2026-03-01 这样。",
    "date_out_of_range": "{column}“{value}”要在 1950 年以后、今天以前。",
    "duplicate_staff_number": "人员编号 {value} 和第 {other} 行重复。请核对是谁的编号，只留一行。",
    "duplicate_id_number": "身份证号和第 {other} 行重复。请核对后再导入。",
    "duplicate_phone": "手机号和第 {other} 行重复。手机号用来登录，不能两人共用。",
    "duplicate_email": "邮箱和第 {other} 行重复。邮箱用来登录，不能两人共用。",
    "id_number_taken": "这个身份证号已经属于另一个人员编号。同一个人请用原来的编号；确有两个编号，请系统管理员合并。",
    "phone_taken": "这个手机号已经有人在用。手机号用来登录，请核对。",
    "email_taken": "这个邮箱已经有人在用。邮箱用来登录，请核对。",
    "unit_unknown": "没有单位编码 {value}。请核对编码，或请系统管理员先建这个单位。",
    "unit_closed": "单位 {value} 已经并入{other}，不再用了。请把这一行改成现在的单位编码再导入。",
    "person_merged": "人员编号 {value} 已经并入 {other}，两个编号是同一个人。请改用 {other} 再导入。",
    "unit_elsewhere": "单位 {value} 不归你管理。请把这一行交给那个单位导入。",
    "person_elsewhere": "编号 {value} 的人不在你管理的单位，不能由你修改或调入。请联系对方单位或上级单位办理。",
    "contact_protected": "这个人担任或即将担任管理角色，手机号、邮箱和身份证号不能在这里改。请维护服务器的人用导入命令修改。",
    "from_date_too_early": "任职时间“{value}”不晚于现在这段任职的开始。过去的任职不改，请核对日期。",
    "role_asked": "“{column}”这一列要求设角色。名册不能授权，整个文件没有导入。删掉这一列，角色请在授权页面办理。",
    "delete_asked": "“{column}”这一列要求删除。名册不能删人，整个文件没有导入。删掉这一列再试。",
    "account_asked": "“{column}”这一列要求改账号。名册不管密码和启用，整个文件没有导入。删掉这一列再试。",
}  # fmt: skip
# One such row and nothing of the file is written (security 1).
ASKS_TOO_MUCH = ("role_asked", "delete_asked", "account_asked")
FOREIGN = ("unit_elsewhere", "person_elsewhere")

FILE_SENTENCES = {
    "empty_file": "文件是空的。请重新保存名册再传。",
    "file_too_large": "文件超过 {limit} MB。请拆成几个文件，分几次导入。",
    "unpacked_too_large": "这个工作簿展开以后大得不像名册。请新建一个工作簿，只粘贴名册的内容。",
    "too_many_rows": "名册超过 {limit} 行。请拆成几个文件，分几次导入。",
    "too_many_columns": "名册超过 {limit} 列。请删掉不需要的列再传。",
    "no_rows": "标题行下面没有人员。请填好再传。",
    "name_refused": "只收 .xlsx 和 .csv 文件。请在表格软件里另存为其中一种再传。",
    "html_inside": "文件名是表格，里面其实是网页。请在表格软件里打开，另存为 .xlsx 再传。",
    "old_workbook": "这是旧版 .xls，或者加了密码。请去掉密码，另存为 .xlsx 再传。",
    "macro_file": "工作簿里带有宏。请另存为不带宏的 .xlsx 再传。",
    "not_a_workbook": "文件名是 .xlsx，里面不是工作簿，或者已经损坏。请重新保存再传。",
    "not_a_table": "文件名是 .csv，里面不是文字表格。请在表格软件里另存为 .csv 或 .xlsx 再传。",
    "reader_stopped": "文件没有读完就停下了：内容太大或有意做坏。请新建一个工作簿，只粘贴名册的内容。",
    "columns_missing": "没有找到这些列：{columns}。请看标题行写对没有，再传一次。",
    "rows_foreign": "有 {count} 行是别的单位的人，整个文件没有导入。去掉这几行再导入。",
    "nothing_asked": "没有可以导入的行。请按错误清单改好再传。",
}  # fmt: skip


class RosterRefused(Refusal):
    """A file that is not taken; the code is a key of `FILE_SENTENCES` or of `ASKS_TOO_MUCH`.

    `rejected`: the rows it is refused for, as `{"row", "column", "code", "message"}`; may be empty.
    """

    def __init__(
        self, code: str, *, rejected: list[dict[str, object]] | None = None, **values: object
    ) -> None:
        sentences = FILE_SENTENCES if code in FILE_SENTENCES else SENTENCES
        super().__init__(sentences[code].format(**values), code=code)
        self.rejected = rejected or []


def label(column: str) -> str:
    """A field's label; a heading of the file stays as it is."""
    return LABELS.get(column, column)


def sentence(problem: Problem, *, other: int | str = "") -> str:
    return SENTENCES[problem.code].format(
        column=label(problem.column), value=problem.value or "空", other=other
    )
