from datetime import timedelta

import pytest
from django.urls import reverse

from lms.common.clock import database_now, local_date
from lms.people.models import Unit, UnitChange
from lms.people.reorganising import rename_unit
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = world.holder("system_admin")
    client.force_login(person)
    return person


@pytest.fixture
def elsewhere():
    """A county outside the administrator's scope."""
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def change(unit, kind):
    return reverse("people:unit-change", args=[unit.pk, kind])


def test_the_tree_is_browsed_from_the_top_of_ones_scope(client, admin, elsewhere):
    world.learner(unit=world.town())

    page = client.get(reverse("people:units")).content.decode()

    assert "你管理 2 个单位" in page
    assert "松阳县" in page
    assert "2 人" in page  # the learner and the administrator
    assert "缙云县" not in page


def test_a_unit_shows_what_lies_below_it(client, admin):
    town = world.town()

    page = client.get(reverse("people:unit", args=[world.county().pk])).content.decode()

    assert f'href="/people/units/{town.pk}/"' in page
    assert "331124107" in page


def test_units_are_found_by_former_name_and_code(client, admin):
    town = world.town()
    rename_unit(unit=town, name="坝头街道", reason="改", by=admin, at=world.NOON)

    for wanted in ("大东坝", "坝头", "3311241"):
        assert "坝头街道" in client.get(f"/people/units/?q={wanted}").content.decode()
    assert "没有找到" in client.get("/people/units/?q=没有的").content.decode()


def test_a_rename_is_previewed_confirmed_and_told_in_the_history(client, admin):
    town = world.town()

    asked = client.get(change(town, "rename")).content.decode()
    preview = client.get(change(town, "rename"), {"name": "大东坝街道"}).content.decode()
    unconfirmed = client.post(change(town, "rename"), {"name": "大东坝街道"}).content.decode()

    assert "大东坝镇改叫什么" in asked
    assert "大东坝镇改名为大东坝街道" in preview
    assert "一笔不动" in preview
    assert Unit.objects.get(pk=town.pk).name == "大东坝镇"
    assert "fld-bad" in unconfirmed

    done = client.post(
        change(town, "rename"), {"name": "大东坝街道", "reason": "撤镇设街道"}, follow=True
    ).content.decode()
    assert "已改名为「大东坝街道」" in done
    assert "「大东坝镇」改名为「大东坝街道」" in done
    assert "撤镇设街道" in done
    assert UnitChange.objects.get().by == admin


def test_a_move_offers_places_and_shows_whose_reach_changes(client, admin):
    town = world.town()
    inner = add_unit(code="331124107-01", name="综合办", level="office", parent=town)
    other = world.town("玉岩镇", "331124105")
    manager = world.holder("unit_admin", unit=other)

    offered = client.get(change(inner, "move")).content.decode()
    page = client.get(change(inner, "move"), {"target": other.pk})

    assert f"?target={other.pk}" in offered
    assert manager.name in page.content.decode()
    assert "1 个角色授权会管到这里" in page.content.decode()
    client.post(
        change(inner, "move"),
        {"target": other.pk, "reason": "划转", "seen": page.context["seen"]},
    )
    inner.refresh_from_db()
    assert inner.parent == other


def test_a_merge_closes_the_unit_and_its_page_leads_on(client, admin):
    town, kept = world.town(), world.town("玉岩镇", "331124105")
    person = world.learner(unit=town)

    page = client.get(change(town, "merge"), {"target": kept.pk})
    answer = client.post(
        change(town, "merge"),
        {"target": kept.pk, "reason": "撤乡并镇", "seen": page.context["seen"]},
        follow=True,
    ).content.decode()

    assert "已并入「玉岩镇」，2 段任职接着在那里算" in answer  # the administrator serves there too
    assert "大东坝镇已并入玉岩镇" in answer
    assert "改名称" not in answer
    assert person.postings.filter(unit=kept, to_date=None).exists()


def test_a_change_that_may_not_be_says_why_before_anybody_confirms(client, admin):
    town = world.town()

    page = client.get(change(town, "merge"), {"target": town.pk}).content.decode()

    assert "这样改不行" in page
    assert "不能放到自己或自己的下级单位里" in page
    assert "确认合并" not in page


def test_units_outside_ones_scope_do_not_exist(client, admin, elsewhere):
    town = world.town()
    before = list(Unit.objects.values())

    answers = [
        client.get(reverse("people:unit", args=[elsewhere.pk])),
        client.get(change(elsewhere, "rename")),
        client.post(change(elsewhere, "rename"), {"name": "新名", "reason": "改"}),
        client.get(change(town, "move"), {"target": elsewhere.pk}),
        client.post(change(town, "move"), {"target": elsewhere.pk, "reason": "改"}),
        client.post(change(town, "merge"), {"target": elsewhere.pk, "reason": "改"}),
        client.post(change(town, "merge"), {"target": "9" * 30, "reason": "改"}),
        client.get(change(town, "delete")),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert list(Unit.objects.values()) == before


def test_the_number_of_queries_does_not_grow_with_the_tree(
    client, admin, django_assert_max_num_queries
):
    for number in range(20):
        world.learner(unit=world.town(f"第{number}镇", f"3311242{number:02}"))

    with django_assert_max_num_queries(20):
        client.get(reverse("people:unit", args=[world.county().pk]))


def test_a_renamed_unit_keeps_its_name_in_the_records_of_before(client, admin):
    world.policy()
    person = world.learner()
    at = database_now()
    yesterday = local_date(at) - timedelta(days=1)
    world.entry(person, happened_on=yesterday)
    rename_unit(unit=world.town(), name="大东坝街道", reason="改", by=admin, at=at)
    client.force_login(person)

    page = client.get(f"/record/?year={yesterday.year}").content.decode()

    assert "大东坝镇 · 党政综合办公室主任" in page
