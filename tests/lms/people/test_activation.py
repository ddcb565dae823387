"""The first sign-in: a code on paper, good for one person, once, for a while."""

import re
from base64 import b64decode
from contextlib import nullcontext
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier, Thread
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.activation import (
    AboveYou,
    AccountMerged,
    CodeExpired,
    CodeUsed,
    CodeWrong,
    Issued,
    NobodyChosen,
    OutsideUnits,
    TooManyChosen,
    issue_codes,
    redeem_code,
)
from lms.people.activation_codes import SIGNS, digest_of, new_code
from lms.people.models import ActivationCode, Person
from lms.people.services import add_unit, grant_role
from lms.people.uniting import merge_persons
from tests import world
from tests.factors import with_totp

ADDRESS, PAGE = "/accounts/activate/", "/people/activation/"
NEW = "my-own-password-1"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return world.holder("unit_admin", unit=world.town())


def issued_to(person: Person, by: Person) -> Issued:
    return issue_codes(people=[person.pk], by=by, at=database_now())[0]


def form(number: str, code: str, password: str = NEW) -> dict[str, str]:
    return {"staff_number": number, "code": code, "password1": password, "password2": password}


def activate(
    number: str, code: str, password: str = NEW, address: str = "10.6.6.6"
) -> tuple[Client, str]:
    """The browser, and what the page says; empty when it let the person in."""
    client = Client(REMOTE_ADDR=address)
    page = client.post(ADDRESS, form(number, code, password))
    if page.status_code == 302:
        return client, ""
    return client, " ".join(
        str(e) for errors in page.context["form"].errors.values() for e in errors
    )


def is_in(client: Client) -> bool:
    return client.get("/record/").status_code == 200


# The code itself


def test_codes_have_more_than_128_bits_in_signs_nobody_confuses():
    code = new_code()

    assert re.fullmatch(r"(?:[2-9A-HJ-NP-Z]{4}-){6}[2-9A-HJ-NP-Z]{4}", code)
    assert len(SIGNS) ** 28 > 2**128
    assert not set("01IO") & set(SIGNS)
    assert len({new_code() for _ in range(100)}) == 100


