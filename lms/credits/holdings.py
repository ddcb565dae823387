"""The ledger of a person, and what they recognised for others."""

from django.utils.translation import gettext_lazy as _

from lms.people.held import MINE, Column, Holding, Keep, Room, hold

OWN = ("person",)

hold(
    Holding(
        model="credits.LedgerEntry", room=Room.HOURS, title=_("学时台账"), keep=Keep.RECORD,
        keys={"person": _("我的学时"), "actor": _("我经办的")}, order="-posted_at",
        columns=(
            Column(_("序号"), "sequence", OWN), Column(_("日期"), "happened_on"),
            Column(_("事由"), "title"), Column(_("类别"), "bucket"),
            Column(_("学时"), "hours", OWN), Column(_("结果"), "outcome", OWN),
            Column(_("证据等级"), "grade", OWN), Column(_("当时任职单位"), "posting.unit.name", OWN),
            Column(_("政策版本"), "policy_version.label"), Column(_("入账时间"), "posted_at"),
            Column(_("摘要"), lambda entry: bytes(entry.hash).hex(), OWN),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="credits.LedgerHead", room=Room.HOURS, title=_("台账链头"), keys={"person": MINE},
        keep=Keep.RECORD,
        columns=(
            Column(_("最后一笔"), "sequence"),
            Column(_("摘要"), lambda head: bytes(head.hash).hex()),
        ),
    )
)  # fmt: skip
