from datetime import date

import pytest

from lms.people.rules import (
    Mandate,
    Span,
    Wish,
    excluding,
    grant_fault,
    masked_email,
    masked_phone,
    revoke_fault,
)

TODAY = date(2026, 11, 25)
COUNTY, TOWN, ELSEWHERE = "33/3311/331124/", "33/3311/331124/331124107/", "33/3311/331122/"
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def wish(**changes):
    fields = {
        "role": "mentor", "path": TOWN, "from_date": TODAY, "to_date": None, "person_path": TOWN,
    }  # fmt: skip
    return Wish(**fields | changes)


def fault(mandates=None, **changes):
    held = [Mandate(frozenset({"mentor"}), COUNTY)] if mandates is None else mandates
    return grant_fault(wish=wish(**changes), mandates=held, today=TODAY)


def test_a_role_is_given_inside_ones_units_to_somebody_serving_there():
    assert fault() is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_for_oneself": True}, "own_role"),
        ({"from_date": date(2026, 11, 24)}, "grant_begins_in_the_past"),
        ({"to_date": date(2026, 11, 24)}, "grant_ends_before_it_begins"),
        ({"role": "publisher"}, "role_not_grantable"),
        ({"path": ELSEWHERE}, "unit_out_of_scope"),
        ({"path": "33/3311/"}, "unit_out_of_scope"),
        ({"person_path": ELSEWHERE}, "person_out_of_scope"),
        ({"person_path": None}, "person_out_of_scope"),
    ],
)
def test_what_speaks_against_a_grant(changes, code):
    assert fault(**changes) == code


def test_a_grant_does_not_outlive_the_one_it_comes_from():
    held = [Mandate(frozenset({"mentor"}), COUNTY, until=date(2026, 12, 31))]

    assert fault(held) == "grant_outlives_yours"
    assert fault(held, to_date=date(2027, 1, 1)) == "grant_outlives_yours"
    assert fault(held, to_date=date(2026, 12, 31)) is None


def test_two_grants_are_not_added_up_to_a_scope_neither_has():
    """One lets me give the role, the other reaches the unit."""
    held = [Mandate(frozenset({"mentor"}), ELSEWHERE), Mandate(frozenset({"lecturer"}), COUNTY)]

    assert fault(held) == "unit_out_of_scope"


def test_a_code_that_begins_like_ones_own_is_another_unit():
    held = [Mandate(frozenset({"mentor"}), "33/3311/331124/")]

    assert fault(held, path="33/3311/3311249/", person_path=TOWN) == "unit_out_of_scope"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, None),
        ({"is_own": True}, "own_role"),
        ({"is_over": True}, "grant_is_over"),
        ({"role": "auditor"}, "role_not_grantable"),
        ({"path": ELSEWHERE}, "unit_out_of_scope"),
    ],
)
def test_what_speaks_against_taking_a_role_back(facts, code):
    held = [Mandate(frozenset({"mentor"}), COUNTY)]
    given = {"role": "mentor", "path": TOWN, "is_own": False, "is_over": False}

    assert revoke_fault(mandates=held, **given | facts) == code


@pytest.mark.parametrize(
    ("role", "begins", "ends", "is_excluded"),
    [
        ("audit_admin", date(2026, 12, 31), None, True),
        ("audit_admin", date(2027, 1, 1), None, False),
        ("audit_admin", date(2025, 1, 1), date(2025, 12, 31), False),
        ("audit_admin", date(2025, 1, 1), date(2026, 1, 1), True),
        ("system_admin", date(2026, 6, 1), None, False),
        ("auditor", date(2026, 6, 1), None, False),
    ],
)
def test_administrators_exclude_each_other_on_common_days(role, begins, ends, is_excluded):
    held = [Span("system_admin", date(2026, 1, 1), date(2026, 12, 31))]

    found = excluding(wish=Span(role, begins, ends), held=held, administrators=ADMINISTRATORS)

    assert (found is not None) is is_excluded


def test_phone_and_mail_are_shown_in_part():
    assert masked_phone("13957801234") == "139****1234"
    assert masked_phone("12345") == "*****"
    assert masked_phone("") == ""
    assert masked_email("wuxiaoyun@songyang.gov.cn") == "w********@songyang.gov.cn"
    assert masked_email("") == ""
