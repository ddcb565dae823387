"""A site with something on every page a learner meets, and somebody signed in."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext

from courses.catalogue.models import CoursePackagePage, CourseUnit
from lms.people.models import Person
from tests import films, world


@dataclass
class Site:
    address: str
    learner: Person
    archivist: Person
    package: CoursePackagePage

    @property
    def public_paths(self) -> dict[str, str]:
        return {"landing": "/", "login": "/accounts/login/", "missing": "/no-such-page/"}

    @property
    def learner_paths(self) -> dict[str, str]:
        video, reading = self.package.units.order_by("sort_order")
        return {
            "home": "/",
            "catalogue": "/courses/",
            "course": self.package.get_url(),
            "study": f"/learn/{video.key}/",
            "reading": f"/learn/{reading.key}/",
            "record": "/record/",
            "notes": "/learn/notes/",
            "guide": "/guide/",
        }

    def sign_in(self, context: BrowserContext, person: Person) -> None:
        sign_in(context, person, self.address)


def sign_in(context: BrowserContext, person: Person, address: str) -> None:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": address}])


@pytest.fixture
def lively_site(live_site: str, tmp_path: Path) -> Iterator[Site]:
    world.policy()
    learner = world.learner()
    package = world.package()
    video = films.ready_video(tmp_path, seconds=14)
    CourseUnit.objects.filter(package=package, kind="video").update(video=video)
    world.viewing(learner, video, [(0, 5), (8, 10)])
    world.entry(learner)
    yield Site(live_site, learner, world.holder("archivist"), package)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
