"""Every address of ours, asked by every role, answers as its declared policy says.

The stranger serves in another county; nothing of theirs may reach anybody here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CoursePackagePage, CourseUnit, LivestreamPage
from courses.classroom.models import Trip
from courses.learning.notes import write_note
from courses.learning.services import enrol
from lms.archive.models import ArchivePackage
from lms.archive.services import request_package, seal_package
from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.corrections import ask_correction
from lms.people.models import (
    CorrectionRequest,
    Person,
    PersonMerge,
    RoleGrant,
    RosterImport,
    Unit,
)
from lms.people.roles import PERMISSIONS, Role
from lms.people.roster.acting import receive_roster
from lms.people.services import add_unit, grant_role
from lms.people.uniting import merge_persons
from media.models import OfflinePack, Video
from media.offline.services import issue_pack
from tests import classrooms, world
from tests.architecture.routes import Route, every_route
from tests.architecture.test_relations import local_apps

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
    draft_elsewhere: CoursePackagePage
    lecture: LivestreamPage
    lecture_elsewhere: LivestreamPage
    trip: Trip
    trip_elsewhere: Trip
    grant: RoleGrant
    merge: PersonMerge
    merge_elsewhere: PersonMerge
    passkey_elsewhere: Authenticator
    correction: CorrectionRequest
    correction_elsewhere: CorrectionRequest
    roster: RosterImport
    roster_elsewhere: RosterImport

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


def own_pack(world: World) -> list:
    return [pack_of(world.people[Role.LEARNER]).key]


def pack_of(person: Person) -> OfflinePack:
    """Their open pack; the same each time."""
    return issue_pack(
        person=person, video=Video.objects.earliest("pk"), posting=person.postings.get(),
        client_key=UUID(int=person.pk), max_rate=2.0, at=database_now(),
    )  # fmt: skip


def sealed(world: World) -> list:
    return [world.sealed.pk]


def somebody(world: World) -> list:
    """Somebody of the county who is not the one asking."""
    return [world.grant.person.staff_number]


def a_number(world: World) -> list:
    return [world.merge.kept.staff_number]


def a_unit(world: World) -> list:
    return [world.merge.kept.postings.get().unit_id]


def roster(world: World) -> list:
    return [world.roster.pk]


def journalled(world: World) -> list:
    learner = world.people[Role.LEARNER]
    return [JournalEntry.objects.filter(subject=learner).first().pk]


def trip(world: World) -> list:
    return [world.trip.key]


def correction(world: World) -> list:
    return [world.correction.pk]


# A new address of ours must be added here, with what it answers to those who may ask.
SAMPLES = {
    "home": Sample(),
    "record": Sample(),
    "record-export": Sample(),
    "record-why": Sample(lambda world: [1]),
    "guide": Sample(),
    "guide-page": Sample(lambda world: ["start"]),
    "language": Sample(lambda world: ["en"], MOVED),
    "favicon": Sample(answer=301),
    "healthz": Sample(),
    "readyz": Sample(),
    "metrics": Sample(),
    "catalogue": Sample(),
    "course": Sample(lambda world: [world.package.slug]),
    "segment-permit": Sample(answer=403),  # without a link nobody may
    "encoder-permit": Sample(answer=BAD_METHOD),
    "study": Sample(unit_key),
    "lectures": Sample(),
    "lecture-calendar": Sample(lambda world: [world.lecture.slug]),
    "classroom": Sample(),
    "classroom-trip": Sample(trip),
    "classroom-sign-up": Sample(trip, BAD_METHOD),
    "classroom-withdraw": Sample(trip, BAD_METHOD),
    "classroom-calendar-file": Sample(trip),
    "door-occasions": Sample(),
    "door-packs": Sample(answer=BAD_METHOD),
    "door-scans": Sample(answer=BAD_METHOD),
    "calendar-settings": Sample(),
    "calendar-renew": Sample(answer=BAD_METHOD),
    "calendar-revoke": Sample(answer=BAD_METHOD),
    "calendar-feed": Sample(lambda world: ["nobodys-secret"], GONE),
    "player-config": Sample(unit_key),  # of the viewing that the study page before it has begun
    "live-state": Sample(unit_key),
    "questions": Sample(unit_key, GONE),  # of what was spoken live alone
    "notes": Sample(unit_key, BAD_METHOD),
    "all-notes": Sample(),
    "notes-file": Sample(),
    "note": Sample(lambda world: [world.stranger.lecture_notes.get().key], BAD_METHOD),
    "settle": Sample(unit_key, BAD_METHOD),
    "present": Sample(unit_key, BAD_METHOD),
    "read": Sample(unit_key, BAD_METHOD),
    "offline": Sample(),
    "offline-play": Sample(),
    "offline-worker": Sample(),
    "offline-shell": Sample(),
    "offline-packs": Sample(),
    "offline-issue": Sample(unit_key, BAD_METHOD),
    "offline-return": Sample(own_pack, BAD_METHOD),
    "offline-give-up": Sample(own_pack, BAD_METHOD),
    "people-security": Sample(),
    "people-session": Sample(),
    "people-stay": Sample(answer=BAD_METHOD),
    "people-activate": Sample(),
    "mfa_index": Sample(answer=MOVED),
    "mfa_list_webauthn": Sample(answer=MOVED),
    "mfa_remove_webauthn": Sample(lambda world: [1], GONE),  # nobody here has a passkey
    "openid_connect_login": Sample(lambda world: ["sso"], GONE),  # no issuer is configured
    "openid_connect_callback": Sample(lambda world: ["sso"], GONE),
    "people:activation": Sample(),
    "people:reset-second-factor": Sample(somebody, BAD_METHOD),
    "people:unlock-account": Sample(somebody, BAD_METHOD),
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
    "people:correction-answer": Sample(correction, BAD_METHOD),
    "people:reveal-id": Sample(somebody, BAD_METHOD),
    "people:list": Sample(),
    "people:export": Sample(),
    "people:me": Sample(),
    "people:roles": Sample(),
    "people:person": Sample(somebody),
    "people:grant": Sample(somebody),
    "people:revoke": Sample(lambda world: [world.grant.pk]),
    "people:suspend": Sample(somebody),
    "people:reactivate": Sample(somebody),
    "people:units": Sample(),
    "people:unit": Sample(a_unit),
    "people:unit-change": Sample(lambda world: [*a_unit(world), "move"]),
    "people:merge": Sample(),
    "people:merge-undo": Sample(lambda world: [world.merge.pk]),
    "people:transfer": Sample(a_number),
    "people:posting-correct": Sample(a_number, BAD_METHOD),
    "people:imports": Sample(),
    "people:import-new": Sample(answer=BAD_METHOD),
    "people:import-template": Sample(lambda world: ["xlsx"]),
    "people:import": Sample(roster),
    "people:import-columns": Sample(roster, BAD_METHOD),
    "people:import-confirm": Sample(roster, BAD_METHOD),
    "people:import-cancel": Sample(roster, BAD_METHOD),
    "people:import-progress": Sample(roster),
    "people:import-rejected": Sample(lambda world: [world.roster.pk, "csv"]),
}

# Parameter of a path → its value in another county. A new parameter must be added here, or below.
FOREIGN = {
    "sequence": lambda world: 3,  # only the stranger has a third entry
    "slug": lambda world: world.draft_elsewhere.slug,
    "unit_key": lambda world: world.draft_elsewhere.units.get(kind="video").key,
    "note_key": lambda world: world.stranger.lecture_notes.get().key,
    "pack_key": lambda world: world.stranger.offline_packs.get().key,
    "trip_key": lambda world: world.trip_elsewhere.key,
    "package_id": lambda world: world.sealed_elsewhere.pk,
    "staff_number": lambda world: NUMBER,
    "grant_id": lambda world: world.stranger.role_grants.get().pk,
    "unit_id": lambda world: world.stranger.postings.get().unit_id,
    "merge_id": lambda world: world.merge_elsewhere.pk,
    "kind": lambda world: "move",  # of the unit beside it
    "import_id": lambda world: world.roster_elsewhere.pk,
    "suffix": lambda world: "csv",  # of the import beside it
    "pk": lambda world: world.passkey_elsewhere.pk,
    "entry_id": lambda world: JournalEntry.objects.filter(subject=world.stranger).first().pk,
    "request_id": lambda world: world.correction_elsewhere.pk,
}
OF_NOBODY = {
    "code": "a language",
    "provider_id": "an identity provider",
    "secret": "whoever knows it is let in",
}
WORDS = {"kind", "suffix"}  # say what is wanted of the thing beside them


def foreign_address(route: Route, world: World) -> str:
    return reverse(route.name, args=[FOREIGN[name](world) for name in route.parameters])


def foreign_fields(world: World) -> dict[str, object]:
    """Another county's ids under every name a query, a filter or a body might use."""
    stranger, unit = world.stranger, world.stranger.postings.get().unit
    ids = {name: value(world) for name, value in FOREIGN.items()}
    return ids | {
        "person": stranger.pk, "person_id": stranger.pk, "id": stranger.pk, "by": stranger.pk,
        "unit": unit.code, "unit_id": unit.pk, "owner_unit": unit.pk, "place": unit.path,
        "posting": stranger.postings.get().pk, "q": NAME[:2], "who": NUMBER[:6],
        "role": "mentor", "from_date": "2026-11-25", "confirmed": "1", "reason": "理由",
        "is_superuser": "on", "is_active": "", "granted_by": stranger.pk,
    }  # fmt: skip


