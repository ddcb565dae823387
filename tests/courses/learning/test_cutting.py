"""A trimmed recording: what counts, what is kept of what was earned, and what the pages are told."""

from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.learning.models import UnitProgress
from courses.learning.rules import coverage_of
from courses.learning.selectors import standings, unearned_viewings
from courses.learning.services import enrol, settle_viewing
from courses.learning.shelf import shelf
from courses.learning.tasks import settle_due_viewings
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.journal.services import record
from lms.portal.why import why_entry, why_unearned
from media import services
from media.cutting import cut, digest_of
from media.models import ViewingSession
from tests import world

pytestmark = pytest.mark.django_db
SRT = "".join(
    f"{n}\n00:0{m}:00,000 --> 00:0{m}:30,000\n第 {m} 分钟\n\n" for n, m in enumerate((0, 2, 9), 1)
)


@pytest.fixture
def unit():
    """The video unit of a package, ten minutes."""
    world.policy()
    return world.package().units.get(kind="video")


def trimmed(unit, span=(60, 560), chapters=()) -> None:
    video = type(unit.video).objects.get(pk=unit.video_id)
    cut(
        video=video, span=span, chapters=list(chapters), seen=digest_of(video), by=None,
        at=database_now(),
    )  # fmt: skip
    unit.video.refresh_from_db()


def watched(unit, spans, name: str = "吴晓芸", at=None) -> ViewingSession:
    person = world.learner(name)
    enrol(person=person, unit=unit, posting=person.postings.get(), at=world.NOON)
    return world.viewing(person, unit.video, spans, at=at or world.NOON)


def settled(viewing):
    return settle_viewing(
        viewing=ViewingSession.objects.get(pk=viewing.pk), at=world.NOON + timedelta(minutes=5)
    )


def test_enough_of_the_span_earns_and_the_evidence_names_it(unit):
    trimmed(unit)
    settlement = settled(watched(unit, [(0, 510)]))

    entry = LedgerEntry.objects.get()
    assert settlement.state == "earned"
    assert entry.evidence["span"] == [60, 560]
    assert entry.evidence["watched"] == [[60, 510]]
    assert (entry.evidence["duration_seconds"], entry.evidence["covered_seconds"]) == (500, 450)
    assert entry.arithmetic[0] == ["片长（剪去片头片尾后）", "8:20"]


def test_a_second_short_inside_the_span_is_short_whatever_was_watched_outside(unit):
    trimmed(unit)

    settlement = settled(watched(unit, [(0, 509), (560, 600)]))

    assert (settlement.state, settlement.coverage.short_seconds) == ("short", 1)


def in_another_connection(act) -> Thread:
    def run() -> None:
        act()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_cut_between_assessing_and_writing_is_not_forgotten(unit, monkeypatch):
    """Short of the old span, enough of the new one: the next sweep must look again."""
    viewing = watched(unit, [(60, 510)])

    def assessed(*facts):
        monkeypatch.undo()  # the cut assesses, too
        coverage = coverage_of(*facts)
        in_another_connection(lambda: trimmed(unit)).join()
        return coverage

    monkeypatch.setattr("courses.learning.services.coverage_of", assessed)
    assert settled(viewing).state == "short"
    assert not LedgerEntry.objects.exists()

    settle_due_viewings()

    assert LedgerEntry.objects.get().evidence["span"] == [60, 560]


@pytest.mark.django_db(transaction=True)
def test_a_settlement_that_waits_for_a_cut_is_not_forgotten(unit, monkeypatch):
    """The cut has marked the viewings and not yet committed when the settlement wants to write."""
    viewing = watched(unit, [(60, 510)])
    ViewingSession.objects.update(assessed_at=world.NOON + timedelta(minutes=1))
    marked, waiting = Event(), Event()

    def at_last(**facts) -> None:
        marked.set()
        waiting.wait(timeout=20)
        sleep(0.5)  # by now the settlement stands at the row
        record(**facts)

    monkeypatch.setattr("media.cutting.record", at_last)
    cutting = in_another_connection(lambda: trimmed(unit))
    assert marked.wait(timeout=20)
    stale = ViewingSession.objects.select_related("video").get(pk=viewing.pk)
    waiting.set()
    assert settle_viewing(viewing=stale, at=world.NOON + timedelta(minutes=5)).state == "short"
    cutting.join()

    settle_due_viewings()

    assert LedgerEntry.objects.get().evidence["span"] == [60, 560]


def test_who_left_at_the_applause_is_credited_once_it_is_cut_off(unit):
    viewing = watched(unit, [(0, 500)])
    settle_due_viewings()
    assert not LedgerEntry.objects.exists()

    trimmed(unit, span=(0, 500))
    settle_due_viewings()

    assert LedgerEntry.objects.get().person == viewing.person


def test_an_earned_entry_stands_when_a_cut_makes_it_too_little(unit):
    """Nine minutes of ten are enough; of the last two minutes alone this person saw one."""
    viewing = watched(unit, [(0, 540)])
    settled(viewing)
    before = LedgerEntry.objects.get()

    trimmed(unit, span=(480, 600))
    again = settled(viewing)

    entry = LedgerEntry.objects.get()
    assert (entry.hash, entry.hours) == (before.hash, Decimal("0.25"))
    assert again.state == "short"
    assert ViewingSession.objects.get(pk=viewing.pk).settled_at is not None
    assert (UnitProgress.objects.get().status, UnitProgress.objects.get().hours) == (
        "done", Decimal("0.25"),
    )  # fmt: skip


