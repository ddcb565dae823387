"""What Django checks of people at every start."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from lms.people.models import Person

NOBODY = "nobody_is_superuser"


@register(Tags.security)
def nobody_is_superuser(app_configs: Any, **facts: Any) -> Sequence[CheckMessage]:
    """Rights come from role grants; an account outside them would need no grant (design §6)."""
    problems = []
    if NOBODY not in {constraint.name for constraint in Person._meta.constraints}:
        problems.append(
            Error(f"Person must keep the constraint {NOBODY}.", obj=Person, id="people.E001")
        )
    if hasattr(Person.objects, "create_superuser"):
        problems.append(Error("Nothing may make a superuser.", obj=Person, id="people.E002"))
    return problems