def state_of(world: World) -> dict[str, list]:
    """Every row of ours that points to the stranger or to their county, but journalled refusals."""
    unit, rows = world.stranger.postings.get().unit, {}
    for model in (m for app in local_apps() for m in app.get_models()):
        for field in (f for f in model._meta.concrete_fields if f.related_model in (Person, Unit)):
            whose = unit if field.related_model is Unit else world.stranger
            found = model._default_manager.filter(**{field.name: whose}).order_by("pk").values()
            if model is JournalEntry:
                found = found.exclude(outcome="refused")
            rows[f"{model.__name__}.{field.name}"] = list(found)
    return rows | {"person": list(Person.objects.filter(pk=world.stranger.pk).values())}


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
    elsewhere = outsider.postings.get().unit
    return World(
        package=package,
        people=people,
        stranger=outsider,
        sealed=seal(world.county()),
        sealed_elsewhere=seal(elsewhere),
        draft_elsewhere=draft(elsewhere),
        lecture=world.lecture(),
        lecture_elsewhere=world.lecture(TITLE, unit=elsewhere, audience=[elsewhere]),
        trip=classrooms.announced(),
        trip_elsewhere=classrooms.announced(title=TITLE, host_unit=elsewhere),
        grant=world.holder(Role.MENTOR).role_grants.get(),
        merge=merged_twins(world.town(), by=people[Role.SYSTEM_ADMIN]),
        merge_elsewhere=merged_twins(elsewhere, by=world.holder(Role.SYSTEM_ADMIN, unit=elsewhere)),
        passkey_elsewhere=Authenticator.objects.create(
            user=outsider, type=Authenticator.Type.WEBAUTHN, data={"name": TITLE}
        ),
        correction=asked_by(people[Role.LEARNER]),
        correction_elsewhere=asked_by(outsider),
        roster=roster_of(people[Role.UNIT_ADMIN]),
        roster_elsewhere=roster_of(world.holder(Role.UNIT_ADMIN, elsewhere)),
    )


