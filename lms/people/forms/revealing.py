"""Why somebody wants to see an ID number."""

from django import forms
from django.utils.translation import gettext_lazy

from lms.people.revealing import REASON_MIN


class ReasonForm(forms.Form):
    """Short reasons pass the form, so that the service refuses and notes them."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"minlength": REASON_MIN, "required": True}),
    )
