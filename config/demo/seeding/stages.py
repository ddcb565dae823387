"""The seed as a list of stages. Each looks first, so running it again changes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from config.demo import syllabus
from config.demo.seeding.access import seed_access
from config.demo.seeding.acts import Lesson
from config.demo.seeding.archives import seed_archive
from config.demo.seeding.catalogue_names import shelf_packages
from config.demo.seeding.classroom import seed_classroom
from config.demo.seeding.courses import publish_package, shelve_packages
from config.demo.seeding.cuts import divide
from config.demo.seeding.history import seed_history
from config.demo.seeding.live import seed_livestreams
from config.demo.seeding.lives import Shelf
from config.demo.seeding.notes import seed_notes
from config.demo.seeding.oversight import seed_oversight
from config.demo.seeding.people import ACCOUNTS, seed_accounts, seed_cadres
from config.demo.seeding.places import COUNTY, seed_units
from config.demo.seeding.policies import seed_policies
from config.demo.seeding.rosters import seed_roster
from config.demo.seeding.twins import seed_twins
from config.demo.seeding.videos import seed_videos
from config.demo.seeding.volume import Crowd, seed_crowd
from courses.catalogue.models import CoursePackagePage, CourseUnit
from lms.common.clock import local_date
from lms.credits.models import LedgerEntry
from lms.journal.months import add_months
from lms.people.models import Person, Unit
from lms.portal.services import install_site
from media.models import Video

# Packages whose lectures people have been watching: playable when the seed ends. The lectures of
# the others wait for the worker, so a new demo shows transcoding at work.
WATCHED = ("yizhang-wangge", "zonghe-zhifa", "xunqi-zhuanyi")
TO_WATCH = ("xunqi-zhuanyi", "yu-qian")  # what the learner has not opened yet
SHELF_WEEKS = 10
YEARS = 4
HEADLINE = "每一笔学时都有据可查"
INTRO = "松阳县干部教育培训平台：课程、学时和档案在一处，每一笔都能看到规则、算式和证据。"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """How much to seed: people one by one, the packages to publish, then perhaps a crowd by COPY."""

    cadres: int = 187
    packages: tuple[str, ...] = ()
    at_once: tuple[str, ...] = WATCHED
    shelf: int = 0
    crowd: Crowd | None = None

    def scripts(self) -> list[syllabus.Package]:
        return [p for p in syllabus.packages() if not self.packages or p.slug in self.packages]


SCALES = {
    "demo": Scale(),
    "county": Scale(shelf=44, crowd=Crowd(people=5_000, under=COUNTY)),
    "city": Scale(shelf=194, crowd=Crowd(people=80_000, under="3311")),
}


def seed(*, scale: Scale, folder: Path, at: datetime, say: Say) -> dict[str, int]:
    """Fill the database up to `scale`. Returns counts of what is there afterwards."""
    units = seed_units()
    # What people did in earlier years belongs to the months of those years.
    add_months(since=local_date(at) - timedelta(days=365 * YEARS), ahead=12 * YEARS + 3)
    accounts = seed_accounts(units=units, password=settings.DEMO_PASSWORD, at=at)
    staff = accounts["staff"]
    seed_policies(units=units, by=staff, at=at)
    install_site(hostname="127.0.0.1", port=8000, site_name="强基", headline=HEADLINE, intro=INTRO)
    say(f"{len(units)} units, accounts, policies and the site")
    videos = _seed_shelf(scale, units=units, by=staff, folder=folder, at=at, say=say)
    seed_livestreams(unit=units[COUNTY], by=staff, replayed=TO_WATCH[0], at=at)
    cadres = seed_cadres(units=units, count=scale.cadres, at=at)
    seed_access(cadres=cadres, accounts=accounts, units=units, at=at)
    say(f"{len(cadres)} cadres")
    trips = seed_classroom(units=units, people=accounts, cadres=cadres, at=at)
    say(f"{trips} mobile classrooms")
    imported = seed_roster(by=accounts["unit_admin"], at=at)
    say(f"{imported} people by roster")
    lived = seed_history(
        learner=accounts["wuxiaoyun"], unseen=syllabus.key_of(*TO_WATCH), cadres=cadres, by=staff,
        shelf=_watched_shelf(), at=at,
    )  # fmt: skip
    seed_notes(person=accounts["wuxiaoyun"], at=at)
    seed_twins(units=units, shelf=_watched_shelf(), by=staff, at=at)
    say(f"{lived} histories, and one person registered twice")
    sealed = seed_archive(unit=units[COUNTY], by=accounts["archivist"], at=at)
    say(f"{sealed} archive packages sealed")
    seals = seed_oversight(people=accounts, cadres=cadres, at=at)
    say(f"{seals} batches of the journal sealed")
    if scale.crowd:
        more = shelf_packages(scale.shelf)
        shelve_packages(packages=more, videos=videos, units=units, by=staff)
        say(f"{len(more)} more packages")
        seed_crowd(crowd=scale.crowd, units=units, by=staff, at=at, say=say)
    return {
        "persons": Person.objects.count(),
        "packages": CoursePackagePage.objects.count(),
        "videos": Video.objects.count(),
        "videos_ready": Video.objects.filter(build__isnull=False).count(),
        "entries": LedgerEntry.objects.count(),
    }


def _seed_shelf(
    scale: Scale, *, units: dict[str, Unit], by: Person, folder: Path, at: datetime, say: Say
) -> dict[str, Video]:
    """The lectures and the pages that show them. Returns the videos by lecture key."""
    packages = scale.scripts()
    lectures = {p.slug: [u.lecture for u in p.units if u.lecture] for p in packages}
    videos = seed_videos(
        scripts=[script for scripts in lectures.values() for script in scripts],
        at_once=[s.key for slug in scale.at_once for s in lectures.get(slug, [])],
        folder=folder,
        owner_unit=units[COUNTY],
        by=by,
        at=at - timedelta(weeks=SHELF_WEEKS),
        say=say,
    )
    for package in packages:
        publish_package(package=package, videos=videos, units=units, by=by)
    say(f"{len(packages)} course packages published")
    replayed = lectures.get(TO_WATCH[0], [])[:1]
    for script in (script for scripts in lectures.values() for script in scripts):
        if (video := videos[script.key]).is_ready:
            divide(video=video, script=script, is_trimmed=script in replayed, by=by, at=at)
    return videos


def _watched_shelf() -> Shelf:
    """What people can have studied: units of `WATCHED` whose lecture is playable, in course order."""
    keys = {
        unit.key: (WATCHED.index(package.slug), number)
        for package in syllabus.packages()
        if package.slug in WATCHED
        for number, unit in enumerate(package.units)
    }
    units = CourseUnit.objects.filter(key__in=keys, package__live=True)
    ordered = sorted(units.select_related("video", "package"), key=lambda unit: keys[unit.key])
    return Shelf(
        lessons=[Lesson(u, u.video) for u in ordered if u.video and u.video.is_ready],
        readings=[unit for unit in ordered if unit.video is None],
    )


def write_accounts(path: Path) -> dict[str, Any]:
    """What scripts need to know of the demo, without the address it will run at."""
    slug, unit = TO_WATCH
    facts = {
        "accounts": [
            {"role": a.role, "username": a.staff_number, "password": settings.DEMO_PASSWORD}
            for a in ACCOUNTS
            if a.role
        ],
        "course_path": f"/courses/{slug}/",
        "video_unit_path": f"/learn/{syllabus.key_of(slug, unit)}/",
    }
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return facts
