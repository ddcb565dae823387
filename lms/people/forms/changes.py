"""Forms of changes to units, postings and persons. Every one of record asks for a reason."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Posting, Unit


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300)


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新的名称"), max_length=120)


class PostingForm(forms.Form):
    """A posting; the unit is named by code or by its full name, among those one may see."""

    unit = forms.CharField(label=_("单位"), max_length=120)
    title = forms.CharField(label=_("职务"), max_length=120, required=False)
    post_level = forms.ChoiceField(label=_("职务层次"), choices=Posting.PostLevel.choices)
    rank = forms.CharField(label=_("职级"), max_length=40, required=False)
    from_date = forms.DateField(
        label=_("任职起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units.filter(closed_on__isnull=True)
        self.fields["unit"].widget.attrs["list"] = "units"

    def clean_unit(self) -> Unit:
        wanted = self.cleaned_data["unit"].strip().split(" ")[0]
        found = self.units.filter(code=wanted).first()
        if found is None:
            named = list(self.units.filter(name=self.cleaned_data["unit"].strip())[:2])
            if len(named) != 1:
                raise forms.ValidationError(
                    _("没有找到这个单位，或者它不在你管理的范围里。请从列表里选，或填单位编码。")
                )
            found = named[0]
        return found


class CorrectionForm(PostingForm):
    reason = forms.CharField(label=_("更正的理由"), max_length=300)


class PairForm(forms.Form):
    """Two accounts by staff number, among the persons one may see."""

    kept = forms.CharField(label=_("保留的人员编号"), max_length=32)
    merged = forms.CharField(label=_("并入的人员编号"), max_length=32)

    def __init__(self, *args: Any, persons: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = persons

    def clean_kept(self) -> Person:
        return self._person("kept")

    def clean_merged(self) -> Person:
        return self._person("merged")

    def _person(self, name: str) -> Person:
        number = self.cleaned_data[name].strip()
        found = self.persons.filter(staff_number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("没有找到这个人员编号：可能填错了，已经合并过，或者不在你管理的范围里。")
            )
        return found
