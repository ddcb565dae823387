"""Chromium for tests, through Playwright's synchronous interface."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    sync_playwright,
)

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio"),
    *("--autoplay-policy=no-user-gesture-required", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    # A page that asks the outside world for anything must fail here, not only on the intranet.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_MS = 15_000


def executable() -> str:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail(
        "browser tests need Chromium: apt-get install chromium fonts-noto-cjk", pytrace=False
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would refuse the ORM beside it although
    # nothing here is asynchronous.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            yield chromium
            chromium.close()


@contextmanager
def profile(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh browser profile: Chinese, 1280×800, paths relative to the site at `address`."""
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


@pytest.fixture
def context(browser: Browser, live_site: str) -> Iterator[BrowserContext]:
    """A fresh profile on the live site."""
    with profile(browser, live_site) as context:
        yield context


@pytest.fixture
def strict_context(browser: Browser, strict_site: str) -> Iterator[BrowserContext]:
    """A fresh profile on the strict site. Name it `context` in a module and `page` opens there."""
    with profile(browser, strict_site) as context:
        yield context


@pytest.fixture
def console_errors() -> list[str]:
    """What the page complained about. Clear it, or mark the test `expects_console_errors`."""
    return []


@pytest.fixture
def page(
    context: BrowserContext, console_errors: list[str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page whose console must stay free of errors: `page.goto("/courses/")`."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    def on_error(error: Error) -> None:
        console_errors.append(str(error))

    page = context.new_page()
    page.on("console", on_console)
    page.on("pageerror", on_error)
    yield page
    page.close()
    if not request.node.get_closest_marker("expects_console_errors"):
        assert console_errors == []
