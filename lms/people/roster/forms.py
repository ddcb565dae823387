"""What the pages of the import may be sent, field by field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.people.models import RosterImport
from lms.people.roster.columns import LABELS


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("名册文件"),
        max_length=200,
        error_messages={
            "required": _("还没有选文件。"),
            "empty": _("文件是空的。请重新保存名册再传。"),
            "max_length": _("文件名太长了。请改短再传。"),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ColumnsForm(forms.Form):
    """`column-N`: the field column N of the file is, or nothing."""

    def __init__(self, *args: Any, roster: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", ""), *((name, name) for name in LABELS)]
        for at in range(len(roster.headings)):
            self.fields[f"column-{at}"] = forms.ChoiceField(choices=choices, required=False)

    def columns(self) -> dict[str, int]:
        """Field → column. A field chosen twice keeps a place no column has, so that it is refused."""
        found: dict[str, int] = {}
        for key, name in self.cleaned_data.items():
            if name:
                found[name] = -1 if name in found else int(key.removeprefix("column-"))
        return found


class ConfirmForm(forms.Form):
    leave_out_foreign = forms.BooleanField(required=False)
