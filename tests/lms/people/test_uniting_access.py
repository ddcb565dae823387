"""What merging two accounts does to roles, groups and sessions of the one that is given up."""

from datetime import date

import pytest

from lms.people.groups import sync_all_groups
from lms.people.models import SignIn
from lms.people.roles import Role
from lms.people.selectors import grants_on
from lms.people.services import grant_role
from lms.people.uniting import merge_persons, merge_preview, undo_merge
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def admin():
    return world.holder("system_admin")


@pytest.fixture
def author():
    return world.holder(Role.COURSE_AUTHOR)


def groups_of(person) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


def merge(admin, kept, merged):
    return merge_persons(kept=kept, merged=merged, reason="重复建档", by=admin, at=world.NOON)


def test_the_preview_names_the_roles_that_do_not_move(admin, author):
    grant_role(
        person=author, role=Role.MENTOR, unit=world.town(), from_date=date(2027, 1, 1), by=None,
        at=world.NOON,
    )  # fmt: skip

    preview = merge_preview(kept=world.learner(), merged=author, by=admin, at=world.NOON)

    assert [(g.role, g.unit.name) for g in preview.grants] == [
        ("course_author", "松阳县"),
        ("mentor", "大东坝镇"),
    ]


def test_roles_that_are_over_are_not_in_the_preview(admin, author):
    author.role_grants.update(to_date=date(2026, 1, 1))

    preview = merge_preview(kept=world.learner(), merged=author, by=admin, at=world.NOON)

    assert preview.grants == []


def test_the_merged_account_is_in_no_group_and_the_kept_one_in_its_own_only(admin, author):
    kept = world.learner()

    merge(admin, kept, author)

    assert (groups_of(author), groups_of(kept)) == (set(), set())
    assert not grants_on(person=kept, on=TODAY).exists()
    assert sync_all_groups(on=TODAY) == 0


def test_undoing_the_merge_brings_the_groups_of_roles_in_force_back(admin, author):
    before = groups_of(author)
    done = merge(admin, world.learner(), author)

    undo_merge(merge=done, reason="是两个人", by=admin, at=world.NOON)

    assert before == {"课程制作", "视频管理"}
    assert groups_of(author) == before


def test_whoever_is_signed_in_with_the_merged_account_is_out_and_told_why(admin, client):
    merged = world.learner(password=world.PASSWORD)
    client.post("/accounts/login/", {"login": merged.staff_number, "password": world.PASSWORD})
    assert client.get("/record/").status_code == 200

    merge(admin, world.learner(), merged)

    page = client.get("/record/", follow=True).content.decode()
    assert "请用保留的编号登录" in page
    assert SignIn.objects.get(person=merged).end == SignIn.End.MERGED


def test_the_session_of_before_the_merge_is_not_revived_by_undoing_it(admin, client):
    merged = world.learner()
    client.force_login(merged)
    done = merge(admin, world.learner(), merged)

    undo_merge(merge=done, reason="是两个人", by=admin, at=world.NOON)

    assert client.get("/record/").status_code == 302
