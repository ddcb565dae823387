"""What an action is called, and what a row of it says."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Text = str | Promise

NOT_DONE = gettext_lazy("%(who)s没有做成「%(label)s」。")


@dataclass(frozen=True)
class Words:
    """`label` for lists and filters, `sentence` for what was done, `refused` for what was not."""

    label: Text
    sentence: Text
    refused: Text = NOT_DONE
