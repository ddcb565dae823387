"""The pages of units, transfers and merges: nothing axe finds, at both widths and in both themes."""

from datetime import date

import pytest
from playwright.sync_api import Page

from lms.common.clock import database_now
from lms.people.reorganising import merge_units, rename_unit
from lms.people.services import add_unit, grant_role
from lms.people.uniting import merge_persons
from tests import world
from tests.browser.test_accessibility import violations


@pytest.fixture
def reorganised(lively_site):
    """A county after a reform: units renamed and closed, a person twice in the register."""
    county = world.county()
    admin = world.holder("system_admin")
    towns = [world.town(name, code) for name, code in TOWNS]
    add_unit(code="331124104-01", name="党政综合办公室", level="office", parent=towns[0])
    grant_role(
        person=world.learner(name="毛永红", unit=towns[0]), role="unit_admin", unit=towns[0],
        from_date=date(2026, 1, 1), by=None, at=world.NOON,
    )  # fmt: skip
    said = {"by": admin, "at": database_now()}
    rename_unit(unit=towns[1], name="望松街道", reason="撤镇设街道", **said)
    merge_units(unit=towns[2], kept=towns[1], reason="撤乡并镇", **said)
    kept, twin = (world.learner(name="包建军", unit=towns[0]) for _ in range(2))
    for person, hours in ((kept, "7.5"), (twin, "3")):
        person.id_number = "332528198501011234"
        person.save()
        world.entry(person, hours, source_key="class/one")
        world.entry(person, "3")
    merge = merge_persons(
        kept=world.learner(name="叶丽"),
        merged=world.learner(name="叶丽"),
        reason="重复建档",
        **said,
    )
    return {
        "admin": admin,
        "paths": {
            "units": "/people/units/",
            "found": "/people/units/?q=镇",
            "nothing": "/people/units/?q=没有",
            "county": f"/people/units/{county.pk}/",
            "closed": f"/people/units/{towns[2].pk}/",
            "rename": f"/people/units/{towns[0].pk}/rename/",
            "renamed": f"/people/units/{towns[0].pk}/rename/?name=大东坝街道",
            "where": f"/people/units/{towns[0].pk}/merge/",
            "merging": f"/people/units/{towns[0].pk}/merge/?target={towns[1].pk}",
            "refused": f"/people/units/{towns[0].pk}/move/?target={towns[1].pk}",
            "transfer": f"/people/{kept.staff_number}/transfer/",
            "choose": "/people/merge/",
            "pair": f"/people/merge/?kept={kept.staff_number}&merged={twin.staff_number}",
            "undo": f"/people/merge/{merge.pk}/undo/",
        },
    }


TOWNS = (("大东坝镇", "331124104"), ("望松镇", "331124105"), ("竹源乡", "331124201"))


def test_no_page_of_units_and_merges_breaks_a_rule_of_accessibility(
    page: Page, lively_site, reorganised
):
    lively_site.sign_in(page.context, reorganised["admin"])
    found = []
    for name, path in reorganised["paths"].items():
        page.goto(path)
        if name == "transfer":
            page.locator("details summary").filter(has_text="更正").click()
        found += violations(page, name)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow == 0, name

    assert found == [], "\n".join(found)
