from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from config.demo import syllabus
from config.demo.seeding.stages import Scale, seed, write_accounts
from courses.catalogue.models import CoursePackagePage
from lms.archive.models import ArchivePackage
from lms.credits.models import LedgerEntry
from lms.credits.verification import verify_ledger
from lms.people.models import Person, RosterImport
from media.models import Video, ViewingSession

AT = datetime.fromisoformat("2026-11-20T09:30:00+08:00")
SMALL = Scale(cadres=6, packages=("xunqi-zhuanyi",), at_once=("xunqi-zhuanyi",))


@pytest.fixture(scope="session")
def lectures(tmp_path_factory):
    return tmp_path_factory.mktemp("lectures")


@pytest.fixture
def seeded(db, tmp_path, lectures, settings):
    settings.MEDIA_ROOT, settings.RUN_DIR = tmp_path / "uploads", tmp_path / "run"
    return lambda scale: seed(scale=scale, folder=lectures, at=AT, say=lambda what: None)


def rows() -> dict[str, tuple]:
    """Every table's rows, as one digest each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()
    return found


def test_the_demo_is_lived_in_and_seeding_again_changes_nothing(seeded, tmp_path):
    """One test: each seeding takes half a minute."""
    first = seeded(SMALL)
    before = rows()

    again = seeded(SMALL)

    assert again == first
    assert rows() == before
    playable_and_archived_and_the_learner_has_a_lecture_left(tmp_path)
    lectures_in_chapters_and_the_replay_trimmed()
    a_roster_with_a_few_mistakes_handed_in()


def playable_and_archived_and_the_learner_has_a_lecture_left(tmp_path: Path) -> None:
    page = CoursePackagePage.objects.get(key=syllabus.key_of("xunqi-zhuanyi"))
    assert page.live
    assert page.latest_revision is not None
    assert page.url.endswith("/courses/xunqi-zhuanyi/")
    assert not Video.objects.exclude(state__in=(Video.State.READY, Video.State.LIVE)).exists()
    assert all(video.captions.get().cues for video in Video.objects.filter(state="ready"))
    assert LedgerEntry.objects.filter(source_kind="viewing").exists()
    assert ArchivePackage.objects.filter(state=ArchivePackage.State.SEALED).count() == 2
    assert verify_ledger().broken == []
    learner = Person.objects.get(staff_number="wuxiaoyun")
    assert learner.ledger.filter(outcome="reversal").count() == 1
    path = write_accounts(tmp_path / "demo-seed.json")["video_unit_path"]
    unit = next(unit for unit in page.units.all() if str(unit.key) in path)
    assert not ViewingSession.objects.filter(person=learner, video=unit.video).exists()


def lectures_in_chapters_and_the_replay_trimmed() -> None:
    divided = Video.objects.filter(build__isnull=False)
    assert all(video.chapters for video in divided)
    [trimmed] = [video for video in divided if video.span]
    assert trimmed.livestream.page.slug == "zhibo-huifang"
    assert trimmed.span[0] == trimmed.chapters[0][0]


def a_roster_with_a_few_mistakes_handed_in() -> None:
    roster = RosterImport.objects.get()
    assert (roster.state, roster.created, roster.rejected) == ("done", 6, 4)
    assert Person.objects.filter(staff_number="0331124104022", name="蓝伟").exists()
