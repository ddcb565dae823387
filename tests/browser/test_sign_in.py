"""Signing in in a real browser, under the rules of production: passkeys, codes, idling, another issuer."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from lms.common.clock import database_now
from lms.people.activation import issue_codes
from lms.people.models import SignIn
from lms.people.sessions import end_sessions
from tests import world
from tests.browser.signing import HOME, set_up_authenticator, sign_in, sign_out
from tests.browser.test_accessibility import violations
from tests.issuers import Issuer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def context(strict_context: BrowserContext) -> BrowserContext:
    return strict_context


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """A virtual authenticator with a fingerprint that is always right."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def test_an_archivist_adds_a_passkey_and_signs_in_with_it_alone(page: Page, authenticator):
    archivist = world.holder("archivist", password=world.PASSWORD)
    sign_in(page, archivist)
    expect(page.get_by_role("heading", level=1)).to_have_text("先设好第二重验证")
    page.goto("/archive/")
    expect(page).to_have_url(re.compile("/accounts/security/$"))

    page.get_by_role("link", name="加通行密钥").click()
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_role("button", name="加这把密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("存好这 10 个恢复码")
    page.goto("/archive/")
    expect(page).to_have_url(re.compile("/archive/$"))
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(HOME)
    page.goto("/archive/")

    expect(page).to_have_url(re.compile("/archive/$"))
    newest = archivist.sign_ins.latest("at")
    assert (newest.way, newest.has_second_factor) == ("passkey", True)


def test_a_passkey_completes_a_sign_in_by_password(page: Page, authenticator):
    person = world.learner(password=world.PASSWORD)
    sign_in(page, person)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("以后可以不输密码").uncheck()
    page.get_by_role("button", name="加这把密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("存好这 10 个恢复码")
    sign_out(page)

    sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("还差一步：第二重验证")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(HOME)

    expect(page.locator("details.menu summary")).to_be_visible()


def test_without_a_passkey_on_the_device_the_page_says_so(page: Page, authenticator):
    page.goto("/accounts/login/")
    authenticator.send("WebAuthn.disable")
    authenticator.send("WebAuthn.enable")
    page.evaluate(
        """() => { navigator.credentials.get =
            () => Promise.reject(new DOMException("", "NotAllowedError")) }"""
    )

    page.get_by_role("button", name="用通行密钥登录").click()

    expect(page.get_by_text("没有完成：你取消了，或者等得太久。")).to_be_visible()


def test_a_cadre_activates_an_account_enables_totp_and_keeps_the_codes(
    page: Page, strict_site, settings
):
    settings.BASE_URL = strict_site
    admin, person = world.holder("unit_admin"), world.learner("钟晓玲")
    issued = issue_codes(people=[person.pk], by=admin, at=database_now())[0]

    page.goto(issued.link)
    expect(page.get_by_label("人员编号")).to_have_value(person.staff_number)
    assert "#" not in page.url  # nothing of the code stays in the address
    page.get_by_label("新密码", exact=True).fill("my-own-password-1")
    page.get_by_label("再填一次新密码").fill("my-own-password-1")
    page.get_by_role("button", name="存密码并登录").click()
    page.wait_for_url(HOME)
    page.goto("/accounts/security/")
    set_up_authenticator(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载恢复码").click()
    codes = download.value.path().read_text().split()
    assert len(codes) == 10
    assert all(page.get_by_text(code, exact=True).is_visible() for code in codes)

    sign_out(page)
    sign_in(page, person, "my-own-password-1")
    page.get_by_label("验证码或恢复码").fill(codes[0])
    page.get_by_role("button", name="验证并登录").click()
    page.wait_for_url(HOME)
    page.goto("/accounts/security/")

    expect(page.get_by_text("还剩 9 个，共 10 个")).to_be_visible()


@pytest.mark.expects_console_errors  # of the issuer's own page, which asks the Internet for its looks
def test_signing_in_at_another_issuer_passes_the_security_policy(page: Page, issuer: Issuer):
    person = world.learner()
    person.email = "browser@example.gov.cn"
    person.save()
    issuer.tell("browser-1", email=person.email, email_verified=True)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="用统一身份认证登录").click()
    page.wait_for_url(f"{issuer.url}/**")
    page.locator("input[name=sub]").fill("browser-1")
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(HOME)

    expect(page.locator("details.menu summary")).to_be_visible()
    assert person.sign_ins.get().way == "sso"


def test_a_second_sign_in_ends_the_first_and_the_first_reads_why(
    page: Page, browser: Browser, strict_site
):
    person = world.learner(password=world.PASSWORD)
    sign_in(page, person)
    page.wait_for_url(HOME)
    with browser.new_context(base_url=strict_site, locale="zh-CN") as other:
        sign_in(other.new_page(), person)

    page.goto("/record/")

    expect(page.get_by_text("在另一处登录")).to_be_visible()
    assert SignIn.objects.filter(person=person, end="replaced").count() == 1


def shorten(page: Page, idle: int, warning: int) -> None:
    """Let the page count a shorter time than the server does."""
    page.route(
        re.compile(r"/record/$"),
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text()
            .replace('data-idle-seconds="1200"', f'data-idle-seconds="{idle}"')
            .replace('data-warning-seconds="120"', f'data-warning-seconds="{warning}"'),
        ),
    )


def test_who_idles_is_warned_and_stays_by_a_press_of_the_button(page: Page):
    person = world.learner(password=world.PASSWORD)
    sign_in(page, person)
    page.wait_for_url(HOME)
    told: list[str] = []
    page.on(
        "request", lambda request: told.append(request.url) if "/stay/" in request.url else None
    )
    page.route(
        "**/accounts/session/",
        lambda route: route.fulfill(json={"signed_in": True, "seconds_left": 3}),
    )
    shorten(page, idle=8, warning=4)

    page.goto("/record/")
    warning = page.get_by_role("dialog", name="还在吗？")
    expect(warning).to_be_visible()
    expect(warning.get_by_role("button", name="继续使用")).to_be_focused()
    page.keyboard.press("Enter")

    expect(warning).to_be_hidden()
    page.wait_for_timeout(300)
    assert len(told) == 1


def test_who_idles_too_long_finds_the_sign_in_page_and_nothing_of_theirs(page: Page):
    person = world.learner(password=world.PASSWORD)
    sign_in(page, person)
    page.wait_for_url(HOME)
    shorten(page, idle=6, warning=2)

    page.goto("/record/")
    end_sessions(person=person, why=SignIn.End.IDLE, by=None, at=database_now())

    page.wait_for_url("**/accounts/login/?next=%2Frecord%2F")
    expect(page.get_by_text("超过 20 分钟没有操作")).to_be_visible()


def test_a_lecture_that_plays_is_somebody_there(page: Page):
    person = world.learner(password=world.PASSWORD)
    sign_in(page, person)
    page.wait_for_url(HOME)
    shorten(page, idle=8, warning=2)
    page.goto("/record/")

    with page.expect_request("**/accounts/stay/"):
        page.evaluate(
            """() => { const film = document.createElement("video"); document.body.append(film);
            setInterval(() => film.dispatchEvent(new Event("timeupdate")), 200); }"""
        )


def test_every_page_of_signing_in_is_open_to_everybody(
    page: Page, authenticator, strict_site, settings
):
    """axe finds nothing, narrow or wide, light or dark."""
    settings.BASE_URL = strict_site
    found: list[str] = []
    admin = world.holder("unit_admin", password=world.PASSWORD)
    for number in range(3):
        world.learner(f"干部{number}")
    page.goto("/accounts/login/")
    found += violations(page, "login")
    page.goto("/accounts/activate/")
    found += violations(page, "activate")
    sign_in(page, admin)
    found += violations(page, "must set up")
    for path in ("2fa/totp/activate/", "2fa/webauthn/add/", "password/change/"):
        page.goto(f"/accounts/{path}")
        found += violations(page, path)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="加这把密钥").click()
    page.get_by_role("heading", name="存好这 10 个恢复码").wait_for()
    found += violations(page, "codes")
    page.goto("/accounts/security/")
    found += violations(page, "security")
    page.get_by_role("link", name=re.compile("^去掉")).first.click()
    found += violations(page, "remove")
    page.goto("/people/activation/")
    found += violations(page, "activation")
    page.get_by_label("全选这一页").check()
    page.get_by_role("button", name="给选中的人发激活码").click()
    page.get_by_role("heading", name="激活码，只显示这一次").wait_for()
    found += violations(page, "sheet")

    assert found == [], "\n".join(found)
