"""Every address of ours, asked by every role, answers as its declared policy says.

The stranger serves in another county; nothing of theirs may reach anybody here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CoursePackagePage, CourseUnit
from courses.learning.services import enrol
from lms.archive.models import ArchivePackage
from lms.archive.services import request_package, seal_package
from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.models import Person, Unit
from lms.people.roles import PERMISSIONS, Role
from lms.people.services import add_unit
from tests import world
from tests.architecture.routes import Route, every_route

pytestmark = pytest.mark.django_db

VISITOR = "visitor"
ROLES = [VISITOR, *Role.values]
FOUND, MOVED, BAD_METHOD, GONE = 200, 302, 405, 404
SECRETS = TITLE, NAME, NUMBER = "外县干部才看得到的培训", "欧阳外县", "XX990001"


@dataclass(frozen=True)
class World:
    """What addresses name: a course, an entry of the person asking, the county's sealed package."""

    package: CoursePackagePage
    people: dict[str, Person | None]
    stranger: Person
    sealed: ArchivePackage
    sealed_elsewhere: ArchivePackage

    @property
    def video_unit(self) -> CourseUnit:
        return self.package.units.get(kind="video")


@dataclass(frozen=True)
class Sample:
    """Arguments of an address, and what those who may ask it get by GET."""

    arguments: Callable[[World], list] = lambda world: []
    answer: int = FOUND


def unit_key(world: World) -> list:
    return [world.video_unit.key]


def sealed(world: World) -> list:
    return [world.sealed.pk]


def journalled(world: World) -> list:
    learner = world.people[Role.LEARNER]
    return [JournalEntry.objects.filter(subject=learner).first().pk]


# A new address of ours must be added here, with what it answers to those who may ask.
SAMPLES = {
    "home": Sample(),
    "record": Sample(),
    "record-export": Sample(),
    "record-why": Sample(lambda world: [1]),
    "guide": Sample(),
    "guide-page": Sample(lambda world: ["start"]),
    "language": Sample(lambda world: ["en"], MOVED),
    "healthz": Sample(),
    "readyz": Sample(),
    "metrics": Sample(),
    "catalogue": Sample(),
    "course": Sample(lambda world: [world.package.slug]),
    "study": Sample(unit_key),
    "player-config": Sample(unit_key),  # of the viewing that the study page before it has begun
    "settle": Sample(unit_key, BAD_METHOD),
    "read": Sample(unit_key, BAD_METHOD),
    "archive:packages": Sample(),
    "archive:new": Sample(answer=BAD_METHOD),
    "archive:package": Sample(sealed),
    "archive:progress": Sample(sealed),
    "archive:retry": Sample(sealed, BAD_METHOD),
    "archive:verify": Sample(sealed, BAD_METHOD),
    "archive:download": Sample(sealed),
    "journal:list": Sample(),
    "journal:export": Sample(),
    "journal:row": Sample(journalled),
    "my-data": Sample(),
    "my-data-json": Sample(),
    "my-data-xlsx": Sample(),
    "my-data-ask": Sample(answer=BAD_METHOD),
    "people:corrections": Sample(),
    "people:correction-answer": Sample(lambda world: [1], BAD_METHOD),
    "people:reveal-id": Sample(lambda world: [world.people[Role.LEARNER].pk], BAD_METHOD),
}


def named_routes() -> list[Route]:
    return [r for r in every_route() if r.is_ours and r.name and not r.path.startswith("manage/")]


@pytest.fixture
def a_world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    package = world.package()
    people: dict[str, Person | None] = {VISITOR: None}
    for role in Role.values:
        people[role] = world.holder(role)
        world.entry(people[role])
    outsider = stranger(package)
    return World(
        package=package,
        people=people,
        stranger=outsider,
        sealed=seal(world.county()),
        sealed_elsewhere=seal(outsider.postings.get().unit),
    )


def seal(unit: Unit) -> ArchivePackage:
    at = database_now()
    package = request_package(unit=unit, until=local_date(at), by=None, at=at)
    return seal_package(package=package, at=at)


def stranger(package: CoursePackagePage) -> Person:
    """Somebody of another county with an entry, a viewing and progress of their own."""
    city = world.county().parent
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=city)
    person = world.learner(name=NAME, unit=elsewhere)
    person.staff_number = NUMBER
    person.save()
    unit = package.units.get(kind="video")
    enrol(person=person, unit=unit, posting=person.postings.get(), at=world.NOON)
    world.viewing(person, unit.video, [(0, 300)])
    for _ in range(3):
        world.entry(person, title=TITLE)
    return person


