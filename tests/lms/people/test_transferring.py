from datetime import date

import pytest

from lms.journal.models import JournalEntry
from lms.people.models import Person, Posting
from lms.people.reorganising import merge_units
from lms.people.selectors import posting_on
from lms.people.services import add_person
from lms.people.transferring import (
    AccountMerged,
    NoPosting,
    PostingHasFacts,
    PostingOverlaps,
    PostingUnchanged,
    TransferTooEarly,
    correct_posting,
    transfer,
)
from lms.people.unit_checks import UnitClosed
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return world.holder("unit_admin")


@pytest.fixture
def person():
    return world.learner()


def wish(admin, unit=None, **facts):
    fields = {
        "unit": unit or world.town("玉岩镇", "331124105"), "title": "副镇长",
        "post_level": "township_level", "rank": "乡科级副职", "from_date": date(2026, 12, 1),
        "by": admin, "at": world.NOON,
    }  # fmt: skip
    return fields | facts


def test_a_transfer_ends_one_posting_and_begins_another(admin, person):
    posting = transfer(person=person, **wish(admin))

    assert posting_on(person=person, on=date(2026, 11, 30)).unit.name == "大东坝镇"
    assert posting_on(person=person, on=date(2026, 12, 1)) == posting
    noted = JournalEntry.objects.get(action="people.transferred")
    assert (noted.detail["from_unit"], noted.detail["to_unit"]) == ("331124107", "331124105")


def test_a_first_posting_is_a_transfer_from_nowhere(admin):
    person = add_person(staff_number="new", name="新来的")

    assert transfer(person=person, **wish(admin)).from_date == date(2026, 12, 1)


def test_a_transfer_before_the_present_posting_is_refused_and_noted(admin, person):
    with pytest.raises(TransferTooEarly, match="任职起要晚于"):
        transfer(person=person, **wish(admin, from_date=date(2020, 1, 1)))

    assert person.postings.count() == 1
    assert JournalEntry.objects.get(outcome="refused").code == "transfer_too_early"


def test_a_transfer_to_where_one_is_is_refused(admin, person):
    now = person.postings.get()

    with pytest.raises(PostingUnchanged) as refusal:
        transfer(person=person, **wish(admin, unit=now.unit, title=now.title, rank=now.rank))

    assert refusal.value.code == "posting_unchanged"


def test_postings_never_overlap(admin, person):
    Posting.objects.update(to_date=date(2027, 1, 1))

    with pytest.raises(PostingOverlaps, match="日期重叠"):
        transfer(person=person, **wish(admin))

    assert person.postings.count() == 1


def test_nobody_is_posted_to_a_closed_unit(admin, person):
    closed, kept = world.town("玉岩镇", "331124105"), world.town("古市镇", "331124101")
    merge_units(unit=closed, kept=kept, reason="撤并", by=admin, at=world.NOON)

    with pytest.raises(UnitClosed) as refusal:
        transfer(person=person, **wish(admin, unit=closed))

    assert refusal.value.code == "unit_closed"


def test_a_merged_account_is_not_posted_anywhere(admin, person):
    Person.objects.filter(pk=person.pk).update(merged_into=admin, is_active=False)

    with pytest.raises(AccountMerged, match="用保留的那个人员编号"):
        transfer(person=person, **wish(admin))


def test_a_wrong_start_is_corrected_together_with_the_end_before_it(admin, person):
    transfer(person=person, **wish(admin))

    for start in (date(2026, 12, 15), date(2026, 10, 1)):
        correct_posting(person=person, reason="文件日期录错", **wish(admin, from_date=start))
        before, last = person.postings.order_by("from_date")
        assert (last.from_date, (start - before.to_date).days) == (start, 1)

    assert JournalEntry.objects.filter(action="people.posting_corrected").count() == 2


def test_a_correction_does_not_reach_behind_the_posting_before(admin, person):
    transfer(person=person, **wish(admin))

    with pytest.raises(TransferTooEarly):
        correct_posting(person=person, reason="录错", **wish(admin, from_date=date(2020, 1, 1)))


def test_the_unit_of_a_posting_without_facts_can_be_corrected(admin, person):
    right = world.town("古市镇", "331124101")
    transfer(person=person, **wish(admin))

    posting = correct_posting(person=person, reason="选错单位", **wish(admin, unit=right))

    assert posting.unit == right


def test_the_unit_of_a_posting_with_hours_is_never_rewritten(admin, person):
    world.entry(person)
    now = person.postings.get()

    with pytest.raises(PostingHasFacts, match="以前的学时会跟着变"):
        correct_posting(person=person, reason="选错单位", **wish(admin, from_date=now.from_date))

    now.refresh_from_db()
    assert now.unit.name == "大东坝镇"


def test_the_title_of_a_posting_with_hours_can_be_corrected(admin, person):
    world.entry(person)
    now = person.postings.get()

    correct_posting(
        person=person, reason="职务写错",
        **wish(admin, unit=now.unit, from_date=now.from_date, title="组织委员"),
    )  # fmt: skip

    now.refresh_from_db()
    assert now.title == "组织委员"


def test_there_is_nothing_to_correct_without_a_posting(admin):
    person = add_person(staff_number="new", name="新来的")

    with pytest.raises(NoPosting) as refusal:
        correct_posting(person=person, reason="录错", **wish(admin))

    assert refusal.value.code == "no_posting"
