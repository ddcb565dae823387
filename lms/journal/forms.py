"""The auditor's conditions, as they stand in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.masking import without_id_numbers
from lms.journal.models import JournalEntry
from lms.journal.naming import object_kinds
from lms.journal.selectors import NAMESAKES_MAX, Conditions, people_called
from lms.journal.words import WORDS

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ConditionsForm(forms.Form):
    person = forms.CharField(
        label=gettext_lazy("人员"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("姓名、拼音首字母或人员编号；操作的人和涉及的人都找"),
    )
    action = forms.ChoiceField(label=gettext_lazy("操作"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("结果"), required=False)
    object_type = forms.ChoiceField(label=gettext_lazy("对象"), required=False)
    object_id = forms.CharField(label=gettext_lazy("对象编号"), required=False, max_length=64)
    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=DATE)
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=DATE)
    address = forms.GenericIPAddressField(
        label=gettext_lazy("来源地址"), required=False, unpack_ipv4=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", _("不限"))
        actions = sorted((str(words.label), code) for code, words in WORDS.items())
        self._choose("action", [anything, *((code, label) for label, code in actions)])
        self._choose("outcome", [anything, *JournalEntry.Outcome.choices])
        self._choose("object_type", [anything, *object_kinds()])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期早于开始日期，请对调。"))
        text = (found.get("person") or "").strip()
        found["people"] = people_called(text) if text else None
        if found["people"] is not None and len(found["people"]) > NAMESAKES_MAX:
            self.add_error("person", _("符合的人太多，请写全姓名或人员编号。"))
        return found

    def conditions(self) -> Conditions:
        """What the form asks for; call it once it is valid."""
        found = self.cleaned_data
        return Conditions(
            people=found["people"],
            action=found["action"],
            outcome=found["outcome"],
            object_type=found["object_type"],
            object_id=found["object_id"],
            address=found["address"],
            since=found["since"],
            until=found["until"],
        )

    def asked(self) -> dict[str, str]:
        """The conditions as typed, without empty ones: what a row about the reading keeps."""
        typed = {name: self.data[name] for name in self.fields if self.data.get(name)}
        return {name: without_id_numbers(text) for name, text in typed.items()}
