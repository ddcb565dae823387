"""What came back of packs is bounded by the server's times of issue and return."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.journal.models import JournalEntry
from media.models import OfflinePack, ViewerClock, ViewingSession
from media.offline.services import give_up_pack, issue_pack, return_pack
from tests.media.beats.conftest import person_in, unit_of, video_of

pytestmark = pytest.mark.django_db
HOUR = 3600


class Study:
    """One person, hours of the clock, and packs of ten-hour videos."""

    def __init__(self) -> None:
        self.unit = unit_of()
        self.person, self.posting = person_in(self.unit, "wuxiaoyun")
        self.start = database_now()

    def hour(self, hours: float):
        return self.start + timedelta(hours=hours)

    def take(self, hours: float, video=None, client_key=None) -> OfflinePack:
        return issue_pack(
            person=self.person,
            video=video or video_of(self.unit, 10 * HOUR),
            posting=self.posting,
            client_key=client_key or uuid4(),
            max_rate=1.5,
            at=self.hour(hours),
        )

    def bring(
        self, pack, hours: float, *ranges, rate=1.0, by=None, client_key=None
    ) -> ViewingSession:
        return return_pack(
            key=pack.key,
            client_key=client_key or uuid4(),
            ranges=list(ranges),
            rate=rate,
            by=by or self.person,
            at=self.hour(hours),
        )

    def refusal(self, pack, hours: float, *ranges, **more) -> Refusal:
        before = list(ViewingSession.objects.values_list("pk", "watched"))
        with pytest.raises(Refusal) as caught:
            self.bring(pack, hours, *ranges, **more)
        assert list(ViewingSession.objects.values_list("pk", "watched")) == before
        assert caught.value.sentence
        return caught.value


@pytest.fixture
def study() -> Study:
    return Study()


def test_what_was_watched_between_issue_and_return_counts_and_is_journalled(study):
    pack = study.take(0)

    viewing = study.bring(pack, 2, (0, HOUR), (2 * HOUR, 3 * HOUR))

    assert viewing.watched == [(0, HOUR), (2 * HOUR, 3 * HOUR)]
    assert viewing.last_beat_at == study.hour(2)
    assert list(JournalEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "video.offline_issued", "video.offline_returned",
    ]  # fmt: skip


def test_claiming_more_than_the_wall_time_is_refused_and_the_pack_can_still_be_returned(study):
    pack = study.take(0)

    assert study.refusal(pack, 2, (0, 2 * HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(pack, 2, (0, 2 * HOUR)).watched == [(0, 2 * HOUR)]


def test_a_faster_rate_costs_less_time_up_to_the_rate_allowed(study):
    pack = study.take(0)

    assert study.refusal(pack, 2, (0, 3 * HOUR), rate=2.0).code == "rate_not_allowed"
    assert study.bring(pack, 2, (0, 3 * HOUR), rate=1.5).watched == [(0, 3 * HOUR)]


def test_two_packs_issued_at_once_cannot_claim_the_same_hour(study):
    first, second = study.take(0), study.take(0)
    study.bring(first, 2, (0, HOUR))

    assert study.refusal(second, 2, (0, HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(second, 2, (0, HOUR)).watched == [(0, HOUR)]


def test_packs_watched_one_after_the_other_count_in_full(study):
    first, second = study.take(0), study.take(5)
    study.bring(first, 10, (0, 5 * HOUR))

    assert study.refusal(second, 10, (0, 5 * HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(second, 10, (0, 5 * HOUR)).watched == [(0, 5 * HOUR)]


def test_what_was_credited_online_meanwhile_is_taken_off(study):
    pack = study.take(0)
    ViewerClock.objects.update(spent=timedelta(hours=1), consumed_until=study.hour(2))

    assert study.refusal(pack, 2, (0, HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(pack, 2, (0, HOUR)).watched == [(0, HOUR)]


def test_after_a_return_beats_cannot_claim_its_time_again(study):
    pack = study.take(0)
    study.bring(pack, 10, (0, 9 * HOUR))

    clock = ViewerClock.objects.get()
    assert (clock.consumed_until, clock.spent) == (study.hour(9), timedelta(hours=9))


def test_a_return_after_the_expiry_counts_up_to_the_expiry(study, settings):
    settings.QIANGJI = {**settings.QIANGJI, "OFFLINE_PACK_DAYS": 1 / 24}
    pack = study.take(0)

    assert study.refusal(pack, 9, (0, HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(pack, 9, (0, HOUR)).watched == [(0, HOUR)]


def test_the_same_return_twice_counts_once_and_another_body_is_refused(study):
    pack, key = study.take(0), uuid4()
    study.bring(pack, 2, (0, HOUR), client_key=key)

    assert study.bring(pack, 3, (0, HOUR), client_key=key).watched == [(0, HOUR)]
    assert ViewerClock.objects.get().spent == timedelta(hours=1)
    refusal = study.refusal(pack, 3, (0, 2 * HOUR), client_key=key)
    assert (refusal.code, refusal.status) == ("return_key_used", 409)


def test_a_pack_comes_back_piece_by_piece_within_one_measure_of_time(study):
    pack = study.take(0)
    study.bring(pack, 2, (0, HOUR))

    assert study.refusal(pack, 3, (HOUR, 3 * HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(pack, 3, (HOUR, 3 * HOUR)).watched == [(0, 3 * HOUR)]
    assert OfflinePack.objects.get().returned_ranges == [(0, 3 * HOUR)]


def test_pieces_of_an_earlier_pack_take_from_a_later_one_only_what_overlaps_it(study):
    first, second = study.take(0), study.take(5)
    study.bring(first, 10, (0, 3 * HOUR))
    study.bring(first, 10, (3 * HOUR, 6 * HOUR))

    assert study.refusal(second, 10, (0, 4 * HOUR + 1)).code == "offline_exceeds_time"
    assert study.bring(second, 10, (0, 4 * HOUR)).watched == [(0, 4 * HOUR)]


def test_long_after_the_expiry_nothing_is_taken_any_more(study):
    pack = study.take(0)

    refusal = study.refusal(pack, (14 + 30) * 24 + 1, (0, HOUR))

    assert (refusal.code, refusal.status) == ("pack_expired", 409)


def test_what_a_roll_call_left_open_counts_once_it_comes_back_and_costs_its_time(study):
    pack = study.take(0)
    ViewingSession.objects.update(watched=[(0, 2 * HOUR)], unattended=[(0, 2 * HOUR)])

    assert study.refusal(pack, 1, (0, HOUR + 1)).code == "offline_exceeds_time"
    viewing = study.bring(pack, 1, (0, HOUR))

    assert (viewing.unattended, viewing.counted) == ([(HOUR, 2 * HOUR)], [(0, HOUR)])
    assert viewing.watched_live == []


def test_seconds_seen_before_cost_nothing(study):
    pack = study.take(0)
    ViewingSession.objects.update(watched=[(0, 5 * HOUR)])

    assert study.bring(pack, 1, (0, 6 * HOUR)).watched == [(0, 6 * HOUR)]


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (9, 3), (0, 10 * HOUR + 1)])
def test_ranges_outside_the_video_are_refused(study, span):
    assert study.refusal(study.take(0), 9, span).code == "range_invalid"


def test_another_persons_pack_is_unknown(study):
    pack = study.take(0)
    other, _posting = person_in(study.unit, "other")

    refusal = study.refusal(pack, 2, (0, HOUR), by=other)
    assert (refusal.code, refusal.status) == ("pack_unknown", 404)


def test_asking_twice_gives_one_pack_and_the_key_serves_no_other_video(study):
    pack = study.take(0)

    assert study.take(1, pack.video, pack.client_key).pk == pack.pk
    with pytest.raises(Refusal) as caught:
        study.take(1, client_key=pack.client_key)
    assert (caught.value.code, caught.value.status) == ("client_key_used", 409)


def test_one_open_pack_a_video_until_it_is_given_up_or_expires(study):
    pack = study.take(0)

    with pytest.raises(Refusal) as caught:
        study.take(1, pack.video)
    assert (caught.value.code, caught.value.status) == ("pack_open", 409)
    give_up_pack(key=pack.key, by=study.person, at=study.hour(1))
    again = study.take(1, pack.video)
    assert study.refusal(pack, 2, (0, HOUR)).code == "pack_closed"
    assert study.take(15 * 24, pack.video).pk != again.pk
