"""Journal rows as pages and spreadsheets show them."""

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.wording import full_stamp_text
from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.naming import Names, kind_of, object_names
from lms.journal.words import label_of, sentence_of

# Columns of the spreadsheet, in order.
HEADER = (
    "时间", "操作人", "人员编号", "单位", "职务", "操作", "说明", "对象类型", "对象编号", "涉及的人",
    "结果", "代码", "理由", "来源地址", "日志编号", "摘要",
)  # fmt: skip


def line_facts(entries: Sequence[JournalEntry]) -> list[dict[str, Any]]:
    """Lines of the list: one query for each kind of object on the page."""
    names = object_names(entries)
    return [_line(entry, names) for entry in entries]


def row_facts(entry: JournalEntry, seal: JournalSeal | None) -> dict[str, Any]:
    """Everything of one row, in words."""
    line = _line(entry, object_names([entry]))
    proof = [{"name": _("摘要"), "value": bytes(entry.digest).hex(), "is_hash": True}]
    if seal is not None:
        proof.append({"name": _("封条"), "value": bytes(seal.hash).hex(), "is_hash": True})
    return line | {"facts": _facts(entry, line), "proof": proof, "seal": seal}


def sheet_row(entry: JournalEntry, names: Names) -> list[str]:
    """The row's cells in the order of HEADER."""
    line = _line(entry, names)
    at = timezone.localtime(entry.at)
    return [
        at.isoformat(sep=" ", timespec="seconds"), line["who"],
        entry.actor.staff_number if entry.actor else "", line["unit"],
        entry.posting.title if entry.posting else "", line["label"], line["sentence"],
        kind_of(entry.object_type) if entry.object_type else "", entry.object_id,
        entry.subject.name if entry.subject else "", entry.get_outcome_display(), entry.code,
        entry.reason, entry.address or "", str(entry.pk), bytes(entry.digest).hex(),
    ]  # fmt: skip


def _line(entry: JournalEntry, names: Names) -> dict[str, Any]:
    who = entry.actor.name if entry.actor else ""
    what = names.get((entry.object_type, entry.object_id), "")
    is_refused = entry.outcome == JournalEntry.Outcome.REFUSED
    return {
        "id": entry.pk,
        "at": entry.at,
        "url": reverse("journal:row", args=[entry.pk]),
        "who": who or _("系统"),
        "unit": entry.posting.unit.name if entry.posting else "",
        "what": what,
        "label": label_of(entry.action),
        "sentence": sentence_of(
            entry.action,
            is_refused=is_refused,
            who=who,
            what=what,
            whose=entry.subject.name if entry.subject else "",
            detail=entry.detail,
        ),
        "is_refused": is_refused,
        "reason": entry.reason,
        "address": entry.address or "",
    }


def _facts(entry: JournalEntry, line: dict[str, Any]) -> list[dict[str, Any]]:
    posting = entry.posting
    facts = [
        (_("时间"), full_stamp_text(timezone.localtime(entry.at)) + f":{entry.at:%S}"),
        (_("操作人"), _who(entry)),
        (_("当时任职"), f"{posting.unit.name} {posting.title}".strip() if posting else ""),
        (_("操作"), f"{line['label']}（{entry.action}）"),
        (_("对象"), f"{kind_of(entry.object_type)}：{line['what']}" if line["what"] else ""),
        (_("涉及的人"), entry.subject.name if entry.subject else ""),
        (_("结果"), entry.get_outcome_display() + (f"（{entry.code}）" if entry.code else "")),
        (_("理由"), entry.reason),
        (_("来源地址"), line["address"]),
        (_("附注"), _detail(entry.detail)),
    ]
    return [{"name": name, "value": value} for name, value in facts if value]


def _who(entry: JournalEntry) -> str:
    return f"{entry.actor.name}（{entry.actor.staff_number}）" if entry.actor else _("系统")


def _detail(detail: dict[str, Any]) -> str:
    return _("；").join(
        f"{name}：{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in detail.items()
        if value not in (None, "", [])
    )
