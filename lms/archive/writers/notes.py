"""说明.txt: what is in the package, for a person who has only the package."""

from collections.abc import Mapping

TEXT = """{label}

封装单位：{unit}
截至：{until}（按入账日期）
台账：{entries} 笔，合计 {hours} 学时；{persons} 人
封装包编号：{name}

里面有什么
  a11/a11.csv、a11.xlsx      教育培训信息行（参照 GB/T 14946 A11，字段对照版本 {mapping}）。
                             网络学习每人每年一行，集中培训每人每班一行。
  a11/rounding.csv           每一行的精确合计、进位后的 A1108 和差额。
  a11/corrections.csv        合计小于零的更正。A1108 不能为负，所以单列，不进 A11 行。
  a11/class-four.csv         两个月以上的培训，供档案第四类选用。
  a11/mapping.csv、code-tables/  字段对照和代码表。{placeholder}
  portfolio/                 一人一档，参照 GB/T 38860；身份证号已脱敏。
  ledger/entries.jsonl       台账原文，逐笔。
  ledger/heads.jsonl         每人在本包里的最后一笔和它的散列。
  journal/head.json          申请封装那一刻操作日志的最后一封，verify_journal 用它查日志有没有被截断。
  package.json               本包的条数、学时等，供程序读取。

学时怎么进位
  先把精确学时按人、按班（网络学习按年）合计，再四舍五入保留一位，只进位一次。
  冲销以负数参加合计。超过 999.9 学时的，分成几行，加起来不变。

怎样核对
  1. 任何 BagIt 工具都能核对 sha256 和 sha512；SM3 摘要在 sm3/ 里。
  2. entries.jsonl 每行 "record": 后面的数组，取其原样字节算 sha256，应等于同一行的 "hash"；
     数组第一项是同一个人前一笔的 hash，第一笔之前是 64 个 0。
     数组依次是：{fields}。
"""


def notes_text(summary: Mapping[str, object], *, has_placeholders: bool, fields: str) -> bytes:
    said = "代码表为占位数据，移交前请换成正式代码。" if has_placeholders else ""
    return TEXT.format(**summary, placeholder=said, fields=fields).encode()
