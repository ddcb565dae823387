"""What the three administrators try on each other's pages, and read of it."""

import re

from playwright.sync_api import Page, expect

from lms.people.models import Person
from lms.people.roles import ADMINISTRATORS
from tests import world
from tests.browser.signing import has_heading, open_room
from tests.factors import with_totp


def three_administrators() -> list[Person]:
    names = ("蔡伟", "纪敏", "沈静")
    three = [
        world.holder(role, password=world.PASSWORD, name=name)
        for role, name in zip(ADMINISTRATORS, names, strict=True)
    ]
    for person in three:
        with_totp(person)
    return three


def finds_missing(page: Page, *paths: str) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert (path, answer.status) == (path, 404)
        has_heading(page, "这一页找不到")


def give_a_role(page: Page, person: Person) -> None:
    page.goto("/people/?q=wxy")
    page.get_by_role("link", name=person.name).click()
    page.get_by_role("link", name="授予角色").click()
    expect(page.get_by_role("radio", name="审计员")).to_have_count(0)
    page.locator("#role-archivist").check()
    page.get_by_label("依据").fill("松组〔2026〕3 号")
    page.get_by_role("button", name="看看他将能做什么").click()
    expect(page.get_by_text("封装、下载、核验归档包")).to_be_visible()
    page.get_by_role("button", name="授予档案管理员").click()
    expect(page.get_by_text("吴晓芸现在是大东坝镇的档案管理员。")).to_be_visible()


def is_refused_a_second_administrator(page: Page, holder: Person) -> None:
    page.goto(f"/people/{holder.staff_number}/roles/new/")
    expect(page.get_by_text("他已经是系统管理员，另外两种授不了。")).to_be_visible()
    page.locator("#role-security_admin").check()
    page.get_by_label("在哪个单位").fill("松阳县")
    page.get_by_role("button", name="看看他将能做什么").click()
    expect(page.get_by_text("同一时间一人只能担任一种")).to_be_visible()


def reads_refusals(page: Page, system: Person, security: Person) -> None:
    open_room(page, "审计")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("近 7 天有 .* 次被拒绝的操作")
    )
    page.get_by_role("link", name="只看被拒绝的").click()
    rows = page.locator("ol.rows")
    for sentence in (
        f"{system.name}想打开 /journal/，没有这个权限，被拒绝。",
        f"{security.name}想打开 /people/units/，没有这个权限，被拒绝。",
        f"{security.name}想授予「{system.name}",
    ):
        expect(rows.get_by_text(sentence)).to_be_visible()
    rows.get_by_text(f"{security.name}想授予").click()
    expect(page.get_by_text("administrators_exclude_each_other")).to_be_visible()
