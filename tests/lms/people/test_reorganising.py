from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection

from lms.credits.selectors import policy_for
from lms.journal.models import JournalEntry
from lms.people.models import Posting, RoleGrant, Unit, UnitChange
from lms.people.reorganising import (
    UnitChanged,
    merge_units,
    move_unit,
    places_of,
    rename_unit,
)
from lms.people.selectors import posting_on, units_visible_to
from lms.people.services import add_unit, grant_role, load_units, start_posting
from lms.people.unit_checks import (
    LevelOrder,
    PathTooLong,
    UnitAlreadyThere,
    UnitClosed,
    UnitCycle,
    UnitHoldsAdministrators,
    UnitNameTaken,
)
from lms.people.unit_effects import effects_of_merge, effects_of_move
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def admin():
    return world.holder("system_admin")


@pytest.fixture
def elsewhere():
    return add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)


def office(code="331124107-01", name="党政综合办公室", parent=None):
    return add_unit(code=code, name=name, level="office", parent=parent or world.town())


def done(admin, **facts):
    return facts | {"reason": "县委编办〔2026〕12 号文", "by": admin, "at": world.NOON}


def test_a_renamed_unit_keeps_its_old_name_for_the_days_before(admin):
    town = world.town()

    rename_unit(unit=town, name="大东坝街道", **done(admin))

    town.refresh_from_db()
    assert town.name == "大东坝街道"
    assert town.name_on(TODAY - timedelta(days=1)) == "大东坝镇"
    assert town.name_on(TODAY) == "大东坝街道"
    change = UnitChange.objects.get()
    assert (change.kind, change.before, change.after) == (
        "rename", {"name": "大东坝镇"}, {"name": "大东坝街道"},
    )  # fmt: skip
    noted = JournalEntry.objects.get(action="people.unit_renamed")
    assert (noted.actor, noted.reason) == (admin, "县委编办〔2026〕12 号文")


def test_two_renames_tell_three_names_apart(admin):
    town = world.town()
    rename_unit(unit=town, name="大东坝街道", **done(admin))
    later = world.NOON + timedelta(days=10)
    rename_unit(unit=town, name="坝头街道", reason="再改", by=admin, at=later)

    town.refresh_from_db()
    names = [town.name_on(TODAY + timedelta(days=days)) for days in (-1, 0, 9, 10)]
    assert names == ["大东坝镇", "大东坝街道", "大东坝街道", "坝头街道"]


def test_moving_a_unit_rewrites_the_paths_below_it_and_nothing_else(admin, elsewhere):
    town, inner = world.town(), office()
    neighbour = world.town("玉岩镇", "331124105")
    person = world.learner(unit=inner)

    change = move_unit(unit=town, parent=elsewhere, **done(admin))

    town.refresh_from_db()
    inner.refresh_from_db()
    assert town.path == "33/3311/331123/331124107/"
    assert inner.path == "33/3311/331123/331124107/331124107-01/"
    assert (town.parent, inner.parent) == (elsewhere, town)
    assert Unit.objects.get(pk=neighbour.pk).path == neighbour.path
    assert person.postings.get().unit == inner
    assert change.after["subtree"] == 2


def test_a_moved_unit_follows_the_reach_and_the_rules_of_its_new_place(admin, elsewhere):
    world.policy()
    town = world.town()
    own = world.holder("unit_admin", unit=world.county())
    other = world.holder("unit_admin", unit=elsewhere)
    effects = effects_of_move(town, elsewhere, TODAY)

    move_unit(unit=town, parent=elsewhere, **done(admin))

    town.refresh_from_db()
    assert [g.person for g in effects.grants_gaining] == [other]
    assert [g.person for g in effects.grants_losing] == [admin, own]
    assert (effects.rules_before, effects.rules_after) == ("松阳县学时规则 · 松阳 2026.1", "")
    assert policy_for(unit=town, on=TODAY) is None
    seen = units_visible_to(person=other, permission="read_people", on=TODAY)
    assert town in seen


