"""This year's two buckets against what is asked, beside each person in the list of people."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from lms.common.wording import hours_text
from lms.credits.models import Bucket
from lms.credits.rules import Rules
from lms.credits.selectors import policy_shown, totals_of_year
from lms.people.columns import Column, Figure, Provider, Served
from lms.portal.years import Required, figures_of, required_of

ZERO, NOTHING = Decimal(0), Required()


def hours_columns() -> list[Column]:
    return [Column(_("网络学习"), "seg"), Column(_("集中培训"), "seg-ink")]


def hours_figures(places: Mapping[int, Served | None], on: date) -> dict[int, Sequence[Figure]]:
    """One query, however many people."""
    units = {place.unit_id: place.unit for place in places.values() if place}
    rules = {pk: figures_of(policy_shown(unit=unit, on=on)) for pk, unit in units.items()}
    required = _required_by_kind(places, rules)
    totals = totals_of_year(person_ids=list(places), year=on.year)
    say_online, say_in_person = partial(_said, _("网络学习")), partial(_said, _("集中培训"))
    found: dict[int, Sequence[Figure]] = {}
    for person_id, place in places.items():
        asked = required[(place.unit_id, place.post_level)] if place else NOTHING
        online = totals.get((person_id, Bucket.ONLINE), ZERO)
        in_person = totals.get((person_id, Bucket.IN_PERSON), ZERO)
        found[person_id] = [
            Figure(online, asked.online, say_online),
            Figure(in_person, asked.in_person, say_in_person),
        ]
    return found


def _required_by_kind(
    places: Mapping[int, Served | None], rules: Mapping[int, Rules | None]
) -> dict[tuple[int, str], Required]:
    """By unit and post level: there are few of them, however many people."""
    kinds = {(place.unit_id, place.post_level): place for place in places.values() if place}
    return {kind: required_of(place, rules[place.unit_id]) for kind, place in kinds.items()}


def _said(name: str, earned: Decimal, required: Decimal | None) -> str:
    said = {"name": name, "earned": hours_text(earned), "required": hours_text(required)}
    if required is None:
        return _("%(name)s：已得 %(earned)s 学时，今年不要求") % said
    return _("%(name)s：已得 %(earned)s 学时，要求 %(required)s 学时") % said


HOURS = Provider(columns=hours_columns, figures=hours_figures)