def test_a_code_is_the_same_however_it_is_typed():
    code = new_code()

    assert digest_of(code.lower().replace("-", "")) == digest_of(code)
    assert digest_of(f" {code.replace('-', ' ')} ") == digest_of(code)
    assert digest_of("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == digest_of(code)  # ＡＢ


def test_only_the_digest_of_a_code_is_kept(admin):
    code = issued_to(world.learner(), admin).code

    row = ActivationCode.objects.values().get()
    assert row["digest"] == digest_of(code)
    assert code not in str(row)
    assert code not in str(list(JournalEntry.objects.values()))


# Redeeming


def test_a_code_sets_a_password_and_signs_in(admin):
    person = world.learner()
    code = issued_to(person, admin).code

    client, said = activate(person.staff_number, code.lower())

    assert said == ""
    assert is_in(client)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert person.sign_ins.get().way == "activation"
    assert JournalEntry.objects.get(action="people.activated").actor == person


def test_a_code_works_once_and_says_so_to_who_holds_it(admin):
    person = world.learner()
    code = issued_to(person, admin).code
    activate(person.staff_number, code)

    client, said = activate(person.staff_number, code, "another-password-2")

    assert "已经用过了" in said
    assert not is_in(client)
    assert (
        JournalEntry.objects.get(action="people.activation_refused").code == "activation_code_used"
    )


def test_wrong_codes_and_unknown_people_get_the_same_answer(admin):
    person, other = world.learner(), world.learner()
    code = issued_to(person, admin).code

    said = {
        activate(person.staff_number, new_code())[1],
        activate("nobody", new_code())[1],
        activate(other.staff_number, code)[1],
    }

    assert len(said) == 1
    assert "人员编号或激活码不对" in said.pop()


def test_a_code_expires(admin):
    person = world.learner()
    at = database_now() - timedelta(days=15)
    code = issue_codes(people=[person.pk], by=admin, at=at)[0].code

    assert "过期或作废" in activate(person.staff_number, code)[1]
    with pytest.raises(CodeExpired) as refusal:
        redeem_code(
            staff_number=person.staff_number, typed=code, password=NEW, at=at + timedelta(days=14)
        )
    assert refusal.value.code == "activation_code_expired"


def test_a_new_code_ends_the_old_one(admin):
    person = world.learner()
    old, new = issued_to(person, admin).code, issued_to(person, admin).code

    assert "过期或作废" in activate(person.staff_number, old)[1]
    assert activate(person.staff_number, new)[1] == ""


def test_a_poor_password_does_not_use_the_code_up(admin):
    person = world.learner()
    code = issued_to(person, admin).code

    assert "密码至少要 10 个字符" in activate(person.staff_number, code, "short")[1]
    assert activate(person.staff_number, code)[1] == ""


def test_a_suspended_person_is_not_activated(admin):
    person = world.learner()
    code = issued_to(person, admin).code
    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert "账号停用了" in activate(person.staff_number, code)[1]
    assert ActivationCode.objects.get().used_at is None


def test_guessing_codes_is_slowed_down(admin):
    person = world.learner()
    code = issued_to(person, admin).code
    for number in range(5):
        activate(person.staff_number, new_code(), address=f"10.6.6.{number}")

    assert "请过 1 分钟再试" in activate(person.staff_number, code)[1]


def test_a_code_for_who_forgot_the_password_ends_their_sessions(admin):
    person = world.learner(password=world.PASSWORD)
    before = Client()
    before.force_login(person)
    code = issued_to(person, admin).code

    activate(person.staff_number, code)

    assert not is_in(before)


def test_activating_does_not_pass_by_a_second_factor(admin):
    person = world.learner(password=world.PASSWORD)
    with_totp(person)

    client, _said = activate(person.staff_number, issued_to(person, admin).code)

    assert not is_in(client)
    assert "还差一步" in client.get("/accounts/2fa/authenticate/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_code_one_wins():
    admin, person = world.holder("unit_admin", unit=world.town()), world.learner()
    code = issued_to(person, admin).code
    barrier, outcomes = Barrier(20), []

    def redeem(number: int) -> None:
        barrier.wait()
        try:
            redeem_code(
                staff_number=person.staff_number,
                typed=code,
                password=f"own-password-{number:02}",
                at=database_now(),
            )
            outcomes.append(number)
        except CodeUsed:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [Thread(target=redeem, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winners = [number for number in outcomes if number is not None]
    person.refresh_from_db()
    assert len(outcomes) == 20
    assert len(winners) == 1
    assert person.check_password(f"own-password-{winners[0]:02}")
    assert JournalEntry.objects.filter(action="people.activated").count() == 1


# Issuing


def test_a_unit_administrator_hands_out_a_sheet_that_is_shown_once(admin, settings):
    settings.BASE_URL = "https://training.example.gov.cn"
    person = world.learner("钟晓玲")
    client = Client()
    client.force_login(admin)

    listed = client.get(PAGE).content.decode()
    sheet = client.post(PAGE, {"people": [person.pk]})

    body = sheet.content.decode()
    code = re.search(r'class="code[^"]*">([A-Z2-9-]+)<', body)[1]
    assert "https://training.example.gov.cn/accounts/activate/" in body
    assert "data:image/svg+xml;base64," in body  # to be read by a phone
    assert "钟晓玲" in listed
    assert sheet["Cache-Control"].count("no-store")
    assert "data-print" in body
    assert activate(person.staff_number, code)[1] == ""
    again = client.get(PAGE).content.decode()
    assert code not in again
    assert "钟晓玲" not in again  # signed in by now


def test_the_spreadsheet_of_the_sheet_is_text_only(admin):
    person = world.learner("=1+1")
    client = Client()
    client.force_login(admin)

    body = client.post(PAGE, {"people": [person.pk]}).content.decode()

    workbook = re.search(r"spreadsheetml\.sheet;base64,([^\"]+)", body)[1]
    with ZipFile(BytesIO(b64decode(workbook))) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in cells
    assert "=1+1" in texts
    assert f"/accounts/activate/#{person.staff_number}/" in texts


def test_one_foreign_id_and_no_code_is_issued(admin):
    here, elsewhere = world.learner(), world.learner(unit=world.town("玉岩镇", "331124105"))

    with pytest.raises(OutsideUnits) as refusal:
        issue_codes(people=[here.pk, elsewhere.pk], by=admin, at=database_now())

    assert refusal.value.code == "outside_units"
    assert not ActivationCode.objects.exists()


def test_the_page_says_why_and_the_journal_keeps_it(admin):
    elsewhere = world.learner(unit=world.town("玉岩镇", "331124105"))
    client = Client()
    client.force_login(admin)

    page = client.post(PAGE, {"people": [elsewhere.pk, "x", "9" * 30]}, follow=True)

    assert "有不归你管的" in page.content.decode()
    row = JournalEntry.objects.get(action="people.activation_code_issued")
    assert (row.outcome, row.code) == ("refused", "outside_units")


def test_nobody_and_too_many_are_refused(admin, settings):
    settings.QIANGJI = {**settings.QIANGJI, "ACTIVATION_CODES_AT_ONCE": 1}

    for chosen, refusal in (([], NobodyChosen), ([1, 2], TooManyChosen)):
        with pytest.raises(refusal):
            issue_codes(people=chosen, by=admin, at=database_now())


def test_an_administrators_code_is_not_a_unit_administrators_to_give(admin):
    """Who hands out a code could use it: that would be a way to become a security administrator."""
    above = world.holder("security_admin", unit=world.county())
    above.postings.update(unit=world.town())

    with pytest.raises(AboveYou) as refusal:
        issue_codes(people=[above.pk], by=admin, at=database_now())

    assert refusal.value.code == "activation_above_you"
    assert issue_codes(people=[above.pk], by=world.holder("system_admin"), at=database_now())


def test_a_system_administrator_gives_codes_for_roles_of_their_own_units_alone(admin):
    """Somebody of the city's who serves in the town is not the town's to become."""
    above = world.holder("security_admin", unit=world.county().parent)
    above.postings.update(unit=world.town())
    in_town, elsewhere = (
        world.holder("system_admin", unit=world.town()),
        world.holder("unit_admin", unit=world.county()),
    )
    grant_role(
        person=elsewhere, role="system_admin", unit=add_unit(
            code="331124102", name="古市镇", level="township", parent=world.county()
        ), from_date=date(2020, 1, 1), by=None, at=world.NOON,
    )  # fmt: skip

    for issuer in (in_town, elsewhere):
        with pytest.raises(AboveYou):
            issue_codes(people=[above.pk], by=issuer, at=database_now())


@pytest.mark.parametrize(("role", "refusal"), [("publisher", CodeExpired), ("mentor", None)])
def test_a_code_dies_when_its_person_is_given_a_role_its_issuer_could_not_reach(
    admin, role, refusal
):
    person = world.learner()
    code = issued_to(person, admin).code
    at = database_now()
    tomorrow = local_date(at) + timedelta(days=1)
    security = world.holder("security_admin")
    grant_role(person=person, role=role, unit=world.town(), from_date=tomorrow, by=security, at=at)

    with pytest.raises(refusal) if refusal else nullcontext():
        redeem_code(staff_number=person.staff_number, typed=code, password=NEW, at=at)


@pytest.mark.parametrize("days", [(1, None), (-9, -1), (-9, None)])
def test_who_will_be_an_administrator_counts_as_one_and_who_was_does_not(admin, days):
    at = database_now()
    begins, ends = (None if d is None else local_date(at) + timedelta(days=d) for d in days)
    person = world.learner()
    grant_role(
        person=person, role="auditor", unit=world.town(), from_date=begins, to_date=ends,
        by=None, at=at,
    )  # fmt: skip

    with pytest.raises(AboveYou) if ends is None else nullcontext():
        issue_codes(people=[person.pk], by=admin, at=at)


def test_the_list_shows_ones_own_units_only(admin):
    city = world.county().parent
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=city)
    world.learner("欧阳外县", unit=elsewhere)
    client = Client()
    client.force_login(admin)

    for query in ("", "?who=all", "?unit=331122", "?q=欧阳", "?q=%00", "?page=99"):
        body = client.get(PAGE + query).content.decode()
        assert "欧阳外县" not in body
        assert "缙云县" not in body


def test_the_list_is_found_by_name_initials_and_number(admin):
    person = world.learner("钟晓玲")
    client = Client()
    client.force_login(admin)

    for query in ("钟晓", "zxl", person.staff_number):
        assert "钟晓玲" in client.get(PAGE, {"q": query}).content.decode()
    assert "钟晓玲" not in client.get(PAGE, {"q": "没有这个人"}).content.decode()


def test_codes_wrong_for_the_service_too(admin):
    with pytest.raises(CodeWrong) as refusal:
        redeem_code(staff_number="x", typed="", password=NEW, at=database_now())

    assert refusal.value.code == "activation_code_wrong"


# Accounts that were merged


def merge(merged: Person, kept: Person) -> None:
    merge_persons(
        kept=kept, merged=merged, reason="重复建档", by=world.holder("system_admin"),
        at=database_now(),
    )  # fmt: skip


def test_no_code_is_issued_for_a_merged_account_and_the_kept_number_is_said(admin):
    merged, kept, third = world.learner(), world.learner("吴晓芸"), world.learner()
    merge(merged, kept)

    with pytest.raises(AccountMerged) as refusal:
        issue_codes(people=[merged.pk, third.pk], by=admin, at=database_now())

    assert refusal.value.code == "account_merged"
    assert refusal.value.sentence == (
        f"这个账号已经并入吴晓芸（{kept.staff_number}），不用激活。请用 {kept.staff_number} 登录。"
    )
    assert not ActivationCode.objects.exists()


def test_whom_an_account_of_others_was_merged_into_is_not_said(admin):
    other = add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)
    merged = world.learner()
    merge(merged, world.learner(unit=other))

    with pytest.raises(OutsideUnits):
        issue_codes(people=[merged.pk], by=admin, at=database_now())


def test_a_code_handed_out_before_the_merge_opens_nothing_any_more(admin):
    merged, kept = world.learner(), world.learner()
    issued = issued_to(merged, admin)
    merge(merged, kept)

    client, said = activate(merged.staff_number, issued.code)

    assert f"请用 {kept.staff_number} 登录" in said
    assert not is_in(client)
    merged.refresh_from_db()
    assert not merged.has_usable_password()
