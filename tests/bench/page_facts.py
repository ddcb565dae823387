"""Prints the addresses to measure, a signed-in learner's cookie and each page's query count.

Run on the seeded city: `DATABASE_URL=… python -m tests.bench.page_facts`.
"""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the set-up above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from courses.catalogue.models import CoursePackagePage, CourseUnit  # noqa: E402
from courses.learning.models import UnitProgress  # noqa: E402
from lms.credits.models import LedgerEntry  # noqa: E402
from lms.people.models import Person  # noqa: E402

LEARNER = "wuxiaoyun"


def facts() -> dict:
    settings.ALLOWED_HOSTS = ["*"]
    person = Person.objects.get(staff_number=LEARNER)
    progress = UnitProgress.objects.filter(person=person)
    unit = CourseUnit.objects.filter(
        key__in=progress.values("unit_key"), kind="video", package__live=True
    ).first()
    paths = {
        "home": "/",
        "catalogue": "/courses/",
        "course": unit.package.specific.get_url(),
        "study": f"/learn/{unit.key}/",
        "record": "/record/",
    }
    client = Client()
    client.force_login(person)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    pages = {name: _page(client, path, cookie) for name, path in paths.items()}
    pages["anonymous_home"] = _page(Client(), "/", "")
    return {
        "pages": pages,
        "persons": Person.objects.count(),
        "packages": CoursePackagePage.objects.live().count(),
        "entries": LedgerEntry.objects.count(),
    }


def _page(client: Client, path: str, cookie: str) -> dict:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return {"path": path, "cookie": cookie, "queries": len(queries)}


if __name__ == "__main__":
    print(json.dumps(facts()))