def asked_by(person: Person) -> CorrectionRequest:
    wished = TITLE if person.name == NAME else "对"
    return ask_correction(about="other", wrong="错", wished=wished, by=person, at=database_now())


def roster_of(admin: Person) -> RosterImport:
    """A file waiting for its columns; it names the stranger's number when the admin is a stranger."""
    unit = admin.role_grants.get().unit
    row = f"{NAME},{NUMBER},{unit.code}" if unit.code != "331124" else "张三,1,331124"
    file = SimpleUploadedFile(f"{TITLE}.csv", f"姓名,编号,单位编码\n{row}\n".encode())
    if unit.code == "331124":
        file.name = "roster.csv"
    return receive_roster(file=file, by=admin, at=database_now())


def merged_twins(unit: Unit, by: Person) -> PersonMerge:
    kept, merged = world.learner(unit=unit), world.learner(unit=unit)
    return merge_persons(kept=kept, merged=merged, reason="重复建档", by=by, at=database_now())


def draft(unit: Unit) -> CoursePackagePage:
    page = world.package(TITLE, owner_unit=unit)
    page.unpublish()
    return page


def seal(unit: Unit) -> ArchivePackage:
    at = database_now()
    package = request_package(unit=unit, until=local_date(at), by=None, at=at)
    return seal_package(package=package, at=at)


def stranger(package: CoursePackagePage) -> Person:
    """Somebody of another county with an entry, a viewing, a pack and progress of their own."""
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
    grant_role(
        person=person, role=Role.MENTOR, unit=elsewhere, from_date=world.NOON.date(), by=None,
        at=world.NOON,
    )  # fmt: skip
    pack_of(person)
    write_note(person=person, unit=unit, key=uuid4(), at_seconds=1, text=TITLE, at=world.NOON)
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