def test_who_has_seen_enough_but_is_not_settled_yet_gets_the_hours_before_the_cut(unit):
    watched(unit, [(0, 540)], at=database_now())

    trimmed(unit, span=(480, 600))

    assert LedgerEntry.objects.get().evidence["duration_seconds"] == 600


def test_without_rules_nothing_is_settled_and_the_cut_is_made():
    package = world.package()
    unit = package.units.get(kind="video")
    watched(unit, [(0, 540)])

    trimmed(unit, span=(480, 600))

    assert unit.video.span == (480, 600)
    assert not LedgerEntry.objects.exists()


def test_the_shelf_and_the_standing_go_by_the_span(unit):
    viewing = watched(unit, [(0, 310)])
    assert shelf().units[unit.key][0].duration_seconds == 600

    trimmed(unit)

    item = shelf().units[unit.key][0]
    assert item.duration_seconds == 500
    assert standings(person=viewing.person, items=[item])[item.key].percent == 25


def test_why_there_are_no_hours_draws_the_span(unit):
    trimmed(unit)
    viewing = watched(unit, [(0, 160), (460, 600)])
    policy = PolicyVersion.objects.get()

    [item] = unearned_viewings(person=viewing.person, year=world.NOON.year, rules=policy.figures())
    why = why_unearned(item, policy)

    assert (why["start_seconds"], why["duration_seconds"]) == (60, 500)
    assert why["watched"] == [(60, 160), (460, 560)]
    assert why["missing"] == [(160, 460)]
    assert why["fix"]["url"].endswith("?t=160")


def test_a_recording_cut_to_what_somebody_saw_is_explained_before_it_is_settled(unit):
    viewing = watched(unit, [(0, 500)])
    settle_due_viewings()
    trimmed(unit, span=(0, 500))
    policy = PolicyVersion.objects.get()

    [item] = unearned_viewings(person=viewing.person, year=world.NOON.year, rules=policy.figures())
    why = why_unearned(item, policy)

    assert (why["missing"], why["fix"]) == ([], None)
    assert why["note"].startswith("看够了，正在记入学时。最后一次观看")


def test_why_there_are_hours_draws_the_span_they_were_earned_by(unit):
    trimmed(unit)
    settled(watched(unit, [(0, 550)]))
    trimmed(unit, span=None)

    why = why_entry(LedgerEntry.objects.select_related("policy_version", "posting__unit").get())

    assert (why["start_seconds"], why["duration_seconds"]) == (60, 500)
    assert why["missing"] == [(550, 560)]


@pytest.fixture
def reader(unit) -> Client:
    client = Client()
    client.force_login(world.learner())
    return client


def study(reader, unit):
    return reader.get(reverse("study", args=[unit.key]))


def test_the_player_is_told_the_span_and_the_chapters(unit, reader):
    trimmed(unit, chapters=[(60, "开场"), (300, "怎么准入")])

    config = study(reader, unit).context["config"]

    assert config["span"] == [60, 560]
    assert config["duration_seconds"] == 600
    assert config["chapters"] == [
        {"start_seconds": 60, "title": "开场"}, {"start_seconds": 300, "title": "怎么准入"},
    ]  # fmt: skip


def test_the_page_says_why_it_does_not_begin_at_zero(unit, reader):
    assert "开头和结尾剪掉了" not in study(reader, unit).content.decode()

    trimmed(unit)

    assert "从 1:00 讲到 9:20，要看的长度只算这一段" in study(reader, unit).content.decode()


def test_a_video_nobody_has_cut_is_played_whole(unit, reader):
    config = study(reader, unit).context["config"]

    assert (config["span"], config["chapters"]) == (None, [])


def test_the_page_lists_the_chapters_as_plain_text(unit, reader):
    trimmed(unit, span=None, chapters=[(0, "<b>开场</b>")])

    page = study(reader, unit).content.decode()

    assert "<span>&lt;b&gt;开场&lt;/b&gt;</span>" in page
    assert "<b>开场" not in page


def test_the_transcript_leaves_out_what_is_not_played(unit, reader):
    services.save_captions(
        video=unit.video, data=SRT.encode(), language="zh-Hans", label="中文", by=None,
        at=database_now(),
    )  # fmt: skip
    trimmed(unit, span=(60, 500))

    assert [cue["text"] for cue in study(reader, unit).context["cues"]] == ["第 2 分钟"]


@pytest.mark.parametrize(
    ("position", "resume_at"), [(30, 0), (60, 0), (61, 61), (557, 557), (558, 0)]
)
def test_playing_goes_on_inside_the_span_and_else_from_its_beginning(
    unit, reader, position, resume_at
):
    trimmed(unit)
    study(reader, unit)
    ViewingSession.objects.update(position_seconds=position)

    assert study(reader, unit).context["config"]["resume_at"] == resume_at


def test_chapters_beyond_a_shorter_source_are_not_shown(unit, reader):
    trimmed(unit, span=None, chapters=[(0, "开场"), (500, "结尾")])
    video = unit.video
    video.duration_seconds = 400
    video.save()

    chapters = study(reader, unit).context["config"]["chapters"]

    assert [one["title"] for one in chapters] == ["开场"]
