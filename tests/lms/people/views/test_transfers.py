from datetime import date

import pytest
from django.urls import reverse

from lms.journal.models import JournalEntry
from lms.people.services import add_unit, grant_role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = world.holder("unit_admin")
    client.force_login(person)
    return person


def address(person, name="transfer"):
    return reverse(f"people:{name}", args=[person.staff_number])


def wish(unit="331124105", **facts):
    return {
        "unit": unit, "title": "副镇长", "post_level": "township_level", "rank": "",
        "from_date": "2026-12-01",
    } | facts  # fmt: skip


def test_a_transfer_is_a_form_and_shows_in_the_history(client, admin):
    person, _other = world.learner(), world.town("玉岩镇", "331124105")

    before = client.get(address(person)).content.decode()
    after = client.post(address(person), wish(), follow=True).content.decode()

    assert "现在在大东坝镇任职" in before
    assert "从2026年12月1日起调到玉岩镇。以前的学时留在原单位名下。" in after
    assert "2026年11月30日" in after
    assert person.postings.count() == 2


def test_one_who_has_not_arrived_is_still_where_they_are(client, admin):
    person, _other = world.learner(), world.town("玉岩镇", "331124105")
    client.post(address(person), wish(from_date="2050-01-01"))

    assert "现在在大东坝镇任职" in client.get(address(person)).content.decode()


def test_a_unit_is_named_by_code_or_by_name(client, admin):
    world.town("玉岩镇", "331124105")

    for unit in ("331124105", "玉岩镇"):
        person = world.learner()
        client.post(address(person), wish(unit))
        assert person.postings.filter(unit__code="331124105").exists()


def test_a_refusal_stays_beside_the_form(client, admin):
    person, _other = world.learner(), world.town("玉岩镇", "331124105")

    page = client.post(address(person), wish(from_date="2019-01-01")).content.decode()

    assert "任职起要晚于现在这段任职的开始日期" in page
    assert person.postings.count() == 1


def test_the_last_posting_is_corrected_with_a_reason(client, admin):
    person = world.learner()
    facts = {f"now-{k}": v for k, v in wish("331124107", from_date="2020-01-01").items()}

    unexplained = client.post(address(person, "posting-correct"), facts)
    client.post(address(person, "posting-correct"), facts | {"now-reason": "职务录错"})

    assert unexplained.status_code == 200
    assert person.postings.get().title == "副镇长"


def test_neither_the_person_nor_the_unit_may_lie_outside_ones_scope(client, admin):
    city = world.county().parent
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=city)
    stranger, person = world.learner(unit=elsewhere), world.learner()

    assert client.get(address(stranger)).status_code == 404
    assert client.post(address(stranger), wish("331124107")).status_code == 404
    assert client.post(address(stranger, "posting-correct"), {}).status_code == 404
    page = client.post(address(person), wish("331122"))

    assert "不在你管理的范围里" in page.content.decode()
    assert (stranger.postings.count(), person.postings.count()) == (1, 1)


def mentor_of(person, unit):
    grant_role(
        person=person, role="mentor", unit=unit, from_date=date(2020, 1, 1), by=None, at=world.NOON
    )


def test_roles_at_the_old_unit_are_told_before_and_after_and_stay(client, admin):
    person, other = world.learner(), world.town("玉岩镇", "331124105")
    mentor_of(person, world.town())

    before = client.get(address(person)).content.decode()
    after = client.post(address(person), wish(), follow=True).content.decode()

    assert "在这里担任角色。调走以后仍然有效，不会自动收回" in before
    assert "导师 · 大东坝镇" in before
    assert "还担任别处的角色，不包括玉岩镇" in after
    assert person.role_grants.get().revoked_on is None
    row = JournalEntry.objects.get(action="people.transferred")
    assert row.detail["grants_elsewhere"] == ["mentor 331124107"]
    assert other.code == row.detail["to_unit"]


def test_roles_that_cover_the_new_place_too_are_nothing_to_mend(client, admin):
    person, _other = world.learner(), world.town("玉岩镇", "331124105")
    mentor_of(person, world.county())

    after = client.post(address(person), wish(), follow=True).content.decode()

    assert "别处的角色" not in after
    assert JournalEntry.objects.get(action="people.transferred").detail["grants_elsewhere"] == []


def test_roles_that_are_over_are_not_spoken_of(client, admin):
    person = world.learner()
    mentor_of(person, world.town())
    person.role_grants.update(to_date=date(2021, 1, 1))

    assert "担任角色" not in client.get(address(person)).content.decode()
