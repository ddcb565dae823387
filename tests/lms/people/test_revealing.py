import pytest
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.revealing import IdNumberUnknown, ReasonMissing, reveal_id_number
from lms.people.roles import Role
from lms.people.services import add_unit, start_posting
from tests import world

pytestmark = pytest.mark.django_db
NUMBER = "330102199001011234"


@pytest.fixture
def admin(client):
    person = world.holder(Role.UNIT_ADMIN)
    client.force_login(person)
    return person


def numbered(**facts):
    person = world.learner(**facts)
    person.id_number = NUMBER
    person.save()
    return person


def asked(client, person, reason):
    return client.post(reverse("people:reveal-id", args=[person.staff_number]), {"reason": reason})


def test_the_number_is_shown_once_on_a_page_nobody_keeps_and_the_reason_is_noted(client, admin):
    person = numbered()

    answer = asked(client, person, "核对任职文件")

    assert NUMBER in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    row = JournalEntry.objects.get(action="people.id_number_revealed")
    assert (row.actor, row.subject, row.reason) == (admin, person, "核对任职文件")
    assert row.outcome == "done"
    assert NUMBER not in str(JournalEntry.objects.values())


def test_reading_the_address_shows_nothing(client, admin):
    assert (
        client.get(reverse("people:reveal-id", args=[numbered().staff_number])).status_code == 405
    )


@pytest.mark.parametrize("reason", ["", "看看", "   看  ", "x" * 301, "\x00核对任职文件"])
def test_without_a_reason_nothing_is_shown_and_the_attempt_is_noted(client, admin, reason):
    answer = asked(client, numbered(), reason)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert NUMBER not in page
    assert "至少 4 个字" in page
    row = JournalEntry.objects.get(action="people.id_number_revealed")
    assert (row.outcome, row.code) == ("refused", "reason_missing")


def test_a_reason_of_four_characters_is_enough():
    person = numbered()

    assert (
        reveal_id_number(person=person, reason="核对文件", by=world.learner(), at=database_now())
        == NUMBER
    )
    with pytest.raises(ReasonMissing) as refusal:
        reveal_id_number(person=person, reason="核对件", by=world.learner(), at=database_now())
    assert refusal.value.code == "reason_missing"


def test_a_number_nobody_knows_is_said_to_be_unknown(client, admin):
    answer = asked(client, world.learner(), "核对任职文件")

    assert answer.status_code == 409
    assert IdNumberUnknown.sentence in answer.content.decode()


def test_another_countys_person_is_not_found_and_the_attempt_is_noted(client, admin):
    elsewhere = add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)
    person = numbered(unit=elsewhere)

    answer = asked(client, person, "核对任职文件")

    assert answer.status_code == 404
    assert not JournalEntry.objects.filter(action="people.id_number_revealed").exists()
    assert JournalEntry.objects.get(action="access.object_refused").subject == person


def test_somebody_who_has_left_the_unit_is_no_longer_in_reach(client, admin):
    elsewhere = add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)
    person = numbered()
    start_posting(
        person=person, unit=elsewhere, title="干部", post_level="staff",
        from_date=world.NOON.date(),
    )  # fmt: skip

    assert asked(client, person, "核对任职文件").status_code == 404


@pytest.mark.parametrize(
    "role", [Role.LEARNER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_who_may_not_reveal_numbers_finds_no_page(client, role):
    client.force_login(world.holder(role))

    assert asked(client, numbered(), "核对任职文件").status_code == 404
