import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.corrections import (
    AlreadyAnswered,
    IdNumberWritten,
    OwnCorrection,
    TooManyOpen,
    answer_correction,
    ask_correction,
    corrections_of,
    corrections_visible_to,
)
from lms.people.models import CorrectionRequest
from lms.people.roles import Role
from lms.people.services import add_unit
from lms.people.uniting import merge_persons
from tests import world

pytestmark = pytest.mark.django_db


def asked(person=None, **facts) -> CorrectionRequest:
    facts = {"about": "contact", "wrong": "手机号停用了", "wished": "13905780000"} | facts
    return ask_correction(by=person or world.learner(), at=database_now(), **facts)


def answered(request, by, state="changed"):
    return answer_correction(
        request=request, state=state, answer="已按新号更新", by=by, at=database_now()
    )


@pytest.fixture
def admin(client):
    person = world.holder(Role.UNIT_ADMIN)
    client.force_login(person)
    return person


def test_asking_and_answering_are_journalled(admin):
    request = asked()
    answered(request, admin)

    rows = JournalEntry.objects.filter(object_type="people.CorrectionRequest").order_by("id")
    assert [(r.action, r.actor, r.subject) for r in rows] == [
        ("people.correction_asked", request.person, request.person),
        ("people.correction_answered", admin, request.person),
    ]


def refused(error, act):
    with pytest.raises(error) as caught:
        act()
    row = JournalEntry.objects.get(outcome="refused")
    assert row.code == caught.value.code
    return caught.value.code, caught.value.sentence


def test_an_id_number_is_not_taken_in_running_text():
    code, sentence = refused(IdNumberWritten, lambda: asked(wished="330102199001011234"))

    assert code == "id_number_written"
    assert "写明第几位不对就行" in sentence
    assert not CorrectionRequest.objects.exists()


def test_the_sixth_open_request_is_refused():
    person = world.learner()
    for _number in range(5):
        asked(person)

    code, sentence = refused(TooManyOpen, lambda: asked(person))

    assert code == "too_many_open"
    assert "等答复后再申请" in sentence
    assert person.corrections.count() == 5


def test_a_request_is_answered_once(admin):
    request = asked()
    answered(request, admin)

    code, sentence = refused(AlreadyAnswered, lambda: answered(request, admin, state="kept"))

    assert code == "already_answered"
    assert "已经有人答复" in sentence
    request.refresh_from_db()
    assert request.state == "changed"


def test_nobody_answers_their_own_request(admin):
    request = asked(admin)

    code, sentence = refused(OwnCorrection, lambda: answered(request, admin))

    assert code == "own_correction"
    assert "别的管理员" in sentence
    request.refresh_from_db()
    assert request.state == "waiting"


def test_what_a_merged_account_asked_is_answered_to_its_person_and_not_by_them(client, admin):
    kept, merged = world.holder(Role.UNIT_ADMIN), world.learner()
    request = asked(merged)
    merge_persons(
        kept=kept, merged=merged, reason="重复建档", by=world.holder(Role.SYSTEM_ADMIN),
        at=database_now(),
    )  # fmt: skip
    request.refresh_from_db()

    today = local_date(database_now())
    assert request in corrections_visible_to(person=admin, on=today)
    with pytest.raises(OwnCorrection):
        answered(request, kept)
    answered(request, admin)
    assert [each.answer for each in corrections_of(kept)] == ["已按新号更新"]


def test_the_database_keeps_answers_whole():
    request = asked()

    with pytest.raises(IntegrityError, match="correction_answered_whole"), transaction.atomic():
        CorrectionRequest.objects.filter(pk=request.pk).update(state="changed")


def test_the_list_shows_the_units_requests_and_notes_that_they_were_read(client, admin):
    request = asked(world.learner(name="吴晓芸"))

    page = client.get("/people/corrections/").content.decode()

    assert "有 1 条更正申请等你答复" in page
    assert "手机号停用了" in page
    row = JournalEntry.objects.get(action="people.data_read")
    assert (row.actor, row.subject, row.detail) == (admin, request.person, {"what": "correction"})


def test_an_answer_from_the_list_reaches_the_request(client, admin):
    request = asked()

    page = client.post(
        reverse("people:correction-answer", args=[request.pk]),
        {"state": "kept", "answer": "原件与系统一致"},
        follow=True,
    ).content.decode()

    request.refresh_from_db()
    assert (request.state, request.answered_by) == ("kept", admin)
    assert "原件与系统一致" in page


def test_an_answer_without_words_changes_nothing_and_says_so(client, admin):
    request = asked()

    page = client.post(
        reverse("people:correction-answer", args=[request.pk]), {"state": "kept"}, follow=True
    ).content.decode()

    request.refresh_from_db()
    assert request.state == "waiting"
    assert "至少 4 个字" in page


def test_another_countys_request_is_neither_seen_nor_answered(client, admin):
    elsewhere = add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)
    request = asked(world.learner(name="外县人", unit=elsewhere))

    assert "外县人" not in client.get("/people/corrections/").content.decode()
    answer = client.post(
        reverse("people:correction-answer", args=[request.pk]),
        {"state": "kept", "answer": "不改的"},
    )

    assert answer.status_code == 404
    request.refresh_from_db()
    assert request.state == "waiting"
    row = JournalEntry.objects.get(action="access.object_refused")
    assert (row.actor, row.subject) == (admin, request.person)
