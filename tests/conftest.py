"""Fixtures every test may use: servers, a pristine database, the running site, a browser.

- `db` (pytest-django): a transaction rolled back; the usual choice.
- `transactional_db`: real commits; afterwards `tests.pristine` puts back the rows of the migrations.
- `live_site`: address of the real Granian server on the test database (implies `transactional_db`).
- `worker`: a real Celery worker on the test database and queues (implies `transactional_db`).
- `page`: a Chromium page; fails the test on unexpected console errors.
"""

import fcntl
from collections.abc import Iterator

import pytest
from django.db import connection

from config.env import RUN_DIR
from config.runtime import processes
from config.runtime.components import MARK
from config.runtime.services import ensure_services
from courses.learning.shelf import shelf
from lms.credits.selectors import policies_kept
from tests import migrated, pristine
from tests.lanes import needs_browser

pytest_plugins = ["tests.site", "tests.chromium", "tests.issuers"]


@pytest.fixture(scope="session", autouse=True)
def services() -> Iterator[dict[str, str]]:
    """PostgreSQL and Valkey, started if need be. They stay up: the next run starts at once."""
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    with (RUN_DIR / "pytest.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit(f"another test run uses {RUN_DIR}; give this one its own RUN_DIR")
        # A killed run leaves its site and worker behind, and they hold the test database.
        left_over = processes.find_marked(MARK, pristine.TEST_RUN_MARK)
        processes.end_all(left_over, grace_seconds=5)
        yield ensure_services(RUN_DIR)


@pytest.fixture(scope="session")
def is_copied(services, request: pytest.FixtureRequest) -> bool:
    """Whether the test database was copied from one already migrated (embedded server only)."""
    if pristine.GIVEN_DATABASE_URL or request.config.getvalue("create_db"):
        return False
    return migrated.copy_into(connection.creation._get_test_db_name())


@pytest.fixture(scope="session")
def django_db_keepdb(is_copied: bool, django_db_keepdb: bool) -> bool:
    """A copied database is taken as it is; pytest-django only looks for missing migrations."""
    return is_copied or django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(is_copied, django_db_setup, django_db_blocker) -> Iterator[None]:
    """Remember the freshly migrated database, and return to it after each committing test."""
    with django_db_blocker.unblock():
        if not is_copied and not pristine.GIVEN_DATABASE_URL:
            connection.close()
            migrated.keep(connection.settings_dict["NAME"])
        pristine.take_snapshot()
    with pytest.MonkeyPatch.context() as patch:
        pristine.replace_flush(patch)
        yield
    with django_db_blocker.unblock():
        connection.close()
        pristine.leave_to_us()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that need the browser run last: Playwright keeps an event loop in this thread from its
    first use to the end, and beside a running loop no test could start one of its own."""
    last = {item.path for item in items if needs_browser(item)}
    items.sort(key=lambda item: item.path in last)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps for all requests is not carried from one test into the next."""
    for kept in (shelf, policies_kept):
        kept._copy = None
