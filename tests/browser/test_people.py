"""The journeys of people, units and access in Chromium, under the rules of production.

A roster is imported, mended and imported again; a cadre activates an account and is transferred; the
three administrators find each other's rooms missing.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.common.clock import database_now, local_date
from lms.credits.models import LedgerEntry
from lms.journal.models import JournalEntry
from lms.people.models import ActivationCode, Person, Posting, RoleGrant, RosterImport
from lms.people.roles import ADMINISTRATORS, Role
from lms.people.roster.writing import lock_rosters
from tests import world
from tests.browser.administering import (
    finds_missing,
    give_a_role,
    is_refused_a_second_administrator,
    reads_refusals,
    three_administrators,
)
from tests.browser.rostering import BAD, GOOD, NEXT_TOWN, TOWN, hand_in, mended, roster_file, write
from tests.browser.signing import (
    OWN,
    activate,
    has_heading,
    open_menu,
    open_room,
    pass_second_factor,
    rooms,
    sign_in,
    sign_out,
)
from tests.chromium import profile
from tests.factors import with_totp
from tests.rosters import Places, made_places

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def context(strict_context: BrowserContext) -> BrowserContext:
    return strict_context


@pytest.fixture
def places(strict_site: str) -> Iterator[Places]:
    yield made_places()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def admin(places: Places) -> Person:
    person = world.holder(Role.UNIT_ADMIN, places.county, world.PASSWORD, name="潘海燕")
    with_totp(person)
    return person


def enter(page: Page, person: Person) -> None:
    sign_in(page, person)
    pass_second_factor(page)


def people_and_postings() -> list[list[tuple[object, ...]]]:
    return [list(rows.order_by("pk").values_list()) for rows in (Person.objects, Posting.objects)]


def test_a_unit_administrator_imports_a_roster_mends_ten_rows_and_imports_them_again(
    page: Page, worker, admin: Person, tmp_path: Path
):
    enter(page, admin)
    bad = [cells for cells, _sentence, _mend in BAD.values()]
    hand_in(page, roster_file(tmp_path / "松阳名册.csv", [*GOOD, *bad]))
    has_heading(page, "会新增 3 人，变动 0 人")
    expect(page.get_by_role("heading", name="10 行有问题")).to_be_visible()
    for _cells, sentence, _mend in BAD.values():
        expect(page.get_by_text(sentence)).to_be_visible()
    assert not Person.objects.filter(staff_number__startswith="000").exists()

    with transaction.atomic():
        lock_rosters()  # the worker waits for us, so that somebody can look
        page.get_by_role("button", name="写入这 3 人").click()
        has_heading(page, "正在导入名册")
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_text("可以离开这个页面，不会停。")).to_be_visible()
    has_heading(page, "已新增 3 人，变动 0 人，10 行没有导入")
    expect(page.get_by_role("heading", name="10 行没有导入", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载错误清单（CSV）").click()
    download.value.save_as(tmp_path / "rejected.csv")

    file = mended(tmp_path / "rejected.csv")
    hand_in(page, file)
    has_heading(page, "会新增 10 人，变动 0 人")
    write(page, 10)
    has_heading(page, "已新增 10 人，变动 0 人")
    expect(page.get_by_text("每一行都核对过，没有错误。")).to_be_visible()

    before = people_and_postings()
    hand_in(page, file)
    has_heading(page, "名册和平台完全一致，不用导入")
    expect(page.get_by_role("button", name=re.compile("^写入"))).to_have_count(0)
    assert people_and_postings() == before
    new = Person.objects.filter(staff_number__startswith="000")
    assert sorted(new.values_list("staff_number", flat=True)) == sorted(
        [cells[1] for cells in GOOD] + list(BAD)
    )
    assert new.get(staff_number="000809").id_number == "11010519491231002X"
    assert {(r.created, r.rejected) for r in RosterImport.objects.filter(state="done")} == {
        (3, 10), (10, 0),
    }  # fmt: skip
    noted = JournalEntry.objects.filter(action="people.roster_imported", actor=admin)
    assert noted.filter(outcome="done").count() == 2


def test_a_cadre_activates_an_account_is_transferred_and_still_sees_last_years_hours(
    page: Page, worker, browser: Browser, strict_site: str, admin: Person, tmp_path: Path
):
    enter(page, admin)
    hand_in(page, roster_file(tmp_path / "大东坝名册.csv", GOOD))
    write(page, 3)
    page.get_by_role("link", name="给新增的 3 人发激活码").click()
    has_heading(page, "这份名册新增的人，还有 3 人没有登录过")
    page.get_by_label("选 钟晓玲").check()
    page.get_by_role("button", name="给选中的人发激活码").click()
    has_heading(page, "1 个激活码，只显示这一次")
    code = page.locator("li", has_text="钟晓玲").locator(".code").inner_text()

    cadre = Person.objects.get(staff_number="000731")
    last_year = local_date(database_now()).year - 1
    world.policy(date(last_year, 1, 1))
    world.entry(cadre, "7.5", happened_on=date(last_year, 10, 16), title="基层治理能力提升专题班")

    with profile(browser, strict_site) as other:
        own = other.new_page()
        secret = activate(own, cadre, code)
        sign_out(own)
        sign_in(own, cadre, OWN)
        pass_second_factor(own, secret, step=1)

        transfer(page, cadre)
        read_last_year(own, last_year)
        open_menu(own, "我的信息")
        expect(own.locator("header .lead").last).to_have_text("古市镇 · 党委副书记")
        expect(own.locator(".stop.now")).to_contain_text("古市镇")
        expect(own.locator(".stop.done")).to_contain_text("大东坝镇")
        own.close()

    entry = LedgerEntry.objects.get(person=cadre)
    assert (entry.posting.unit.code, entry.hours) == (TOWN, 7.5)
    postings = cadre.postings.order_by("from_date").values_list("unit__code", "to_date")
    assert [code for code, _to_date in postings] == [TOWN, NEXT_TOWN]
    cadre.refresh_from_db()
    assert cadre.check_password(OWN)
    assert Authenticator.objects.filter(user=cadre, type=Authenticator.Type.TOTP).count() == 1
    assert ActivationCode.objects.get(person=cadre).used_at is not None
    newest = cadre.sign_ins.latest("at")
    assert (newest.way, newest.has_second_factor) == ("password", True)
    assert JournalEntry.objects.filter(action="people.transferred", actor=admin).count() == 1


def transfer(page: Page, person: Person) -> None:
    """To the next town, from today on."""
    page.goto("/people/")
    page.get_by_label("姓名、拼音首字母或编号").fill("zxl")
    page.get_by_role("button", name="找人").click()
    page.get_by_role("link", name=person.name).click()
    page.get_by_role("link", name="办调动").click()
    has_heading(page, "钟晓玲现在在大东坝镇任职")
    form = page.locator("form", has=page.get_by_role("button", name="办理调动"))
    form.get_by_label("单位").fill(f"{NEXT_TOWN} 古市镇")
    form.get_by_label("职务", exact=True).fill("党委副书记")
    form.get_by_label("任职起").fill(local_date(database_now()).isoformat())
    form.get_by_role("button", name="办理调动").click()
    expect(page.get_by_text("钟晓玲已调到古市镇。以前的学时留在原单位名下。")).to_be_visible()
    has_heading(page, "钟晓玲")
    expect(page.locator(".stop.now")).to_contain_text("古市镇 · 党委副书记")
    expect(page.locator(".stop.done")).to_contain_text("大东坝镇 · 组织委员")


def read_last_year(page: Page, year: int) -> None:
    open_room(page, "档案")
    page.get_by_role("link", name=f"{year} 年").click()
    expect(page.locator("header .lead").last).to_have_text("钟晓玲 · 大东坝镇 · 组织委员")
    entry = page.locator("details.entry", has_text="基层治理能力提升专题班")
    expect(entry).to_contain_text("7.5")
    entry.locator("summary").click()
    expect(entry.get_by_text("大东坝镇 · 组织委员")).to_be_visible()


@pytest.mark.expects_console_errors  # what is missing or refused is logged as an error
def test_the_three_administrators_cannot_do_each_others_work(page: Page, places: Places):
    system, security, audit = three_administrators()
    person = world.learner("吴晓芸", unit=places.town)
    one = f"/people/{person.staff_number}/"

    # The system administrator keeps units and people, and gives or suspends nothing.
    enter(page, system)
    assert rooms(page) == ["首页", "课程", "课堂", "档案", "人员", "单位"]
    page.goto(one)
    expect(page.get_by_role("link", name="办调动")).to_be_visible()
    for action in ("授予角色", "停用账号"):
        expect(page.get_by_role("link", name=action)).to_have_count(0)
    finds_missing(page, "/journal/", "/people/roles/", f"{one}roles/new/", f"{one}suspend/")
    sign_out(page)

    # The security administrator gives a role after reading what it means, but never a second one of three.
    enter(page, security)
    assert rooms(page) == ["首页", "课程", "课堂", "档案", "人员"]
    finds_missing(page, "/journal/", "/people/units/", "/people/import/", f"{one}transfer/")
    give_a_role(page, person)
    is_refused_a_second_administrator(page, system)
    sign_out(page)

    # The audit administrator sees no list of people, and reads what the others were refused.
    enter(page, audit)
    assert rooms(page) == ["首页", "课程", "课堂", "档案", "角色", "审计"]
    finds_missing(page, "/people/", "/people/units/", one, f"{one}suspend/", "/people/activation/")
    page.goto(f"/people/roles/?who={person.staff_number}")
    page.get_by_role("link", name="授予角色").click()
    expect(page.get_by_role("radio")).to_have_count(2)
    reads_refusals(page, system, security)

    held = RoleGrant.objects.filter(role__in=ADMINISTRATORS).values_list("person", "role")
    assert set(held) == {(system.pk, "system_admin"), (security.pk, "security_admin"), (audit.pk, "audit_admin")}  # fmt: skip
    assert RoleGrant.objects.get(person=person).role == Role.ARCHIVIST
    refused = JournalEntry.objects.filter(outcome="refused")
    granting = refused.get(actor=security, action="people.role_granted")
    assert granting.code == "administrators_exclude_each_other"
    pages = refused.filter(action="access.page_refused").values_list("actor", "detail__path")
    assert {(system.pk, "/journal/"), (security.pk, "/journal/"), (audit.pk, "/people/")} <= set(pages)  # fmt: skip