@pytest.mark.parametrize(
    ("move", "code", "sentence"),
    [
        (lambda: (world.town(), world.town()), UnitCycle.code, "不能放到自己或自己的下级"),
        (lambda: (world.county(), world.town()), UnitCycle.code, "不能放到自己或自己的下级"),
        (lambda: (world.town(), world.county()), UnitAlreadyThere.code, "没有要改的"),
        (
            lambda: (world.town(), world.town("玉岩镇", "331124105")),
            LevelOrder.code,
            "上级单位的层级要高于下级单位",
        ),
    ],
)
def test_a_move_that_would_break_the_tree_is_refused_and_noted(admin, move, code, sentence):
    world.town()
    unit, parent = move()
    before = list(Unit.objects.values())

    with pytest.raises((UnitCycle, UnitAlreadyThere, LevelOrder)) as refusal:
        move_unit(unit=unit, parent=parent, **done(admin))

    assert refusal.value.code == code
    assert sentence in refusal.value.sentence
    assert list(Unit.objects.values()) == before
    noted = JournalEntry.objects.get(action="people.unit_moved")
    assert (noted.outcome, noted.code) == ("refused", code)


def test_a_path_the_database_could_not_hold_is_refused(admin, elsewhere):
    town = world.town()
    Unit.objects.filter(pk=elsewhere.pk).update(path="9" * 250 + "/")

    with pytest.raises(PathTooLong, match="层级太深"):
        move_unit(unit=town, parent=elsewhere, **done(admin))


def test_two_units_of_one_name_do_not_stand_side_by_side(admin, elsewhere):
    town = world.town()
    add_unit(code="331123101", name="大东坝镇", level="township", parent=elsewhere)
    other = world.town("玉岩镇", "331124105")

    with pytest.raises(UnitNameTaken, match="已经有这个名称的单位"):
        move_unit(unit=town, parent=elsewhere, **done(admin))
    with pytest.raises(UnitNameTaken):
        rename_unit(unit=other, name="大东坝镇", **done(admin))


def test_a_preview_that_is_no_longer_true_is_refused(admin, elsewhere):
    town = world.town()
    seen = places_of(town, elsewhere)
    move_unit(unit=town, parent=elsewhere, **done(admin))
    move_unit(unit=town, parent=world.county(), **done(admin))
    Unit.objects.filter(pk=town.pk).update(path="33/331124107/")

    with pytest.raises(UnitChanged, match="请重新预览"):
        move_unit(unit=town, parent=elsewhere, seen=seen, **done(admin))


def test_who_serves_in_a_merged_unit_goes_on_in_the_kept_one_from_that_day(admin):
    town, kept = world.town(), world.town("玉岩镇", "331124105")
    person = world.learner(unit=town)
    past = person.postings.get()

    merge_units(unit=town, kept=kept, **done(admin))

    past.refresh_from_db()
    assert (past.unit, past.to_date) == (town, TODAY - timedelta(days=1))
    now = posting_on(person=person, on=TODAY)
    assert (now.unit, now.title, now.from_date) == (kept, past.title, TODAY)
    town.refresh_from_db()
    assert (town.is_open, town.closed_on, town.merged_into) == (False, TODAY, kept)


def test_postings_that_ended_are_untouched_and_those_ahead_begin_in_the_kept_unit(admin):
    town, kept = world.town(), world.town("玉岩镇", "331124105")
    left, coming, today = world.learner(), world.learner(), world.learner()
    for person, unit, start in (
        (left, kept, date(2026, 3, 1)),
        (today, town, TODAY),
        (coming, town, date(2027, 1, 1)),
    ):
        start_posting(person=person, unit=unit, title="干部", post_level="staff", from_date=start)
    ended = list(Posting.objects.filter(person=left).values())

    merge_units(unit=town, kept=kept, **done(admin))

    assert list(Posting.objects.filter(person=left).values()) == ended
    spans = coming.postings.order_by("from_date").values_list("unit", "from_date", "to_date")
    assert list(spans)[-2:] == [
        (kept.pk, TODAY, date(2026, 12, 31)),
        (kept.pk, date(2027, 1, 1), None),
    ]
    # Whoever came today may have today's facts there, and goes on tomorrow.
    assert posting_on(person=today, on=TODAY).unit == town
    assert posting_on(person=today, on=TODAY + timedelta(days=1)).unit == kept


def test_children_move_and_permissions_do_not_widen_by_a_merge(admin):
    town, kept = office(), world.town()
    inner = world.town("玉岩镇", "331124105")
    below = office(code="331124105-01", parent=inner)
    teacher = world.holder("lecturer", unit=inner)
    manager = world.holder("unit_admin", unit=inner)
    effects = effects_of_merge(inner, kept, TODAY)

    merge_units(unit=inner, kept=kept, **done(admin))

    below.refresh_from_db()
    assert (below.parent, below.path) == (kept, f"{kept.path}331124105-01/")
    assert [g.person for g in effects.grants_ending] == [manager]
    assert [g.person for g in effects.grants_continuing] == [teacher]
    assert not units_visible_to(person=manager, permission="read_people", on=TODAY).exists()
    assert RoleGrant.objects.get(person=teacher, unit=kept).from_date == TODAY
    assert RoleGrant.objects.get(person=manager).to_date == TODAY - timedelta(days=1)
    assert town.parent == kept


