"""No page a learner or an archivist meets breaks a rule axe knows, narrow or wide, light or dark."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lms.common.clock import database_now
from lms.people.models import Person
from lms.people.services import grant_role
from media.live.services import go_live
from media.models import Take
from tests import world
from tests.browser.conftest import sign_in

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDTHS = (360, 1280)
THEMES = ("qiangji", "qiangji-dark")
# Colours glide to the other theme's; half way they are nobody's.
RUN = """Promise.all(document.getAnimations().map((glide) => glide.finished))
  .then(() => axe.run(document, { resultTypes: ["violations"] }))
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`))"""


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page as it stands, at every width and in both themes."""
    page.evaluate(AXE)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            found += [f"{name} {width} {theme} {rule}" for rule in page.evaluate(RUN)]
    return found


@pytest.mark.expects_console_errors  # a missing page is logged as one
def test_no_page_breaks_a_rule_of_accessibility(page: Page, lively_site):
    found = []
    for name, path in lively_site.public_paths.items():
        page.goto(path)
        found += violations(page, name)
    lively_site.sign_in(page.context, lively_site.learner)
    for name, path in lively_site.learner_paths.items():
        page.goto(path)
        if name == "study":
            page.locator("media-play-button.qp-big").wait_for()
        for entry in page.locator("details.entry summary").all()[:1]:
            entry.click()
        found += violations(page, name)
    lively_site.sign_in(page.context, lively_site.archivist)
    page.goto("/archive/")
    found += violations(page, "archive")

    assert found == [], "\n".join(found)


def test_no_page_about_lectures_breaks_a_rule_of_accessibility(page: Page, lively_site):
    lecture, at = world.lecture(audience=[world.county()]), database_now()
    on = world.lecture("正在讲的一场：山林防火")
    go_live(take=Take.objects.create(livestream=on.livestream, number=1, began_at=at))
    lively_site.sign_in(page.context, lively_site.learner)
    paths = {"home": "/", "catalogue": "/courses/", "lectures": "/lectures/", "nothing": "/lectures/?q=x",
             "lecture": lecture.url, "calendar": "/me/calendar/"}  # fmt: skip
    found = []
    for name, path in paths.items():
        page.goto(path)
        found += violations(page, name)
    page.get_by_role("button", name="生成订阅地址").click()
    found += violations(page, "address")

    assert found == [], "\n".join(found)


def test_no_page_about_people_breaks_a_rule_of_accessibility(page: Page, live_site: str):
    world.policy()
    town, security = world.town(), world.holder("security_admin")
    person = world.learner("吴晓芸")
    person.id_number, person.phone = "330302199001011234", "13957801234"
    person.save()
    world.entry(person)
    for role in ("mentor", "lecturer"):
        grant_role(
            person=person, role=role, unit=town, from_date=date(2026, 1, 1), by=None, at=world.NOON
        )
    Person.objects.filter(pk=world.learner("停用的").pk).update(is_active=False)
    sign_in(page.context, security, live_site)
    number, grant = person.staff_number, person.role_grants.first()
    paths = {
        "people": "/people/",
        "nobody": "/people/?q=没这人&unit=x",
        "person": f"/people/{number}/",
        "roles": f"/people/roles/?who={number}",
        "grant": f"/people/{number}/roles/new/",
        "revoke": f"/people/roles/{grant.pk}/revoke/",
        "suspend": f"/people/{number}/suspend/",
        "me": "/people/me/",
    }
    found = []
    for name, path in paths.items():
        page.goto(path)
        found += violations(page, name)
    page.goto(paths["grant"])
    page.locator("#role-archivist").check()
    page.get_by_role("button", name="看看他将能做什么").click()
    page.get_by_role("heading", name="让吴晓芸担任档案管理员？").wait_for()
    found += violations(page, "confirm")

    assert found == [], "\n".join(found)
