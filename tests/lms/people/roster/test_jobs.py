"""An import as leased work: checked, shown, confirmed, written once; killed workers cost only time."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.models import Person, RosterImport
from lms.people.roles import Role
from lms.people.roster import acting, jobs
from lms.people.roster.errors import RosterRefused
from lms.people.tasks import discard_old_rosters, import_queued, resume_stale_rosters
from tests import world
from tests.rosters import text_of

TOWN, NEXT_TOWN = "331124107", "331124102"
ROWS = [["张三", "000123", TOWN, "乡科级"], ["李四", "0002", TOWN, ""], ["", "0003", TOWN, ""]]
HEADINGS = ["姓名", "工号", "单位代码", "职务层次"]
LATER = timedelta(minutes=10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(places, uploads) -> Person:
    return world.holder(Role.UNIT_ADMIN, unit=places.town)


@pytest.fixture
def woken(monkeypatch) -> list[int]:
    calls: list[int] = []
    monkeypatch.setattr(import_queued, "delay", calls.append)
    return calls


def received(by: Person, rows=ROWS, headings=HEADINGS, *, name="名册.csv") -> RosterImport:
    content = text_of(rows, headings).encode("gb18030")
    return acting.receive_roster(file=SimpleUploadedFile(name, content), by=by, at=database_now())


def mapped(by: Person, **facts) -> RosterImport:
    roster = received(by, **facts)
    acting.confirm_columns(roster=roster, columns=roster.columns, by=by, at=database_now())
    return roster


def previewed(by: Person, **facts) -> RosterImport:
    roster = mapped(by, **facts)
    assert jobs.run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    return roster


def confirmed(by: Person, *, leave_out: bool = False, **facts) -> RosterImport:
    roster = previewed(by, **facts)
    acting.confirm_import(roster=roster, leave_out_foreign=leave_out, by=by, at=database_now())
    return roster


def test_an_upload_waits_with_its_columns_recognised_and_its_file_kept_privately(admin, uploads):
    roster = received(admin)

    assert roster.state == "mapping"
    assert roster.columns == {"name": 0, "staff_number": 1, "unit_code": 2, "post_level": 3}
    assert roster.layout["encoding"] == "GB18030"
    assert roster.examples[0] == ["张三", "000123", TOWN, "乡科级"]
    assert roster.unit.code == TOWN
    assert Path(roster.file.path).is_relative_to(uploads / "rosters" / str(roster.key))
    assert "名册" not in roster.file.name


def test_a_refused_upload_is_journalled_and_not_kept(admin, uploads):
    file = SimpleUploadedFile("a.xlsx", b"<html>")

    with pytest.raises(RosterRefused):
        acting.receive_roster(file=file, by=admin, at=database_now())

    assert JournalEntry.objects.get(outcome="refused").code == "html_inside"
    assert not RosterImport.objects.exists()
    assert not list(uploads.rglob("*.*"))


def test_checking_shows_what_would_change_and_writes_nothing(admin):
    people = Person.objects.count()

    roster = previewed(admin)

    assert (roster.state, roster.progress) == ("preview", 100)
    assert (roster.rows, roster.created, roster.rejected) == (3, 2, 1)
    assert [s["name"] for s in roster.summary["samples"]] == ["张三", "李四"]
    problem = roster.rejections.get()
    assert (problem.row, problem.column, problem.code) == (4, "姓名", "empty")
    assert problem.cells == ["", "0003", TOWN]
    assert Person.objects.count() == people


def test_confirming_writes_what_was_shown_once(admin):
    roster = confirmed(admin)

    assert jobs.run_import(roster_id=roster.pk)
    assert not jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.created, roster.rejected) == ("done", 2, 1)
    assert Person.objects.get(staff_number="000123").created_at is not None
    entry = JournalEntry.objects.get(action="people.roster_imported")
    assert (entry.actor, entry.outcome, entry.detail["created"]) == (admin, "done", 2)


def test_columns_chosen_by_hand_are_the_ones_read(admin):
    roster = received(admin, headings=["甲", "乙", "丙", "丁"])
    assert roster.columns == {}

    columns = {"name": 0, "staff_number": 1, "unit_code": 2}
    acting.confirm_columns(roster=roster, columns=columns, by=admin, at=database_now())
    jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.created) == ("preview", 2)


@pytest.mark.parametrize(
    "columns",
    [
        {"name": 0, "staff_number": 1},
        {"name": 0, "staff_number": 1, "unit_code": 9},
        {"name": 0, "staff_number": 1, "unit_code": 1},
        {"name": 0, "staff_number": 1, "unit_code": 2, "is_superuser": 3},
    ],
)
def test_columns_that_make_no_sense_are_refused(admin, columns):
    roster = received(admin)

    with pytest.raises(acting.ColumnsWrong) as refused:
        acting.confirm_columns(roster=roster, columns=columns, by=admin, at=database_now())

    assert refused.value.code == "columns_wrong"
    roster.refresh_from_db()
    assert roster.state == "mapping"


def test_a_file_that_asks_for_a_role_ends_refused_with_its_rows(admin):
    rows = [["张三", "1", TOWN, ""], ["李四", "2", TOWN, "管理员"]]

    roster = mapped(admin, rows=rows, headings=["姓名", "工号", "单位编码", "角色"])
    jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.failure_code) == ("refused", "role_asked")
    assert [(p.row, p.column, p.code) for p in roster.rejections.all()] == [
        (3, "角色", "role_asked")
    ]
    assert not Person.objects.filter(staff_number__in=["1", "2"]).exists()
    assert JournalEntry.objects.filter(outcome="refused", code="role_asked").exists()


def test_foreign_rows_stop_the_whole_file_until_they_are_left_out_by_word(admin, places):
    rows = [["张三", "000123", TOWN, ""], ["李四", "0002", NEXT_TOWN, ""]]
    roster = previewed(admin, rows=rows)
    assert (roster.created, roster.rejected, roster.foreign) == (1, 1, 1)

    with pytest.raises(RosterRefused) as refused:
        acting.confirm_import(roster=roster, leave_out_foreign=False, by=admin, at=database_now())

    assert refused.value.code == "rows_foreign"
    roster.refresh_from_db()
    assert roster.state == "preview"
    assert not Person.objects.filter(staff_number="000123").exists()
    assert JournalEntry.objects.filter(outcome="refused", code="rows_foreign").exists()

    acting.confirm_import(roster=roster, leave_out_foreign=True, by=admin, at=database_now())
    jobs.run_import(roster_id=roster.pk)
    assert Person.objects.filter(staff_number="000123").exists()
    assert not Person.objects.filter(staff_number="0002").exists()
    assert JournalEntry.objects.get(outcome="done", action="people.roster_imported").detail[
        "left_out"
    ]


def test_what_changed_since_the_preview_is_shown_again_before_it_is_written(admin, text_file):
    roster = confirmed(admin)
    world.add_person(staff_number="0002", name="别人")

    jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.failure_code) == ("preview", "plan_changed")
    assert roster.foreign == 1
    assert not Person.objects.filter(staff_number="000123").exists()


def test_a_permission_lost_between_preview_and_writing_is_lost(admin):
    roster = confirmed(admin)
    admin.role_grants.all().delete()

    jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.foreign) == ("preview", len(ROWS))
    assert not Person.objects.filter(staff_number="000123").exists()


def test_a_roster_without_a_change_need_not_be_confirmed(admin):
    jobs.run_import(roster_id=confirmed(admin).pk)

    again = previewed(admin)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    with pytest.raises(RosterRefused) as refused:
        acting.confirm_import(roster=again, leave_out_foreign=False, by=admin, at=database_now())
    assert refused.value.code == "nothing_asked"


def test_only_who_handed_it_in_goes_on_with_it(admin, places):
    roster = previewed(admin)
    other = world.holder(Role.UNIT_ADMIN, unit=places.county)

    with pytest.raises(acting.RosterNotYours):
        acting.confirm_import(roster=roster, leave_out_foreign=False, by=other, at=database_now())
    with pytest.raises(acting.RosterNotYours):
        acting.cancel_import(roster=roster, by=other, at=database_now())

    roster.refresh_from_db()
    assert roster.state == "preview"


def test_of_two_confirmations_one_wins(admin):
    roster = previewed(admin)
    same = RosterImport.objects.get(pk=roster.pk)
    acting.confirm_import(roster=roster, leave_out_foreign=False, by=admin, at=database_now())

    with pytest.raises(acting.RosterMovedOn) as refused:
        acting.confirm_import(roster=same, leave_out_foreign=False, by=admin, at=database_now())

    assert refused.value.status == 409


@pytest.mark.parametrize("step", [received, mapped, previewed, confirmed])
def test_an_import_may_be_cancelled_until_a_worker_writes(admin, step):
    roster = step(admin)

    acting.cancel_import(roster=roster, by=admin, at=database_now())

    assert not jobs.run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    assert roster.state == "cancelled"
    assert JournalEntry.objects.filter(action="people.roster_cancelled").exists()
    assert not Person.objects.filter(staff_number="000123").exists()


def test_a_check_that_is_cancelled_while_it_runs_leaves_nothing_behind(admin, monkeypatch):
    roster = mapped(admin)
    monkeypatch.setattr(
        jobs, "stage_file",
        lambda **facts: acting.cancel_import(roster=roster, by=admin, at=database_now()),
    )  # fmt: skip

    assert not jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert roster.state == "cancelled"
    assert not roster.rejections.exists()


def test_what_is_being_written_cannot_be_cancelled_any_more(admin):
    roster = confirmed(admin)
    jobs._claim(roster.pk, at=database_now())

    with pytest.raises(acting.RosterMovedOn):
        acting.cancel_import(roster=roster, by=admin, at=database_now())


def test_a_worker_killed_while_writing_is_followed_by_one_that_writes_once(admin, woken):
    roster = confirmed(admin)
    assert jobs._claim(roster.pk, at=database_now()) is not None  # and the worker is gone

    assert jobs.rosters_to_resume(at=database_now()) == []
    assert jobs.rosters_to_resume(at=database_now() + LATER) == [roster.pk]
    assert jobs.run_import(roster_id=roster.pk)

    roster.refresh_from_db()
    assert (roster.state, roster.created) == ("done", 2)
    assert Person.objects.filter(staff_number="000123").count() == 1


def test_a_worker_that_wakes_up_late_has_lost_its_lease_and_writes_nothing(admin, monkeypatch):
    roster = confirmed(admin)
    held = jobs.stage_file

    def sleep_through(**facts):
        held(**facts)
        jobs._claim(roster.pk, at=database_now() + LATER)

    monkeypatch.setattr(jobs, "stage_file", sleep_through)

    assert not jobs.run_import(roster_id=roster.pk)

    assert not Person.objects.filter(staff_number="000123").exists()


def test_a_lost_message_is_sent_again_by_the_clock_once_a_minute(admin, woken):
    roster = mapped(admin)
    RosterImport.objects.update(queued_at=database_now() - timedelta(seconds=20))

    assert resume_stale_rosters() == 1
    assert resume_stale_rosters() == 0
    assert woken == [roster.pk]


def test_an_import_that_kills_its_workers_is_given_up_with_a_sentence(admin, settings):
    roster = mapped(admin)
    for attempt in range(settings.QIANGJI["ROSTER_MAX_ATTEMPTS"]):
        assert jobs._claim(roster.pk, at=database_now() + attempt * LATER)

    assert jobs.rosters_to_resume(at=database_now() + 10 * LATER) == []

    roster.refresh_from_db()
    assert (roster.state, roster.failure_code) == ("refused", "import_interrupted")
    assert roster.failure_sentence == jobs.INTERRUPTED
    assert JournalEntry.objects.filter(code="import_interrupted", outcome="refused").exists()


def test_files_and_rejected_rows_go_after_their_days_and_the_counts_stay(
    admin, uploads, settings, django_capture_on_commit_callbacks
):
    roster = confirmed(admin)
    jobs.run_import(roster_id=roster.pk)
    waiting = received(admin)
    assert discard_old_rosters() == 0

    days = settings.QIANGJI["ROSTER_KEPT_DAYS"]
    RosterImport.objects.update(created_at=database_now() - timedelta(days=days, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert discard_old_rosters() == 2

    roster.refresh_from_db()
    waiting.refresh_from_db()
    assert not [path for path in uploads.rglob("*") if path.is_file()]
    assert not roster.rejections.exists()
    assert (roster.file.name, roster.examples, roster.created) == ("", [], 2)
    assert "samples" not in roster.summary
    assert waiting.state == "cancelled"
    assert discard_old_rosters() == 0


def test_the_same_task_may_run_twice(admin):
    roster = mapped(admin)

    import_queued(roster.pk)
    import_queued(roster.pk)

    roster.refresh_from_db()
    assert roster.state == "preview"
