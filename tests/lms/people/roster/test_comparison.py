"""Rows that name what has become something else: a unit merged away, an account that was merged."""

from datetime import date

import pytest

from lms.common.clock import database_now
from lms.people.models import Person, Posting
from lms.people.reorganising import merge_units
from lms.people.roster.errors import RosterRefused
from lms.people.roster.importing import import_roster
from lms.people.services import add_person, add_unit, start_posting
from lms.people.uniting import merge_persons
from tests import world

TOWN, NEXT_TOWN = "331124107", "331124102"
HEADINGS = ["姓名", "编号", "单位编码", "身份证号"]
ID_NUMBER = "11010519491231002X"

pytestmark = pytest.mark.django_db


def rejected(path, *, by=None) -> list[dict]:
    told = import_roster(path=path, by=by, at=database_now()).as_json()
    assert told["created"] == told["updated"] == 0
    return told["rejected"]


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Posting)]


def close(unit, kept):
    facts = {"reason": "撤乡并镇", "by": world.holder("system_admin"), "at": database_now()}
    merge_units(unit=unit, kept=kept, **facts)


def served(number: str, unit, name="张三") -> Person:
    person = add_person(staff_number=number, name=name)
    start_posting(
        person=person, unit=unit, title="", post_level=Posting.PostLevel.STAFF,
        from_date=date(2020, 1, 1),
    )  # fmt: skip
    return person


def merged(merged, kept):
    return merge_persons(
        kept=kept, merged=merged, reason="重复建档", by=world.holder("system_admin"),
        at=database_now(),
    )  # fmt: skip


def test_a_row_for_a_closed_unit_is_told_which_unit_took_over(places, text_file):
    served("0001", places.town)
    close(places.town, places.next_town)
    before = everything()

    told = rejected(text_file([["张三", "0001", TOWN], ["新人", "0009", TOWN]], HEADINGS))

    assert [(p["row"], p["column"], p["code"]) for p in told] == [
        (2, "单位编码", "unit_closed"),
        (3, "单位编码", "unit_closed"),
    ]
    assert told[0]["message"] == (
        "单位 331124107 已经并入古市镇（331124102），不再用了。请把这一行改成现在的单位编码再导入。"
    )
    assert everything() == before


def test_the_unit_named_is_the_one_still_open_after_several_merges(places, text_file):
    third = add_unit(code="331124103", name="玉岩镇", level="township", parent=places.county)
    close(places.town, places.next_town)
    close(places.next_town, third)

    (told,) = rejected(text_file([["新人", "0009", TOWN]], HEADINGS))

    assert "已经并入玉岩镇（331124103）" in told["message"]


def test_a_closed_unit_of_others_stays_a_unit_of_others(places, text_file):
    admin = world.holder("unit_admin", unit=places.next_town)
    third = add_unit(code="331124103", name="玉岩镇", level="township", parent=places.county)
    close(places.town, third)

    with pytest.raises(RosterRefused) as refusal:
        rejected(text_file([["新人", "0009", TOWN]], HEADINGS), by=admin)

    assert [p["code"] for p in refusal.value.rejected] == ["unit_elsewhere"]


def test_a_row_for_a_merged_account_is_told_the_number_that_was_kept(places, text_file):
    old = served("0001", places.town)
    merged(old, served("0002", places.next_town))
    before = everything()

    told = rejected(text_file([["张三丰", "0001", NEXT_TOWN, ID_NUMBER]], HEADINGS))

    assert [(p["row"], p["column"], p["code"]) for p in told] == [(2, "人员编号", "person_merged")]
    assert told[0]["message"] == (
        "人员编号 0001 已经并入 0002，两个编号是同一个人。请改用 0002 再导入。"
    )
    assert everything() == before


def test_whether_a_merged_account_is_in_reach_is_asked_of_the_person_it_became(places, text_file):
    """The number that was kept is not told to those who may not see its person."""
    admin = world.holder("unit_admin", unit=places.county)
    merged(served("0001", places.town), served("0002", places.elsewhere))

    with pytest.raises(RosterRefused) as refusal:
        rejected(text_file([["张三", "0001", TOWN]], HEADINGS), by=admin)

    assert [p["code"] for p in refusal.value.rejected] == ["person_elsewhere"]


def test_what_a_merged_account_holds_is_free_for_the_person_it_became(places, text_file):
    old, kept = served("0001", places.town), served("0002", places.next_town)
    Person.objects.filter(pk=old.pk).update(id_number=ID_NUMBER)
    merged(old, kept)

    told = import_roster(
        path=text_file([["张三", "0002", NEXT_TOWN, ID_NUMBER]], HEADINGS), by=None,
        at=database_now(),
    ).as_json()  # fmt: skip

    assert (told["updated"], told["rejected"]) == (1, [])
    (taken,) = rejected(text_file([["李四", "0003", NEXT_TOWN, ID_NUMBER]], HEADINGS))
    assert taken["code"] == "id_number_taken"


def test_a_role_that_was_revoked_protects_no_contacts(places, text_file):
    admin = world.holder("unit_admin", unit=places.county)
    person = served("0001", places.town)
    person.role_grants.create(
        role="course_author", unit=places.town, from_date=date(2020, 1, 1),
        granted_at=database_now(), revoked_on=date(2024, 1, 1),
    )  # fmt: skip

    told = import_roster(
        path=text_file([["张三", "0001", TOWN, ID_NUMBER]], HEADINGS), by=admin, at=database_now()
    ).as_json()

    assert (told["updated"], told["rejected"]) == (1, [])
