"""What a hand does at the doors of the strict site."""

import re

from playwright.sync_api import Page, expect

from lms.people.models import Person
from tests import world
from tests.factors import SECRET, totp_now

HOME = re.compile(r"://localhost:\d+/$")
OWN = "my-own-password-1"


def sign_in(page: Page, person: Person, password: str = world.PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("人员编号、手机号或邮箱").fill(person.staff_number)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def pass_second_factor(page: Page, secret: str = SECRET, step: int = 0) -> None:
    """The code on the phone; `step` 1 where the present one has been used (see `totp_now`)."""
    expect(page.get_by_role("heading", level=1)).to_have_text("还差一步：第二重验证")
    page.get_by_label("验证码或恢复码").fill(totp_now(secret, step))
    page.get_by_role("button", name="验证并登录").click()
    page.wait_for_url(HOME)


def set_up_authenticator(page: Page) -> str:
    """On 账号与安全; the secret the phone now keeps. Ends at the recovery codes."""
    page.get_by_role("link", name="设验证器").click()
    page.get_by_text("扫不了，手工输密钥").click()
    secret = page.locator("details .code").inner_text().strip()
    page.get_by_label("验证码").fill(totp_now(secret))
    page.get_by_role("button", name="启用验证器").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("存好这 10 个恢复码")
    return secret


def has_heading(page: Page, finding: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(finding)


def rooms(page: Page) -> list[str]:
    """The entries of the main navigation."""
    nav = page.get_by_role("navigation", name="主导航", exact=True)
    return nav.get_by_role("link").all_inner_texts()


def open_room(page: Page, name: str) -> None:
    nav = page.get_by_role("navigation", name="主导航", exact=True)
    nav.get_by_role("link", name=name).click()


def open_menu(page: Page, entry: str) -> None:
    """An entry of the account menu."""
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("link", name=entry).click()


def sign_out(page: Page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(HOME)


def activate(page: Page, person: Person, code: str) -> str:
    """First sign-in with the code, then a second factor; the secret on the phone."""
    page.goto("/accounts/login/")
    page.get_by_role("link", name="第一次登录").click()
    page.get_by_label("人员编号").fill(person.staff_number)
    page.get_by_label("激活码").fill(code.lower())
    page.get_by_label("新密码", exact=True).fill(OWN)
    page.get_by_label("再填一次新密码").fill(OWN)
    page.get_by_role("button", name="存密码并登录").click()
    page.wait_for_url(HOME)
    open_menu(page, "账号与安全")
    has_heading(page, "账号只有密码一道门")
    secret = set_up_authenticator(page)
    open_menu(page, "账号与安全")
    has_heading(page, "账号有两道门")
    return secret
