from datetime import datetime
from decimal import Decimal

import pytest

from config.demo.seeding.acts import Lesson
from config.demo.seeding.lives import Shelf
from config.demo.seeding.places import COUNTY, seed_units
from config.demo.seeding.policies import seed_policies
from config.demo.seeding.twins import FIRST, SECOND, seed_twins
from lms.credits.selectors import yearly_totals
from lms.people.duplicates import likely_duplicates
from lms.people.models import Person
from lms.people.uniting import merge_persons, merge_preview
from tests import world

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-20T09:30:00+08:00")


@pytest.fixture
def twins():
    units = seed_units()
    staff = world.learner(unit=units[COUNTY])
    seed_policies(units=units, by=staff, at=AT)
    lessons = [
        Lesson(package.units.get(kind="video"), package.units.get(kind="video").video)
        for package in (
            world.package(title=f"课程 {n}", owner_unit=units[COUNTY]) for n in range(3)
        )
    ]
    return [seed_twins(units=units, shelf=Shelf(lessons, []), by=staff, at=AT) for _ in range(2)][
        -1
    ]


def test_the_demo_has_a_pair_to_merge_with_something_learnt_twice(twins):
    kept, merged = twins
    admin = world.holder("system_admin")
    preview = merge_preview(kept=kept, merged=merged, by=admin, at=AT)

    merge_persons(kept=kept, merged=merged, reason="重复建档", by=admin, at=AT)

    assert [p.staff_number for p in twins] == [FIRST, SECOND]
    assert sum(line.doubled for line in preview.sums) > Decimal("37")
    assert yearly_totals(person=kept) == {
        (line.year, line.bucket): line.after for line in preview.sums
    }


def test_the_pair_is_offered_as_likely_duplicates(twins):
    (pair,) = likely_duplicates(Person.objects.all())

    assert {pair.kept.staff_number, pair.merged.staff_number} == {FIRST, SECOND}
    assert pair.by == "phone"
