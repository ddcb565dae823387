"""A person as their pages show them: where they serve, what they may do, how their account stands."""

from datetime import date
from typing import Any

from django.apps import apps

from lms.common.masking import masked_id_number
from lms.people.abilities import abilities_of, span_words
from lms.people.columns import columns, figures_of
from lms.people.granting import mandates_of
from lms.people.models import Person, RoleGrant
from lms.people.roles import PERMISSIONS, Permission, Role
from lms.people.rules import Mandate, masked_email, masked_phone
from lms.people.selectors import grants_on, persons_visible_to, posting_on

SECOND_FACTORS = "mfa.Authenticator"  # installed above or not at all


def person_facts(*, person: Person, by: Person, on: date) -> dict[str, Any]:
    """The context of people/person.html: `person` as `by` may see them."""
    posting = posting_on(person=person, on=on)
    figures = figures_of({person.pk: posting}, on)[person.pk]
    return {
        "title": person.name,
        "person": person,
        "posting": posting,
        "is_oneself": person.pk == by.pk,
        "id_number": masked_id_number(person.id_number),
        "phone": masked_phone(person.phone),
        "email": masked_email(person.email),
        "stops": postings_over_time(person=person, on=on),
        "grants": grants_shown(
            person=person,
            on=on,
            mandates=[] if person.pk == by.pk else mandates_of(person=by, on=on),
        ),
        "figures": list(zip(columns(), figures, strict=True)),
        "has_second_factor": has_second_factor(person),
        "may": actions_open_to(person=person, by=by, on=on),
    }


def own_facts(*, person: Person, on: date) -> dict[str, Any]:
    """The context of people/me.html. One's own phone and mail are shown whole."""
    return {
        "person": person,
        "posting": posting_on(person=person, on=on),
        "id_number": masked_id_number(person.id_number),
        "stops": postings_over_time(person=person, on=on),
        "grants": grants_shown(person=person, on=on, mandates=[]),
        "has_second_factor": has_second_factor(person),
    }


def postings_over_time(*, person: Person, on: date) -> list[dict[str, Any]]:
    """Newest first: {posting, css "now" | "done" | "later"}."""
    postings = person.postings.select_related("unit__parent").order_by("-from_date")
    return [{"posting": p, "css": _time_of(p.from_date, p.to_date, on)} for p in postings]


def grants_shown(*, person: Person, on: date, mandates: list[Mandate]) -> list[dict[str, Any]]:
    """What is in force first, then what is to come, then what ended."""
    rank = {"now": 0, "later": 1, "done": 2}
    grants = person.role_grants.select_related("unit", "granted_by", "revoked_by")
    rows = [grant_row(grant, on=on, mandates=mandates) for grant in grants]
    return sorted(rows, key=lambda row: (rank[row["css"]], -row["grant"].from_date.toordinal()))


def grant_row(grant: RoleGrant, *, on: date, mandates: list[Mandate]) -> dict[str, Any]:
    css = "done" if grant.revoked_on else _time_of(grant.from_date, grant.to_date, on)
    in_scope = [m for m in mandates if grant.role in m.gives and grant.unit.path.startswith(m.path)]
    return {
        "grant": grant,
        "css": css,
        "span": span_words(grant.from_date, grant.to_date),
        "abilities": abilities_of(grant.role),
        "may_revoke": css != "done" and bool(in_scope),
    }


def actions_open_to(*, person: Person, by: Person, on: date) -> dict[str, bool]:
    """Permission name → whether `by` holds it where `person` serves. Nobody acts on themselves."""
    return {
        str(permission): person.pk != by.pk
        and persons_visible_to(person=by, permission=permission, on=on)
        .filter(pk=person.pk)
        .exists()
        for permission in _held_by(by, on)
    }


def _held_by(person: Person, on: date) -> set[Permission]:
    roles = grants_on(person=person, on=on).values_list("role", flat=True)
    return {permission for role in roles for permission in PERMISSIONS.get(role, ())}


def grantable_roles(mandates: list[Mandate]) -> list[dict[str, Any]]:
    """The roles of those mandates, each with what it lets one do."""
    given = {role for mandate in mandates for role in mandate.gives}
    return [
        {"value": role.value, "label": role.label, "abilities": abilities_of(role)}
        for role in Role
        if role.value in given
    ]


def has_second_factor(person: Person) -> bool | None:
    """None where no second factor is installed."""
    if not apps.is_installed("allauth.mfa"):
        return None
    authenticators: Any = apps.get_model(SECOND_FACTORS)
    return bool(authenticators.objects.filter(user=person).exists())


def _time_of(begins: date, ends: date | None, on: date) -> str:
    if begins > on:
        return "later"
    return "done" if ends is not None and ends < on else "now"
