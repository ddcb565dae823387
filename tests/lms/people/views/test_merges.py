from datetime import timedelta

import pytest
from django.urls import reverse

from lms.common.clock import database_now
from lms.people.models import PersonMerge
from lms.people.services import add_unit
from lms.people.uniting import merge_persons
from tests import world

pytestmark = pytest.mark.django_db
MERGE = "/people/merge/"


@pytest.fixture
def admin(client):
    world.policy()
    person = world.holder("system_admin")
    client.force_login(person)
    return person


def numbers(kept, merged):
    return {"kept": kept.staff_number, "merged": merged.staff_number}


def test_likely_pairs_are_offered(client, admin):
    first, second, other = world.learner(), world.learner(), world.learner(name="另一人")
    for person in (first, second):
        person.id_number = "332528198501011234"
        person.save()
    other.phone = "13800000000"
    other.save()

    page = client.get(MERGE).content.decode()

    assert "有 1 对人员可能是同一个人" in page
    assert f"?kept={first.staff_number}&amp;merged={second.staff_number}" in page
    assert "332528198501011234" not in page


def test_coming_from_a_person_only_the_other_number_is_missing(client, admin):
    page = client.get(MERGE, {"kept": "SY000001"}).content.decode()

    assert 'value="SY000001"' in page
    assert "fld-bad" not in page


def test_the_preview_shows_sums_before_and_after_and_the_merge_is_confirmed(client, admin):
    kept, merged = world.learner(), world.learner()
    world.entry(kept, "7.5", source_key="one")
    world.entry(merged, "7.5", source_key="one")
    world.entry(merged, "3")

    page = client.get(MERGE, numbers(kept, merged))
    answer = client.post(
        MERGE,
        numbers(kept, merged) | {"reason": "重复建档", "seen": page.context["preview"].digest},
        follow=True,
    ).content.decode()

    body = page.content.decode()
    assert "重复记的 7.5 学时只算一次" in body
    assert "2026 · 集中培训" in body
    assert not body.count("确认合并这两个人") > 1
    assert "已合并。" in answer
    merge = PersonMerge.objects.get()
    assert (merge.kept, merge.merged, merge.by) == (kept, merged, admin)
    assert reverse("people:merge-undo", args=[merge.pk]) in answer


def test_a_merge_without_a_reason_does_not_happen(client, admin):
    kept, merged = world.learner(), world.learner()

    page = client.post(MERGE, numbers(kept, merged))

    assert page.status_code == 200
    assert not PersonMerge.objects.exists()


def test_one_click_and_a_reason_take_it_back(client, admin):
    merge = merge_persons(
        kept=world.learner(), merged=world.learner(), reason="重复建档", by=admin,
        at=database_now(),
    )  # fmt: skip
    address = reverse("people:merge-undo", args=[merge.pk])

    shown = client.get(address).content.decode()
    answer = client.post(address, {"reason": "两个同名的人"}, follow=True).content.decode()
    again = client.post(address, {"reason": "再一次"}, follow=True).content.decode()

    assert "分出来" in shown
    assert "已撤销。" in answer
    assert "两个同名的人" in answer
    assert "这次合并已经撤销过了" in again


def test_the_page_says_when_the_time_to_undo_is_over(client, admin):
    merge_persons(
        kept=world.learner(), merged=world.learner(), reason="重复建档", by=admin,
        at=database_now() - timedelta(days=31),
    )  # fmt: skip

    assert "期限已过" in client.get(MERGE).content.decode()


def test_persons_outside_ones_scope_are_not_found_and_not_merged(client, admin):
    city = world.county().parent
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=city)
    stranger, own = world.learner(name="外县人", unit=elsewhere), world.learner()
    twin = world.learner(name="外县人", unit=elsewhere)
    for person in (stranger, twin):
        person.id_number = "332528198501011234"
        person.save()
    theirs = merge_persons(
        kept=world.learner(unit=elsewhere), merged=world.learner(unit=elsewhere), reason="x",
        by=admin, at=database_now(),
    )  # fmt: skip

    answers = [
        client.get(MERGE),
        client.get(MERGE, numbers(own, stranger)),
        client.post(MERGE, numbers(own, stranger) | {"reason": "重复建档"}),
        client.post(MERGE, numbers(stranger, own) | {"reason": "重复建档"}),
    ]

    assert all("外县人" not in answer.content.decode() for answer in answers)
    assert "不在你管理的范围里" in answers[1].content.decode()
    assert PersonMerge.objects.count() == 1
    undo = reverse("people:merge-undo", args=[theirs.pk])
    assert client.get(undo).status_code == client.post(undo, {"reason": "x"}).status_code == 404


def test_a_refusal_is_said_where_the_two_were_chosen(client, admin):
    person = world.learner()

    page = client.get(MERGE, numbers(person, person)).content.decode()

    assert "两个编号是同一个人" in page


def test_the_record_shows_both_accounts_entries_as_one(client, admin):
    kept, merged = world.learner(), world.learner()
    world.entry(kept, "7.5", title="第一个班")
    world.entry(merged, "3", title="另一个账号的班")
    merge_persons(kept=kept, merged=merged, reason="重复建档", by=admin, at=database_now())
    client.force_login(kept)

    page = client.get("/record/?year=2026").content.decode()
    record = client.get("/api/v1/me/record?year=2026").json()
    why = client.get(f"/record/entries/1/why.json?of={merged.staff_number}").json()

    assert "第一个班" in page
    assert "另一个账号的班" in page
    assert page.count('id="entry-1"') == 1
    assert record["totals"]["in_person"]["earned"] == "10.50"
    assert {line["account"] for line in record["entries"]} == {
        kept.staff_number, merged.staff_number,
    }  # fmt: skip
    assert why["title"] == "另一个账号的班"
    assert {"name": "原账号", "value": merged.staff_number, "is_hash": False} in why["facts"]
    assert client.get("/record/entries/1/why.json").json()["title"] == "第一个班"
    stranger = world.learner()
    world.entry(stranger)
    other = f"/record/entries/1/why.json?of={stranger.staff_number}"
    assert client.get(other).status_code == 404


def test_the_preview_page_names_the_roles_that_do_not_move(client, admin):
    kept, merged = world.learner(), world.holder("course_author")

    page = client.get(MERGE, numbers(kept, merged)).content.decode()

    assert f"{merged.staff_number} 担任 1 项角色，不随合并转到 {kept.staff_number}" in page
    assert "课程制作 · 松阳县" in page
    assert "担任 1 项角色" not in client.get(MERGE, numbers(merged, kept)).content.decode()
