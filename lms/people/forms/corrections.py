"""What is wrong, and what was answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.people.models import CorrectionRequest

ANSWERS = [
    (CorrectionRequest.State.CHANGED, gettext_lazy("已经改好")),
    (CorrectionRequest.State.KEPT, gettext_lazy("查过了，不改")),
]


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = CorrectionRequest
        fields = ["about", "wrong", "wished"]
        widgets = {
            "wrong": forms.Textarea(attrs={"rows": 2}),
            "wished": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("", _("请选一项")), *CorrectionRequest.About.choices]


class AnswerForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("结论"), choices=ANSWERS)
    answer = forms.CharField(
        label=gettext_lazy("答复本人的话"),
        min_length=4,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