def client_of(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def expected(policy: str, role: str, answer: int) -> int:
    if policy == "public":
        return answer
    if role == VISITOR:
        return MOVED
    if policy == "signed_in":
        return answer
    return answer if policy in PERMISSIONS.get(role, frozenset()) else GONE


def test_every_named_route_has_a_sample():
    assert {route.name for route in named_routes()} == set(SAMPLES)


def test_every_role_gets_what_the_policy_says_and_no_byte_of_a_stranger(a_world):
    wrong, told = [], []
    for role in ROLES:
        client = client_of(a_world.people[role])
        for route in named_routes():
            sample = SAMPLES[route.name]
            address = reverse(route.name, args=sample.arguments(a_world))
            answer = client.get(f"{address}?person={a_world.stranger.pk}")
            wanted = expected(route.view.access_policy, role, sample.answer)
            if answer.status_code != wanted:
                wrong.append(f"{route.name} as {role}: {answer.status_code}, not {wanted}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told += [f"{route.name} tells {role} {s}" for s in SECRETS if s.encode() in body]

    assert wrong == []
    assert told == []


def test_visitors_are_sent_to_the_sign_in_page_with_the_way_back(a_world):
    answer = Client().get("/record/?year=2026")

    assert answer.url == "/accounts/login/?next=/record/%3Fyear%3D2026"


def test_another_persons_entry_does_not_exist(a_world):
    """Everybody here has one entry; only the stranger has a second and a third."""
    address = reverse("record-why", args=[3])

    got = {role: client_of(a_world.people[role]).get(address).status_code for role in ROLES}

    assert got == {role: MOVED if role == VISITOR else GONE for role in ROLES}


def test_nobody_settles_the_viewing_of_a_stranger(a_world):
    viewing = a_world.stranger.viewings.get()
    before = (viewing.watched, viewing.assessed_at, viewing.settled_at)

    for role in Role.values:
        client = client_of(a_world.people[role])
        answer = client.post(reverse("settle", args=unit_key(a_world)))
        assert answer.status_code == GONE

    viewing.refresh_from_db()
    assert (viewing.watched, viewing.assessed_at, viewing.settled_at) == before


def test_another_countys_package_does_not_exist_and_is_not_touched(a_world):
    archivist, foreign = client_of(a_world.people[Role.ARCHIVIST]), a_world.sealed_elsewhere
    assert foreign.state == ArchivePackage.State.SEALED

    def address(name: str) -> str:
        return reverse(f"archive:{name}", args=[foreign.pk])

    read = {archivist.get(address(n)).status_code for n in ("package", "progress", "download")}
    written = {archivist.post(address(n)).status_code for n in ("retry", "verify")}

    assert read == written == {GONE}
    assert not foreign.checks.exists()


def test_a_unit_nobody_made_is_not_found(a_world):
    client = client_of(a_world.people[Role.LEARNER])

    for name in ("study", "player-config"):
        assert client.get(reverse(name, args=[uuid4()])).status_code == GONE


def test_a_draft_opens_to_those_who_edit_courses_and_to_nobody_else(a_world):
    a_world.package.unpublish()
    address = reverse("study", args=unit_key(a_world))

    opened = {role for role in Role.values if open_to(a_world.people[role], address)}

    assert opened == {Role.COURSE_AUTHOR, Role.COURSE_REVIEWER, Role.PUBLISHER}


def test_a_draft_of_another_county_is_not_found_by_those_who_edit_courses(a_world):
    a_world.package.unpublish()
    elsewhere = a_world.stranger.postings.get().unit
    roles = (Role.COURSE_AUTHOR, Role.COURSE_REVIEWER, Role.PUBLISHER)

    for role in roles:
        assert not open_to(
            world.holder(role, unit=elsewhere), reverse("study", args=unit_key(a_world))
        )


def open_to(person: Person | None, address: str) -> bool:
    return client_of(person).get(address).status_code == FOUND


def test_the_machine_interface_answers_only_about_oneself(a_world):
    person = a_world.people[Role.ARCHIVIST]

    answer = client_of(person).get(f"/api/v1/me/record?person={a_world.stranger.pk}")

    assert answer.json()["staff_number"] == person.staff_number
    assert TITLE not in answer.content.decode()
    assert Client().get("/api/v1/me/record").status_code == 401
