"""This year's two buckets against what is asked, beside each person in the list of people."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from lms.common.wording import hours_text
from lms.credits.models import Bucket
from lms.credits.selectors import policy_shown, totals_of_year
from lms.people.columns import Column, Figure, Provider
from lms.people.models import Posting
from lms.portal.years import figures_of, required_of


def hours_columns() -> list[Column]:
    return [Column(_("网络学习"), "seg"), Column(_("集中培训"), "seg-ink")]


def hours_figures(postings: Mapping[int, Posting | None], on: date) -> dict[int, Sequence[Figure]]:
    """One query, however many people."""
    units = {posting.unit_id: posting.unit for posting in postings.values() if posting}
    rules = {pk: figures_of(policy_shown(unit=unit, on=on)) for pk, unit in units.items()}
    totals = totals_of_year(person_ids=list(postings), year=on.year)
    found: dict[int, Sequence[Figure]] = {}
    for person_id, posting in postings.items():
        required = required_of(posting, rules[posting.unit_id] if posting else None)
        earned = partial(_earned, totals, person_id)
        found[person_id] = [
            _figure(_("网络学习"), earned(Bucket.ONLINE), required.online),
            _figure(_("集中培训"), earned(Bucket.IN_PERSON), required.in_person),
        ]
    return found


def _earned(totals: dict[tuple[int, str], Decimal], person_id: int, bucket: str) -> Decimal:
    return totals.get((person_id, bucket), Decimal(0))


def _figure(name: str, earned: Decimal, required: Decimal | None) -> Figure:
    said = {"name": name, "earned": hours_text(earned), "required": hours_text(required)}
    if required is None:
        words = _("%(name)s：已得 %(earned)s 学时，今年不要求") % said
    else:
        words = _("%(name)s：已得 %(earned)s 学时，要求 %(required)s 学时") % said
    return Figure(earned, required, words)


HOURS = Provider(columns=hours_columns, figures=hours_figures)
