"""A whole city or county by COPY: people, postings, years of chained entries, viewings, progress.

One transaction, so a broken run leaves nothing. Two processes write and hash the rows while the
database takes them in; keys and indexes are built over all rows at the end.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing import get_context
from random import Random

from django.db import transaction

from config.demo.seeding.bulk import checked_at_the_end, copy_rows, next_id, take_ids
from config.demo.seeding.copy_text import copy_line
from config.demo.seeding.crowd import Member, Place, World
from config.demo.seeding.crowd_text import SLOTS, crowd_text
from config.demo.seeding.names import person_name
from config.demo.seeding.people import post_in
from config.demo.seeding.places import COUNTY, towns
from config.demo.seeding.policies import RULES
from courses.catalogue.models import CourseUnit
from courses.learning.models import Enrolment, UnitProgress
from lms.credits.models import LedgerEntry, LedgerHead, PolicyVersion
from lms.people.models import Person, Posting, Unit
from lms.people.services import pinyin_initials
from media.models import ViewingSession

CHUNK, AHEAD, PROCESSES = 1000, 4, 2
NUMBERS_FROM = "33119"
TARGETS = {
    "entries": (LedgerEntry, (
        "id", "person_id", "sequence", "posting_id", "bucket", "hours", "title", "happened_on",
        "posted_at", "policy_version_id", "grade", "outcome", "source_kind", "source_key",
        "evidence", "arithmetic", "actor_id", "reverses_id", "previous_hash", "hash",
    )),
    "heads": (LedgerHead, ("person_id", "sequence", "hash")),
    "viewings": (ViewingSession, (
        "id", "person_id", "video_id", "posting_id", "duration_seconds", "watched",
        "position_seconds", "opened_at", "last_beat_at", "assessed_at", "settled_at",
    )),
    "progress": (UnitProgress, (
        "id", "person_id", "unit_key", "package_key", "status", "covered_seconds",
        "needed_seconds", "completed_at", "updated_at", "entry_sequence", "hours",
    )),
    "enrolments": (Enrolment, (
        "id", "person_id", "package_key", "posting_id", "started_at", "last_seen_at",
    )),
}  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """How many people under which units, and how much each of them did."""

    people: int
    under: str
    years: int = 2
    classes_a_year: float = 1.8
    viewings: int = 4


def seed_crowd(
    *, crowd: Crowd, units: dict[str, Unit], by: Person, at: datetime, say: Callable[[str], None]
) -> int:
    """Returns how many people were added: as many as `crowd` has more than the database."""
    known = Person.objects.filter(staff_number__startswith=NUMBERS_FROM).count()
    if known >= crowd.people:
        return 0
    with transaction.atomic():
        first_ids = {table: next_id(TARGETS[table][0]) for table in SLOTS}
        members = _add_people(range(known, crowd.people), towns(units, crowd.under), at=at)
        say(f"{len(members)} people")
        world = _world(crowd, by=by, at=at, first_ids=first_ids)
        with checked_at_the_end([model for model, _columns in TARGETS.values()]):
            _copy_lives(world, members, say=say)
            say("keys and indexes")
        for table in SLOTS:
            take_ids(TARGETS[table][0])
    return len(members)


def staff_number(number: int) -> str:
    return f"{NUMBERS_FROM}{number:06}"


def _add_people(numbers: range, places: Sequence[Unit], *, at: datetime) -> list[Member]:
    first_person, first_posting = next_id(Person), next_id(Posting)
    members, people, postings = [], [], []
    for slot, number in enumerate(numbers):
        random, unit = Random(f"member {number}"), places[number % len(places)]
        name, (title, level, rank) = person_name(random), post_in(unit, random)
        member = Member(
            number, slot, first_person + slot, first_posting + slot,
            COUNTY if unit.code.startswith(COUNTY) else "3311",
        )  # fmt: skip
        since = date(at.year - random.randint(3, 9), random.randint(1, 12), random.randint(1, 28))
        people.append(copy_line((
            member.person_id, f"!{random.getrandbits(160):040x}", False, staff_number(number), name,
            pinyin_initials(name), "", "", "", True, at.isoformat(),
        )))  # fmt: skip
        postings.append(copy_line((
            member.posting_id, member.person_id, unit.pk, title, level, rank, since,
        )))  # fmt: skip
        members.append(member)
    copy_rows(Person, (
        "id", "password", "is_superuser", "staff_number", "name", "pinyin_initials", "phone",
        "email", "id_number", "is_active", "created_at",
    ), people)  # fmt: skip
    copy_rows(Posting, (
        "id", "person_id", "unit_id", "title", "post_level", "rank", "from_date",
    ), postings)  # fmt: skip
    take_ids(Person)
    take_ids(Posting)
    return members


def _world(crowd: Crowd, *, by: Person, at: datetime, first_ids: dict[str, int]) -> World:
    versions = PolicyVersion.objects.filter(policy__unit__code__in=(COUNTY, "3311"))
    return World(
        at=at, years=crowd.years, classes_a_year=crowd.classes_a_year, viewings=crowd.viewings,
        shelf=_shelf(), rules=RULES, actor_id=by.pk, first_ids=first_ids,
        policies={
            (version.policy.unit.code, version.effective_from.year): (version.pk, version.label)
            for version in versions.select_related("policy__unit")
        },
    )  # fmt: skip


def _shelf() -> list[Place]:
    """Units whose video can be played: nobody has watched what never was ready."""
    units = CourseUnit.objects.filter(package__live=True, video__build__isnull=False)
    return [
        Place(
            unit.video_id, str(unit.video.key), unit.video.duration_seconds, str(unit.key),
            unit.title, str(unit.package.key), unit.package.title,
        )
        for unit in units.select_related("video", "package").defer("body").order_by("pk")
    ]  # fmt: skip


def _copy_lives(world: World, members: Sequence[Member], *, say: Callable[[str], None]) -> None:
    done = 0
    for texts in _texts(world, members):
        for table, (model, columns) in TARGETS.items():
            copy_rows(model, columns, [texts[table]])
        done = min(done + CHUNK, len(members))
        if done % (CHUNK * 10) == 0 or done == len(members):
            say(f"{done} lives")


def _texts(world: World, members: Sequence[Member]) -> Iterator[dict[str, str]]:
    """Each chunk's text in order; a few are written ahead, so memory stays bounded."""
    chunks = [members[start : start + CHUNK] for start in range(0, len(members), CHUNK)]
    if len(chunks) == 1:
        yield crowd_text(world, chunks[0])
        return
    # Spawned, not forked: a child must not share this process's database connection.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[dict[str, str]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(crowd_text, world, chunk))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
