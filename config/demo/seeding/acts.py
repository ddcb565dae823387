"""What a seeded person did, each act carried out by the same services the site uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from courses.catalogue.models import CourseUnit
from courses.learning.services import enrol, finish_reading, settle_viewing
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.credits.selectors import policy_for
from lms.credits.services import post_entry, reverse_entry
from lms.people.models import Person, Posting, Unit
from media.models import Video, ViewingSession

HERE = ZoneInfo("Asia/Shanghai")
HOURS_A_DAY = Decimal("7.5")
CLASS_RULE = "集中培训按到课天数记，1 天记 7.5 学时；凭办班文件、签到表和结业名单认定。"
VISIT_RULE = "流动课堂半天记 3 学时；凭现场签到认定。"
PLATFORM_RULE = "上级网络学院的学时凭平台出具的证明认定，记入网络学习，与本平台不重复。"


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), HERE)


class Clerk:
    """Whoever recognises hours; remembers policies, which thousands of entries share."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self._policies: dict[tuple[int, int], PolicyVersion] = {}

    def policy(self, unit: Unit, on: date) -> PolicyVersion:
        if (unit.pk, on.year) not in self._policies:
            found = policy_for(unit=unit, on=on)
            if found is None:
                raise LookupError(f"no policy for {unit} on {on}")
            self._policies[unit.pk, on.year] = found
        return self._policies[unit.pk, on.year]


@dataclass(frozen=True)
class Subject:
    """The person whose life it is, with all postings, newest first."""

    person: Person
    postings: Sequence[Posting]

    def held_on(self, on: date) -> Posting:
        """As `posting_on` answers, without asking the database each time."""
        return next((p for p in self.postings if p.from_date <= on), self.postings[-1])


@dataclass(frozen=True)
class Act:
    at: datetime

    def perform(self, subject: Subject, clerk: Clerk) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Lesson:
    """A video unit and the video it shows."""

    unit: CourseUnit
    video: Video


@dataclass(frozen=True)
class Watch(Act):
    """A viewing that ended `at`, with half-open `spans` of seconds seen."""

    lesson: Lesson
    spans: Sequence[tuple[int, int]]

    def perform(self, subject: Subject, clerk: Clerk) -> None:
        person, posting = subject.person, subject.held_on(self.at.date())
        unit, video = self.lesson.unit, self.lesson.video
        seconds = video.duration_seconds
        opened_at = self.at - timedelta(seconds=seconds * 1.2 + 20)
        enrol(person=person, unit=unit, posting=posting, at=opened_at)
        viewing = ViewingSession.objects.create(
            person=person, video=video, posting=posting, duration_seconds=seconds,
            watched=list(self.spans), position_seconds=self.spans[-1][1], opened_at=opened_at,
            last_beat_at=self.at,
        )  # fmt: skip
        settle_viewing(viewing=viewing, at=self.at + timedelta(seconds=1))


@dataclass(frozen=True)
class Read(Act):
    unit: CourseUnit

    def perform(self, subject: Subject, clerk: Clerk) -> None:
        person, posting = subject.person, subject.held_on(self.at.date())
        finish_reading(person=person, unit=self.unit, posting=posting, at=self.at)


@dataclass(frozen=True)
class Recognise(Act):
    """Hours recognised from a document or a sign-in sheet, by the training office."""

    key: str
    bucket: str
    title: str
    hours: Decimal
    happened_on: date
    grade: str
    evidence: dict
    arithmetic: list

    def perform(self, subject: Subject, clerk: Clerk) -> None:
        posting = subject.held_on(self.happened_on)
        post_entry(
            person=subject.person, posting=posting, bucket=self.bucket, hours=self.hours, title=self.title,
            happened_on=self.happened_on, grade=self.grade,
            policy_version=clerk.policy(posting.unit, self.happened_on),
            source_kind="recognition", source_key=self.key, evidence=self.evidence,
            arithmetic=self.arithmetic, by=clerk.by, at=self.at,
        )  # fmt: skip


@dataclass(frozen=True)
class TakeBack(Act):
    """Reverse an entry recognised by mistake."""

    key: str
    reason: str

    def perform(self, subject: Subject, clerk: Clerk) -> None:
        entry = LedgerEntry.objects.get(
            person=subject.person, source_kind="recognition", source_key=self.key, reverses=None
        )
        reverse_entry(entry=entry, reason=self.reason, by=clerk.by, at=self.at)


def class_attended(
    *,
    title: str,
    last_day: date,
    days: int,
    document: str,
    host: str,
    provider: str,
    present: int = 0,
) -> Recognise:
    """A class of `days` study days, of which the sheets show `present` (all of them when 0)."""
    counted = present or days
    hours = counted * HOURS_A_DAY
    return Recognise(
        at=moment(last_day + timedelta(days=3), 10, 20), key=f"class/{document}", bucket="in_person",
        title=title, hours=hours, happened_on=last_day, grade="documented",
        evidence={
            "rule": CLASS_RULE, "document_number": document, "host_unit": host,
            "provider": provider, "class_key": document, "starts_on": str(last_day - timedelta(days=days - 1)),
            "ends_on": str(last_day), "sign_ins": f"{counted * 2}/{days * 2}",
        },
        arithmetic=[
            ["办班天数", f"{days} 天"], ["签到表到课", f"{counted} 天"],
            [f"{counted} 天 × {HOURS_A_DAY}", f"{hours:.2f}"],
        ],
    )  # fmt: skip


def visit_attended(*, title: str, on: date, key: str, host: str) -> Recognise:
    """Half a day of the mobile classroom, witnessed by whoever kept the sheet."""
    return Recognise(
        at=moment(on + timedelta(days=1), 9, 10), key=f"visit/{key}", bucket="in_person", title=title,
        hours=Decimal(3), happened_on=on, grade="witnessed",
        evidence={
            "rule": VISIT_RULE, "host_unit": host, "provider": host, "class_key": f"visit/{key}",
            "starts_on": str(on), "ends_on": str(on),
        },
        arithmetic=[["现场签到、签退", "2 次"], ["半天", "3.00"]],
    )  # fmt: skip


def platform_hours(*, title: str, on: date, hours: str, document: str) -> Recognise:
    """Hours of a higher platform, recognised by list."""
    return Recognise(
        at=moment(on + timedelta(days=5), 15, 30), key=f"platform/{document}", bucket="online",
        title=title, hours=Decimal(hours), happened_on=on, grade="documented",
        evidence={
            "rule": PLATFORM_RULE, "document_number": document, "host_unit": "浙江干部网络学院",
            "starts_on": str(on), "ends_on": str(on),
        },
        arithmetic=[["平台证明学时", f"{Decimal(hours):.2f}"], ["核对名单", "一致"]],
    )  # fmt: skip
