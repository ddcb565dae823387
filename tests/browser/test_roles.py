"""The three administrators in Chromium: each does their own work and finds the others' rooms missing."""

import pytest
from playwright.sync_api import Page, expect

from lms.journal.models import JournalEntry
from lms.people.models import RoleGrant
from tests import world
from tests.browser.conftest import sign_in


@pytest.mark.expects_console_errors  # what is missing or refused is logged as an error
def test_the_three_administrators_cannot_do_each_others_work(page: Page, live_site: str):
    world.policy()
    kinds = ("system_admin", "security_admin", "audit_admin")
    system, security, audit = (world.holder(kind) for kind in kinds)
    person = world.learner("吴晓芸")
    number = person.staff_number

    # The security administrator gives a role, after reading what it means.
    sign_in(page.context, security, live_site)
    page.goto("/people/?q=wxy")
    page.get_by_role("link", name="吴晓芸").click()
    page.get_by_role("link", name="授予角色").click()
    page.get_by_role("radio", name="审计员").wait_for(state="detached")
    page.locator("#role-archivist").check()
    page.get_by_label("依据").fill("松组〔2026〕3 号")
    page.get_by_role("button", name="看看他将能做什么").click()
    expect(page.get_by_text("封装、下载、核验归档包")).to_be_visible()
    page.get_by_role("button", name="授予档案管理员").click()
    expect(page.get_by_text("吴晓芸现在是大东坝镇的档案管理员。")).to_be_visible()

    # They cannot make the system administrator one of the other two.
    page.goto(f"/people/{system.staff_number}/roles/new/")
    expect(page.get_by_text("他已经是系统管理员，另外两种授不了。")).to_be_visible()
    page.locator("#role-security_admin").check()
    page.get_by_label("在哪个单位").fill("松阳县")
    page.get_by_role("button", name="看看他将能做什么").click()
    expect(page.get_by_text("同一时间一人只能担任一种")).to_be_visible()

    # The system administrator sees people, and gives or suspends nothing.
    page.context.clear_cookies()
    sign_in(page.context, system, live_site)
    page.goto(f"/people/{number}/")
    expect(page.get_by_role("heading", name="吴晓芸")).to_be_visible()
    expect(page.get_by_role("link", name="授予角色")).to_have_count(0)
    assert missing(page, f"/people/{number}/roles/new/", f"/people/{number}/suspend/", "/manage/")

    # The audit administrator appoints auditors, and sees no list of people.
    page.context.clear_cookies()
    sign_in(page.context, audit, live_site)
    assert missing(page, "/people/", f"/people/{number}/", f"/people/{number}/suspend/")
    page.goto(f"/people/roles/?who={number}")
    page.get_by_role("link", name="授予角色").click()
    expect(page.get_by_role("radio")).to_have_count(2)

    assert RoleGrant.objects.filter(person=person).count() == 1
    refused = JournalEntry.objects.filter(outcome="refused", actor=security).get()
    assert refused.code == "administrators_exclude_each_other"


def missing(page: Page, *paths: str) -> bool:
    answers = [page.goto(path) for path in paths]
    return all(answer is not None and answer.status == 404 for answer in answers)
