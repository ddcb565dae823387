"""A small world for tests: a county with rules, a town, a learner, a package. Real rows, real writers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from courses.catalogue.models import (
    CatalogueIndexPage,
    CoursePackagePage,
    CourseUnit,
    LivestreamPage,
)
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.credits.services import add_policy_version, post_entry
from lms.people.models import Person, Posting, Unit
from lms.people.services import add_person, add_unit, grant_role, start_posting
from lms.portal.services import install_site
from media.live.services import announce
from media.models import Video, ViewingSession

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # noon in Shanghai
PASSWORD = "qiangji-test-2026"
RULES: dict[str, Any] = {
    "coverage_share": "0.9",
    "video_bands": [
        {"minutes": "30", "inclusive": True, "hours": "1"},
        {"minutes": "15", "inclusive": False, "hours": "0.5"},
        {"minutes": "0", "inclusive": False, "hours": "0.25"},
    ],
    "daily_cap": "10",
    "max_rate": "2",
    "hours_per_day": "7.5",
    "requirements": {"township_level": {"online": "50", "in_person": "90"}},
}
_numbers = count(1)


def county() -> Unit:
    province = add_unit(code="33", name="浙江省", level="province", parent=None)
    city = add_unit(code="3311", name="丽水市", level="city", parent=province)
    return add_unit(code="331124", name="松阳县", level="county", parent=city)


def town(name: str = "大东坝镇", code: str = "331124107") -> Unit:
    return add_unit(code=code, name=name, level="township", parent=county())


def policy(effective_from: date | None = None, **changes: Any) -> PolicyVersion:
    """The county's rules, some figures changed."""
    label = "松阳 2026.1" if not changes else f"松阳 2026.1-{next(_numbers)}"
    effective = date(2026, 1, 1) if not changes else date(2026, 1, 1 + next(_numbers) % 27)
    return add_policy_version(
        unit=county(),
        name="松阳县学时规则",
        label=label,
        title="松阳县干部教育培训学时认定细则（2026 年第 1 版）",
        document_number="松组〔2026〕1 号",
        effective_from=effective_from or effective,
        rules=RULES | changes,
        by=None,
        at=NOON,
    )


def learner(name: str = "吴晓芸", unit: Unit | None = None, password: str | None = None) -> Person:
    person = add_person(staff_number=f"SY{next(_numbers):06d}", name=name, password=password)
    start_posting(
        person=person,
        unit=unit or town(),
        title="党政综合办公室主任",
        post_level=Posting.PostLevel.TOWNSHIP,
        from_date=date(2020, 1, 1),
    )
    return person


def holder(
    role: str, unit: Unit | None = None, password: str | None = None, name: str = ""
) -> Person:
    """A person holding a role in the county."""
    person = learner(name=name or f"持有{role}", password=password)
    where = unit or county()
    grant_role(person=person, role=role, unit=where, from_date=date(2020, 1, 1), by=None, at=NOON)
    return person


def video(minutes: float = 10, **facts: Any) -> Video:
    """A finished video as the record sees it; no files behind it."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "title": f"讲座 {number}",
        "owner_unit": county(),
        "state": Video.State.READY,
        "duration_seconds": int(minutes * 60),
        "build": f"00000000-0000-4000-8000-{number:012d}",
        "created_at": NOON,
        "ready_at": NOON,
    }
    return Video.objects.create(**fields | facts)


def shelf() -> CatalogueIndexPage:
    home = install_site(
        hostname="localhost", port=80, site_name="强基", headline="每个学时都有依据", intro=""
    )
    found: CatalogueIndexPage = home.get_children().get(slug="courses").specific
    return found


def lecture(
    title: str = "冬季山林防火",
    unit: Unit | None = None,
    audience: Sequence[Unit] = (),
    **when: Any,
) -> LivestreamPage:
    """A published page of a livestream that begins in an hour; in no package yet."""
    at = database_now()
    times = {"starts_at": at + timedelta(hours=1), "ends_at": at + timedelta(hours=2)} | when
    livestream = announce(
        title=title, lecturer="蓝秀珍", owner_unit=unit or county(), by=None, at=at, **times
    )
    page = LivestreamPage(
        title=title, slug=f"lecture-{next(_numbers)}", livestream=livestream,
        summary="乡镇一小时响应怎么排。", lecturer_post="松阳县应急管理局",
    )  # fmt: skip
    shelf().add_child(instance=page)
    page.audience.set(audience)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def package(title: str = "一张网格管到底：网格事项准入与闭环", **facts: Any) -> CoursePackagePage:
    """A published package with one video unit of ten minutes and one reading."""
    fields: dict[str, Any] = {
        "title": title,
        "slug": f"package-{next(_numbers)}",
        "summary": "讲清楚准入、分派、办结、回访四步。",
        "topic": "governance",
        "lecturer_name": "徐志强",
        "owner_unit": county(),
    }
    page = CoursePackagePage(**fields | facts)
    page.units = [
        CourseUnit(kind="video", title="事项准入清单怎么用", video=video(), sort_order=0),
        CourseUnit(kind="reading", title="读一份清单", body="<p>清单正文。</p>", sort_order=1),
    ]
    shelf().add_child(instance=page)
    page.save_revision().publish()
    return page


def viewing(
    person: Person, of: Video, watched: list[tuple[int, int]], at: datetime = NOON
) -> ViewingSession:
    """What a person watched, as beats would have left it."""
    return ViewingSession.objects.create(
        person=person,
        video=of,
        posting=person.postings.get(),
        duration_seconds=of.duration_seconds,
        watched=watched,
        position_seconds=watched[-1][1] if watched else 0,
        opened_at=at,
        last_beat_at=at,
    )


def entry(person: Person, hours: str = "1", **facts: Any) -> LedgerEntry:
    fields: dict[str, Any] = {
        "posting": facts.get("posting") or person.postings.get(),
        "bucket": "in_person",
        "hours": Decimal(hours),
        "title": "乡镇（街道）基层治理能力提升专题班",
        "happened_on": date(2026, 10, 16),
        "policy_version": PolicyVersion.objects.first() or policy(),
        "grade": "documented",
        "source_kind": "class",
        "source_key": f"class-{next(_numbers)}",
        "evidence": {"document_number": "松党校结〔2026〕第 0318 号"},
        "arithmetic": [["天数", "1"]],
        "by": None,
        "at": NOON,
    }
    return post_entry(person=person, **fields | facts)
