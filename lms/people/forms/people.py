"""Forms of the pages about people. What is allowed is decided by the services behind them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.people.directory import STATES, Wanted
from lms.people.models import Posting, Unit
from lms.people.roles import Role

REASON_LENGTH = 300


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def unit_named(text: str) -> Unit | None:
    """By its code, else by its full name when only one bears it."""
    found = Unit.objects.filter(code=text).first()
    if found is None:
        named = list(Unit.objects.filter(name=text)[:2])
        found = named[0] if len(named) == 1 else None
    return found


class UnitField(forms.CharField):
    """A unit typed or chosen from a list of suggestions: its code, or its full name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            max_length=120,
            widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
            **given,
        )

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value).strip()
        if not text:
            return None
        unit = unit_named(text)
        if unit is None:
            raise forms.ValidationError(
                _("没有找到「%(text)s」。从下拉的单位里选一个，或者填单位编码。") % {"text": text},
                code="unit_unknown",
            )
        return unit


class GrantForm(forms.Form):
    """Which role, where, from when to when."""

    role = forms.ChoiceField(
        label=gettext_lazy("角色"),
        choices=Role.choices,
        error_messages={"required": gettext_lazy("还没有选角色。")},
    )
    unit = UnitField(
        label=gettext_lazy("在哪个单位"),
        error_messages={"required": gettext_lazy("还没有填单位。")},
    )
    from_date = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=Day(),
        error_messages={"required": gettext_lazy("还没有填开始日期。")},
    )
    to_date = forms.DateField(label=gettext_lazy("到哪天为止"), widget=Day(), required=False)
    reason = forms.CharField(label=gettext_lazy("依据"), max_length=REASON_LENGTH, required=False)

    def wish(self) -> dict[str, Any]:
        """What `grant_role` and `check_grant` both take."""
        return {name: self.cleaned_data[name] for name in ("role", "unit", "from_date", "to_date")}


class RevokeForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_LENGTH, required=False)


class ReasonForm(forms.Form):
    """A reason that must be given; the service refuses an empty one in its own words."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SearchForm(forms.Form):
    """`?q=&unit=&level=&state=`: what cannot be read asks for nothing."""

    q = forms.CharField(max_length=40, required=False)
    unit = UnitField(required=False)
    level = forms.ChoiceField(choices=Posting.PostLevel.choices, required=False)
    state = forms.ChoiceField(choices=[(state, state) for state in STATES], required=False)

    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            words=given.get("q", "").strip(),
            unit=given.get("unit"),
            level=given.get("level", ""),
            state=given.get("state", ""),
        )


def initial_grant(*, today: date, unit: Unit | None, until: date | None) -> dict[str, Any]:
    return {"from_date": today, "unit": unit.code if unit else "", "to_date": until}
