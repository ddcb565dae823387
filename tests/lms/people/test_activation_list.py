"""Who waits for a first sign-in: everybody in one's units, or those one import added."""

import pytest

from lms.common.clock import database_now
from lms.people.models import Person, RosterImport
from lms.people.roles import Role
from lms.people.roster.importing import import_roster
from tests import world
from tests.rosters import Places, made_places, text_of

PAGE = "/people/activation/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return made_places()


@pytest.fixture
def admin(client, places) -> Person:
    person = world.holder(Role.UNIT_ADMIN, unit=places.town)
    client.force_login(person)
    return person


@pytest.fixture
def bring(tmp_path):
    """Import people into the town, by name: `bring(by, "甲", "乙")`."""

    def bring(by: Person, *names: str, unit: str = "331124107") -> RosterImport:
        rows = [(name, f"9{ord(name[0])}", unit) for name in names]
        path = tmp_path / "roster.csv"
        path.write_text(text_of(rows, ("姓名", "人员编号", "单位编码")), encoding="utf-8")
        import_roster(path=path, by=by, at=database_now())
        return RosterImport.objects.latest("pk")

    return bring


def listed(client, **asked) -> set[str]:
    return {person.name for person in client.get(PAGE, asked).context["people"]}


def test_the_list_of_an_import_holds_only_whom_it_added(client, admin, bring):
    world.learner("早就在的")
    bring(admin, "甲", "乙")
    later = bring(admin, "乙", "丙")

    assert listed(client) == {"早就在的", "甲", "乙", "丙"}
    assert listed(client, roster=later.pk) == {"丙"}


def test_who_has_signed_in_is_no_longer_counted_as_new(client, admin, bring):
    roster = bring(admin, "甲", "乙")
    Person.objects.filter(name="甲").update(last_login=database_now())

    page = client.get(PAGE, {"roster": roster.pk}).content.decode()

    assert "这份名册新增的人，还有 1 人没有登录过" in page
    assert listed(client, roster=roster.pk) == {"乙"}


def test_an_import_one_may_not_see_narrows_nothing(client, admin, places, bring):
    foreign = bring(world.holder(Role.UNIT_ADMIN, unit=places.elsewhere), "丁", unit="331122")
    bring(admin, "甲")

    for asked in (foreign.pk, "0", "x", "-1", "9" * 40):
        assert listed(client, roster=asked) == listed(client)
    assert "甲" in listed(client)
    assert "丁" not in listed(client)


def test_the_sheet_leads_back_to_the_list_it_was_made_from(client, admin, bring):
    roster = bring(admin, "甲")
    address = f"{PAGE}?roster={roster.pk}"

    page = client.post(address, {"people": [Person.objects.get(name="甲").pk]}).content.decode()

    assert f'href="{address}"' in page
