from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lms.people.models import Posting, RoleGrant, Unit
from lms.people.roles import Permission
from lms.people.selectors import has_permission, posting_on, units_visible_to
from lms.people.services import UnitUnknown, grant_role, load_units, pinyin_initials, start_posting
from tests import world

pytestmark = pytest.mark.django_db
ROWS = [
    {"code": "33", "name": "浙江省", "parent_code": "", "level": "province"},
    {"code": "3311", "name": "丽水市", "parent_code": "33", "level": "city"},
    {"code": "331124", "name": "松阳县", "parent_code": "3311", "level": "county"},
]


def test_units_load_with_their_paths_and_again_without_change():
    load_units(rows=ROWS)
    first = list(Unit.objects.values_list("id", "code", "path", "parent__code"))

    assert load_units(rows=ROWS) == 3

    assert list(Unit.objects.values_list("id", "code", "path", "parent__code")) == first
    assert first[-1][1:] == ("331124", "33/3311/331124/", "3311")


def test_a_unit_whose_parent_is_unknown_is_refused_whole():
    with pytest.raises(UnitUnknown) as refusal:
        load_units(rows=[*ROWS, {**ROWS[0], "code": "9", "parent_code": "8"}])

    assert refusal.value.code == "unit_unknown"
    assert "上级单位 8 不存在" in refusal.value.sentence
    assert not Unit.objects.exists()


def test_a_transfer_ends_the_posting_before_it():
    person = world.learner()
    elsewhere = world.town("玉岩镇", "331124105")

    start_posting(
        person=person, unit=elsewhere, title="副镇长", post_level="township_level",
        from_date=date(2026, 6, 1),
    )  # fmt: skip

    assert posting_on(person=person, on=date(2026, 5, 31)).unit.name == "大东坝镇"
    assert posting_on(person=person, on=date(2026, 6, 1)).unit.name == "玉岩镇"


def test_the_database_refuses_two_postings_at_once():
    person = world.learner()

    with pytest.raises(IntegrityError, match="posting_one_at_a_time"), transaction.atomic():
        Posting.objects.create(
            person=person, unit=world.county(), post_level="staff", from_date=date(2025, 1, 1)
        )


def test_a_permission_reaches_the_subtree_and_no_further():
    town, county = world.town(), world.county()
    archivist = world.holder("archivist", unit=town)

    seen = units_visible_to(
        person=archivist, permission=Permission.SEAL_PACKAGES, on=date(2026, 11, 20)
    )

    assert list(seen) == [town]
    assert county not in seen


def test_a_grant_counts_only_between_its_dates():
    person, county = world.learner(), world.county()
    grant_role(
        person=person, role="archivist", unit=county, from_date=date(2026, 1, 1), by=None,
        at=world.NOON,
    )  # fmt: skip
    RoleGrant.objects.update(to_date=date(2026, 6, 30))

    held = [
        has_permission(person=person, permission=Permission.SEAL_PACKAGES, on=day)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]

    assert held == [False, True, True, False]


def test_names_are_found_by_pinyin_initials():
    assert pinyin_initials("吴晓芸") == "wxy"
    assert pinyin_initials("欧阳建国") == "oyjg"
