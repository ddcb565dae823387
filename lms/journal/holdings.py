"""Journal rows of a person: what was done about them, and what they did."""

from django.utils.translation import gettext_lazy as _

from lms.journal.words import label_of
from lms.people.held import Column, Holding, Keep, Room, hold

hold(
    Holding(
        model="journal.JournalEntry", room=Room.JOURNAL, title=_("操作日志"), keep=Keep.JOURNAL,
        keys={"subject": _("涉及我"), "actor": _("我操作的")}, order="-at",
        columns=(
            Column(_("时间"), "at"),
            Column(_("操作"), lambda entry: label_of(entry.action)),
            Column(_("操作人"), "actor.name"),
            Column(_("操作人单位"), "posting.unit.name"),
            Column(_("结果"), "outcome"),
            Column(_("理由"), "reason"),
            Column(_("来源地址"), "address", ("actor",)),
            Column(_("日志编号"), "id"),
        ),
    )
)  # fmt: skip
