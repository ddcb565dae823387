"""Sessions end for a reason, and the person reads which."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from lms.journal.models import JournalEntry
from lms.people.models import Person, SignIn
from lms.people.sessions import SEEN, SINCE, end_sessions
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return world.learner(password=world.PASSWORD)


def client_of(person: Person, password: str = world.PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.staff_number, "password": password})
    assert is_live(client)
    return client


def is_live(client: Client) -> bool:
    return client.get("/record/").status_code == 200


def farewell(client: Client) -> str:
    """What the sign-in page says to who is sent there."""
    page = client.get("/record/", follow=True)
    assert page.redirect_chain[0][0].startswith("/accounts/login/")
    return " ".join(str(message) for message in page.context["messages"])


def backdate(client: Client, **seconds: int) -> None:
    session = client.session
    for key, ago in seconds.items():
        session[{"seen": SEEN, "since": SINCE}[key]] = int(time.time()) - ago
    session.save()


def one_session(settings, value: bool = True) -> None:
    settings.QIANGJI = {**settings.QIANGJI, "ONE_SESSION_PER_ACCOUNT": value}


def test_a_later_sign_in_ends_the_earlier_and_says_so_there(person, settings):
    one_session(settings)
    earlier = client_of(person)

    later = client_of(person)

    assert "在另一处登录" in farewell(earlier)
    assert is_live(later)
    assert list(person.sign_ins.order_by("at").values_list("end", flat=True)) == ["replaced", ""]


def test_many_sessions_live_where_the_setting_allows_them(person, settings):
    one_session(settings, False)

    first, second = client_of(person), client_of(person)

    assert is_live(first)
    assert is_live(second)


def test_ending_sessions_ends_all_at_once_whatever_the_cache_holds(person):
    clients = [client_of(person), client_of(person)]

    ended = end_sessions(person=person, why=SignIn.End.ROLE_CHANGED, by=None, at=world.NOON)

    assert ended == 2
    assert Session.objects.count() == 2  # the rows are still there, and worth nothing
    assert ["权限有变动" in farewell(client) for client in clients] == [True, True]
    assert JournalEntry.objects.get(action="people.sessions_ended").detail == {
        "why": "role_changed",
        "sessions": 2,
    }


def test_a_suspended_person_is_out_at_the_next_click(person):
    client = client_of(person)

    Person.objects.filter(pk=person.pk).update(is_active=False)
    end_sessions(person=person, why=SignIn.End.SUSPENDED, by=None, at=world.NOON)
    Person.objects.filter(pk=person.pk).update(is_active=True)  # and stays out

    assert "账号停用" in farewell(client)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(person):
    here, elsewhere = client_of(person), client_of(person)
    new = "a-new-password-2027"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": world.PASSWORD, "password1": new, "password2": new},
    )

    assert is_live(here)
    assert "密码改过了" in farewell(elsewhere)


def test_idling_ends_a_session_and_says_that_nothing_is_lost(person):
    client = client_of(person)

    backdate(client, seen=20 * 60 + 5)

    assert "超过 20 分钟没有操作" in farewell(client)
    assert person.sign_ins.get().end == "idle"


def test_a_session_ends_with_its_day_however_busy(person):
    client = client_of(person)

    backdate(client, since=12 * 3600 + 5)

    assert "已满 12 小时" in farewell(client)


def test_a_click_in_time_starts_the_time_anew_and_a_page_asking_by_itself_does_not(person):
    client = client_of(person)
    backdate(client, seen=19 * 60)

    asked = client.get("/accounts/session/", headers={"X-Qiangji-Passive": "1"}).json()
    clicked = client.get("/accounts/session/").json()

    assert asked["signed_in"]
    assert asked["seconds_left"] <= 60
    assert clicked["seconds_left"] > 19 * 60


def test_staying_signed_in_is_one_press_of_a_button(person):
    client = client_of(person)
    backdate(client, seen=19 * 60)

    answer = client.post("/accounts/stay/", headers={"X-Qiangji-Passive": "1"})

    assert answer.json()["seconds_left"] > 19 * 60


def test_who_is_not_signed_in_has_no_time_left():
    assert Client().get("/accounts/session/").json() == {"signed_in": False, "seconds_left": 0}


def test_idling_can_be_switched_off(person, settings):
    settings.QIANGJI = {**settings.QIANGJI, "SESSION_IDLE_MINUTES": 0}
    client = client_of(person)
    backdate(client, seen=3600)

    assert is_live(client)


def test_sessions_outlive_an_emptied_cache(person):
    client = client_of(person)

    cache.clear()

    assert is_live(client)


def test_one_sees_ones_own_sign_ins_and_nobody_elses(person):
    other = world.learner(password=world.PASSWORD)
    client_of(other)
    SignIn.objects.filter(person=other).update(address="203.0.113.77")
    client = client_of(person)

    page = client.get("/accounts/security/").content.decode()

    assert "就是这里" in page
    assert "203.0.113.77" not in page


def test_the_admin_and_the_api_follow_the_same_sessions():
    world.package()  # with it come the groups that open the admin
    author = world.holder("course_author", password=world.PASSWORD)
    client = client_of(author)
    admin = client.get("/manage/")
    assert admin.status_code == 200
    assert 'id="idle"' in admin.content.decode()  # a long text is not lost without a warning
    assert "dist/idle.js" in admin.content.decode()

    end_sessions(person=author, why=SignIn.End.ROLE_CHANGED, by=None, at=world.NOON)

    assert client.get("/manage/").status_code == 302
    assert client.get("/api/v1/me/record").status_code == 401
