from datetime import timedelta

import pytest

from lms.people.housekeeping import drop_old_sign_ins
from lms.people.models import SignIn, SignInFailures
from lms.people.sessions import begin_session
from lms.people.tasks import sweep_sign_ins
from lms.people.throttle import begin_attempt
from tests import world

pytestmark = pytest.mark.django_db


def begin(at):
    return begin_session(
        person=world.learner(), way="password", has_second_factor=False, address=None, agent="",
        at=at,
    )  # fmt: skip


def test_old_failures_and_sign_ins_go_and_recent_ones_stay():
    old, recent = world.NOON - timedelta(days=401), world.NOON - timedelta(hours=1)
    begin(old)
    kept = begin(recent)
    begin_attempt(key="name:old", address=None, is_known=True, at=world.NOON - timedelta(days=2))
    begin_attempt(key="name:recent", address=None, is_known=True, at=recent)

    assert drop_old_sign_ins(at=world.NOON) == 2

    assert list(SignIn.objects.all()) == [kept]
    assert list(SignInFailures.objects.values_list("key", flat=True)) == ["name:recent"]


def test_the_sweep_may_run_twice():
    sweep_sign_ins()

    assert sweep_sign_ins() == 0
