"""Imports as their pages show them: plain dictionaries after the contract in the templates."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.people.models import Person, Posting, RosterImport
from lms.people.roster.columns import REQUIRED, forbidden_code
from lms.people.roster.jobs import COMPARED_PERCENT, RUNNING, STAGED_PERCENT
from lms.people.roster.spreadsheets import REASONS

State = RosterImport.State
WORDS = {
    "name": gettext_lazy("姓名"),
    "staff_number": gettext_lazy("人员编号"),
    "unit_code": gettext_lazy("单位编码"),
    "post_level": gettext_lazy("职务层次"),
    "phone": gettext_lazy("手机号"),
    "id_number": gettext_lazy("身份证号"),
    "email": gettext_lazy("邮箱"),
    "title": gettext_lazy("职务"),
    "rank": gettext_lazy("职级"),
    "from_date": gettext_lazy("任职时间"),
}
CHIPS = {
    State.MAPPING: ("info", "pen"),
    State.CHECKING: ("info", "refresh"),
    State.PREVIEW: ("warn", "alert"),
    State.WRITING: ("info", "refresh"),
    State.DONE: ("ok", "check"),
    State.REFUSED: ("bad", "x"),
    State.CANCELLED: ("mute", "x"),
}


def import_facts(roster: RosterImport, *, person: Person) -> dict[str, Any]:
    """An import of the list and of its own page."""
    chip_kind, chip_icon = CHIPS[State(roster.state)]
    return {
        "pk": roster.pk,
        "file_name": roster.file_name,
        "file_bytes": roster.file_bytes,
        "created_at": roster.created_at,
        "created_by": roster.created_by.name if roster.created_by else _("系统"),
        "unit": roster.unit.name if roster.unit else "",
        "state": roster.state,
        "state_word": roster.get_state_display(),
        "chip_kind": chip_kind,
        "chip_icon": chip_icon,
        "is_running": roster.state in RUNNING,
        "is_mine": roster.created_by_id == person.pk,
        "may_cancel": roster.state in (State.MAPPING, State.CHECKING, State.PREVIEW),
        "is_changed_since": roster.failure_code == "plan_changed",
        "url": reverse("people:import", args=[roster.pk]),
        "rows": roster.rows,
        "created": roster.created,
        "updated": roster.updated,
        "unchanged": roster.unchanged,
        "rejected": roster.rejected,
        "foreign": roster.foreign,
        "to_write": roster.created + roster.updated,
        "failure_code": roster.failure_code,
        "failure_sentence": roster.failure_sentence,
        "finished_at": roster.finished_at,
        "is_purged": roster.purged_at is not None,
        "kept_until": roster.created_at + timedelta(days=settings.QIANGJI["ROSTER_KEPT_DAYS"]),
    }


def layout_sentence(roster: RosterImport) -> str:
    """How the file was read, so that a wrong guess is seen."""
    layout = roster.layout
    if layout.get("format") == "csv":
        delimiters = {",": _("逗号"), ";": _("分号"), "\t": _("制表符")}
        return _("文字表格，编码 %(encoding)s，用%(delimiter)s分隔，标题在第 %(row)s 行。") % {
            "encoding": layout.get("encoding", ""),
            "delimiter": delimiters.get(layout.get("delimiter", ","), ""),
            "row": roster.heading_row,
        }
    sentence = _("工作表「%(sheet)s」，标题在第 %(row)s 行。") % {
        "sheet": layout.get("sheet", ""),
        "row": roster.heading_row,
    }
    return sentence + (_("其他工作表不读。") if layout.get("other_sheets") else "")


def column_rows(roster: RosterImport) -> list[dict[str, Any]]:
    """Each column of the file: its heading, a few values, and what it is taken for.

    Those an error file adds are left out: nobody has to judge what we wrote ourselves.
    """
    taken = {at: name for name, at in roster.columns.items()}
    rows = []
    for at, heading in enumerate(roster.headings):
        if heading in REASONS and at not in taken:
            continue
        values = [cells[at] for cells in roster.examples if at < len(cells) and cells[at]]
        rows.append(
            {
                "name": f"column-{at}",
                "heading": heading or _("（没有标题）"),
                "examples": "、".join(values),
                "is_forbidden": bool(forbidden_code(heading)),
                "taken": taken.get(at, ""),
            }
        )
    return rows


def has_own_columns(roster: RosterImport) -> bool:
    """Whether the file is an error file that came back."""
    return any(heading in REASONS for heading in roster.headings)


def field_choices() -> list[dict[str, Any]]:
    return [
        {"value": name, "label": word, "is_required": name in REQUIRED}
        for name, word in WORDS.items()
    ]


def missing_columns(roster: RosterImport) -> list[str]:
    return [str(WORDS[name]) for name in REQUIRED if name not in roster.columns]


def preview_facts(roster: RosterImport) -> dict[str, Any]:
    """The figures behind the preview, and changes to look at."""
    summary = roster.summary
    return {
        "transferred": summary.get("transferred", 0),
        "renamed": summary.get("renamed", 0),
        "contacts": summary.get("contacts", 0),
        "samples": [_sample(sample) for sample in summary.get("samples", [])],
    }


def progress_facts(roster: RosterImport, *, at: datetime) -> dict[str, Any]:
    """What the page asks for while an import runs. Any state but "running" makes it load again."""
    return {
        "state": "running" if roster.state in RUNNING else roster.state,
        "progress": roster.progress,
        "sentence": progress_sentence(roster, at=at),
    }


def progress_sentence(roster: RosterImport, *, at: datetime) -> str:
    if roster.lease_until is None or roster.lease_until < at:
        return _("排队等候，马上开始。")
    if roster.progress < STAGED_PERCENT:
        return _("逐行核对姓名、编号和证件。")
    if roster.progress <= COMPARED_PERCENT and roster.state == State.WRITING:
        return _("一次写入，不会只写一半。")
    return _("和平台里的人比对。")


def _sample(sample: dict[str, Any]) -> dict[str, Any]:
    levels = dict(Posting.PostLevel.choices)
    changes = []
    for name, before, after in sample["changes"]:
        shown = (levels.get(before, before), levels.get(after, after))
        changes.append(
            {
                "label": WORDS[name] if name != "unit_code" else _("单位"),
                "before": shown[0],
                "after": shown[1],
            }
        )
    starts_on = date.fromisoformat(sample["starts_on"]) if sample["starts_on"] else None
    return sample | {
        "changes": changes,
        "is_new": sample["action"] == "created",
        "starts_on": starts_on,
    }
