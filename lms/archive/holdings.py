"""Packages a person sealed and checked."""

from django.utils.translation import gettext_lazy as _

from lms.people.held import Column, Holding, Keep, Room, hold

hold(
    Holding(
        model="archive.ArchivePackage", room=Room.WORK, title=_("经办的封装包"), keep=Keep.RECORD,
        keys={"created_by": _("我申请的")}, order="-created_at",
        columns=(
            Column(_("封装包"), str), Column(_("单位"), "unit.name"), Column(_("状态"), "state"),
            Column(_("申请时间"), "created_at"), Column(_("封装时间"), "sealed_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="archive.PackageCheck", room=Room.WORK, title=_("核验"), keep=Keep.RECORD,
        keys={"checked_by": _("我核验的")}, order="-checked_at",
        columns=(
            Column(_("封装包"), lambda check: str(check.package)),
            Column(_("单位"), "package.unit.name"),
            Column(_("核验时间"), "checked_at"), Column(_("不符处"), "problem_count"),
        ),
    )
)  # fmt: skip