def test_every_parameter_of_a_path_has_a_value_of_another_county():
    parameters = {name for route in named_routes() for name in route.parameters}

    assert parameters == set(FOREIGN) | set(OF_NOBODY)


def secrets_in(answer: HttpResponse) -> list[str]:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [secret for secret in SECRETS if secret.encode() in body]


def test_every_role_gets_what_the_policy_says_and_no_byte_of_a_stranger(a_world):
    wrong, told = [], []
    for role in ROLES:
        client = client_of(a_world.people[role])
        for route in named_routes():
            sample = SAMPLES[route.name]
            address = reverse(route.name, args=sample.arguments(a_world))
            answer = client.get(address)
            wanted = expected(route.view.access_policy, role, sample.answer)
            if answer.status_code != wanted:
                wrong.append(f"{route.name} as {role}: {answer.status_code}, not {wanted}")
            told += [f"{route.name} tells {role} {secret}" for secret in secrets_in(answer)]

    assert wrong == []
    assert told == []


def test_ids_of_another_county_in_query_and_filter_find_nothing(a_world):
    """The address is one's own. It answers as ever, or refuses; it never turns to somebody else."""
    fields, wrong = foreign_fields(a_world), []
    for role in ROLES:
        client = client_of(a_world.people[role])
        for route in named_routes():
            sample = SAMPLES[route.name]
            answer = client.get(reverse(route.name, args=sample.arguments(a_world)), fields)
            wanted = expected(route.view.access_policy, role, sample.answer)
            if answer.status_code not in {wanted, GONE}:
                wrong.append(f"{route.name} as {role}: {answer.status_code}, not {wanted}")
            told = set(secrets_in(answer)) - {NUMBER}  # links to the page itself repeat the query
            wrong += [f"{route.name} tells {role} {secret}" for secret in told]

    assert wrong == []


def test_ids_of_another_county_in_the_path_are_not_found(a_world):
    wrong = []
    for role in ROLES:
        client = client_of(a_world.people[role])
        for route in of_a_unit():
            answer = client.get(foreign_address(route, a_world))
            allowed = {GONE, BAD_METHOD, MOVED} if role == VISITOR else {GONE, BAD_METHOD}
            if answer.status_code not in allowed:
                wrong.append(f"{route.name} as {role}: {answer.status_code}")
            told = set(secrets_in(answer)) - {NUMBER}  # the missing page's links repeat its address
            wrong += [f"{route.name} tells {role} {secret}" for secret in told]

    assert wrong == []


def test_no_write_reaches_another_county_and_each_denial_is_on_record(a_world):
    """With foreign ids in path and body; and with one's own path and foreign ids in the body."""
    before, fields, wrong = state_of(a_world), foreign_fields(a_world), []
    for role in Role.values:
        client = client_of(a_world.people[role])
        for route in of_a_unit():
            noted = denials(a_world.people[role])
            answer = client.post(foreign_address(route, a_world), fields)
            if answer.status_code not in {GONE, BAD_METHOD}:
                wrong.append(f"{route.name} as {role}: {answer.status_code}")
            if answer.status_code == GONE and denials(a_world.people[role]) == noted:
                wrong.append(f"{route.name} as {role}: the denial is not on record")
        for route in named_routes():
            own = reverse(route.name, args=SAMPLES[route.name].arguments(a_world))
            client.post(own, fields)
            client.force_login(a_world.people[role])  # some acts end sessions

    assert wrong == []
    assert state_of(a_world) == before


def of_a_unit() -> list[Route]:
    return [r for r in named_routes() if set(r.parameters) - set(OF_NOBODY) - WORDS]


def denials(person: Person) -> int:
    return JournalEntry.objects.filter(actor=person, outcome="refused").count()


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


def test_another_countys_roster_does_not_exist_and_is_not_touched(a_world):
    foreign = a_world.roster_elsewhere
    read = {"import": [], "import-progress": [], "import-rejected": ["csv"]}
    written = ("import-columns", "import-confirm", "import-cancel")

    for role in (Role.UNIT_ADMIN, Role.SYSTEM_ADMIN):
        client = client_of(a_world.people[role])
        for name, more in read.items():
            assert (
                client.get(reverse(f"people:{name}", args=[foreign.pk, *more])).status_code == GONE
            )
        for name in written:
            assert client.post(reverse(f"people:{name}", args=[foreign.pk])).status_code == GONE

    foreign.refresh_from_db()
    assert foreign.state == RosterImport.State.MAPPING


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