def test_what_the_merged_unit_owned_belongs_to_the_kept_one_drafts_included(admin):
    town, kept = world.town(), world.town("玉岩镇", "331124105")
    package, video = world.package(owner_unit=town), world.video(owner_unit=town)
    effects = effects_of_merge(town, kept, TODAY)

    merge_units(unit=town, kept=kept, **done(admin))

    package.refresh_from_db()
    video.refresh_from_db()
    assert sorted(effects.belongings) == [("视频", 1), ("课程包", 1)]
    assert (package.owner_unit, video.owner_unit) == (kept, kept)
    package.latest_revision.publish()
    package.refresh_from_db()
    assert package.owner_unit == kept


def test_a_merge_into_itself_or_downwards_is_refused(admin):
    town, inner = world.town(), office()

    for kept in (town, inner):
        with pytest.raises(UnitCycle) as refusal:
            merge_units(unit=town, kept=kept, **done(admin))
        assert refusal.value.code == "unit_cycle"


def test_a_unit_is_not_merged_into_one_of_a_lower_level(admin):
    with pytest.raises(LevelOrder, match="层级不对"):
        merge_units(unit=world.town("玉岩镇", "331124105"), kept=office(), **done(admin))


def test_a_closed_unit_takes_part_in_nothing_more(admin, elsewhere):
    town, kept = world.town(), world.town("玉岩镇", "331124105")
    merge_units(unit=town, kept=kept, **done(admin))

    for act in (
        lambda: merge_units(unit=town, kept=kept, **done(admin)),
        lambda: merge_units(unit=kept, kept=town, **done(admin)),
        lambda: move_unit(unit=town, parent=elsewhere, **done(admin)),
        lambda: rename_unit(unit=town, name="新名", **done(admin)),
    ):
        with pytest.raises(UnitClosed, match="已经并入别的单位"):
            act()


def test_the_administrators_unit_is_not_merged_away(admin):
    town = world.town()
    grant_role(
        person=world.learner(), role="security_admin", unit=town, from_date=date(2026, 1, 1),
        by=None, at=world.NOON,
    )  # fmt: skip

    with pytest.raises(UnitHoldsAdministrators, match="先把授权换到别的单位"):
        merge_units(unit=town, kept=world.town("玉岩镇", "331124105"), **done(admin))


def test_loading_the_divisions_again_leaves_changed_units_alone(admin, elsewhere):
    town = world.town()
    rename_unit(unit=town, name="大东坝街道", **done(admin))
    move_unit(unit=town, parent=elsewhere, **done(admin))
    before = list(Unit.objects.values())

    load_units(rows=[
        {"code": "33", "name": "浙江省", "parent_code": "", "level": "province"},
        {"code": "3311", "name": "丽水市", "parent_code": "33", "level": "city"},
        {"code": "331124", "name": "松阳县", "parent_code": "3311", "level": "county"},
        {"code": "331124107", "name": "大东坝镇", "parent_code": "331124", "level": "township"},
    ])  # fmt: skip

    assert list(Unit.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_two_units_moved_into_each_other_at_once_close_no_ring():
    admin = world.holder("system_admin")
    one = add_unit(code="A", name="甲", level="city", parent=None)
    two = add_unit(code="B", name="乙", level="city", parent=None)
    below = [
        add_unit(code=f"{unit.code}1", name="下级", level="county", parent=unit)
        for unit in (one, two)
    ]
    Unit.objects.filter(pk__in=[one.pk, two.pk]).update(level="office")
    refused = []

    def move(unit, parent):
        try:
            move_unit(unit=unit, parent=parent, **done(admin))
        except UnitCycle as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    moves = [Thread(target=move, args=pair) for pair in ((one, below[1]), (two, below[0]))]
    for thread in moves:
        thread.start()
    for thread in moves:
        thread.join()

    assert refused == ["unit_cycle"]
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == (unit.parent.path if unit.parent else "") + f"{unit.code}/"
