"""The fixtures themselves: the site and the worker of the tests are the real programs."""

from urllib.request import urlopen

from config.celery import app


def test_live_site_answers_and_sees_committed_rows(live_site):
    with urlopen(f"{live_site}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_worker_takes_jobs_from_the_queue_of_the_test(worker):
    answer = app.control.inspect(timeout=10, limit=1).ping()

    assert list(answer.values()) == [{"ok": "pong"}]


def test_page_opens_the_live_site(page):
    page.goto("/healthz")

    assert page.url.endswith("/healthz")
