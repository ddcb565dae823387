"""Which hour rules a unit follows, in words, for the preview of a change of the tree."""

from datetime import date

from lms.credits.selectors import policy_for
from lms.people.models import Unit
from lms.people.unit_effects import tell_rules_with


def register() -> None:
    tell_rules_with(_rules_in_words)


def _rules_in_words(unit: Unit, on: date) -> str:
    version = policy_for(unit=unit, on=on)
    return f"{version.policy.name} · {version.label}" if version else ""
