"""The SQL that judges beats, against plain Python sets of seconds."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.beats.batcher import durable_connection
from media.beats.statement import TOLERANCE_SECONDS, Verdict, judge_claims
from media.models import ViewerClock
from tests.media.beats.conftest import DURATION, Watching, claim, let_time_pass, video_of, watching

REAL_TIME_SECONDS = 1.5  # more than one example takes

spans = st.tuples(st.integers(0, DURATION - 1), st.integers(1, DURATION)).map(
    lambda pair: (min(pair), max(pair)) if pair[0] != pair[1] else (pair[0], pair[0] + 1)
)
# One beat: the video (of two) it is of, its spans, its rate, and the seconds since the last.
beats = st.tuples(
    st.integers(0, 1),
    st.lists(spans, max_size=4),
    st.sampled_from([0.5, 1.0, 1.25, 1.5, 2.0]),
    st.integers(0, 40),
)


@dataclass
class Oracle:
    """The rule in words: one person, one clock; a claim costs the new seconds over the rate."""

    now: float = 0.0
    consumed_until: float = 0.0
    last_beat_at: list[float] = field(default_factory=lambda: [0.0, 0.0])
    watched: list[set[int]] = field(default_factory=lambda: [set(), set()])

    def judge(self, video: int, claimed: set[int], rate: float) -> bool:
        gain = len(claimed - self.watched[video])
        start = max(self.consumed_until, self.last_beat_at[video])
        if start + gain / rate > self.now + TOLERANCE_SECONDS:
            return False
        if gain:
            self.consumed_until = start + gain / rate
        self.watched[video] |= claimed
        self.last_beat_at[video] = self.now
        return True


def seconds_of(claimed: list[tuple[int, int]]) -> set[int]:
    return {second for start, end in claimed for second in range(start, end)}


def put_clocks_to_now(*, forget: bool = True) -> None:
    """As if everything had been opened this moment; `forget` also what was watched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE media_viewerclock SET consumed_until = now(), consumed_by_viewing = NULL"
        )
        cursor.execute("UPDATE media_viewingsession SET last_beat_at = now()")
        if forget:
            cursor.execute("UPDATE media_viewingsession SET watched = '{}'")


def test_any_beats_in_any_order_give_the_union_python_sets_give(learner, unit, judge):
    tabs = [watching(*learner, video_of(unit)) for _ in range(2)]

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(beats, min_size=1, max_size=8))
    def holds(sequence):
        put_clocks_to_now()
        oracle = Oracle()
        for video, claimed, rate, waited in sequence:
            let_time_pass(waited)
            oracle.now += waited
            # Real time passes too: a claim refused by less than this could fit by now.
            if -REAL_TIME_SECONDS < _margin(oracle, video, claimed, rate) < 0:
                continue
            verdict = judge(claim(tabs[video], *claimed, rate=rate))
            expected = oracle.judge(video, seconds_of(claimed), rate)
            assert (verdict.outcome == "accepted") == expected
        for tab, watched in zip(tabs, oracle.watched, strict=True):
            assert seconds_of(tab.watched()) == watched

    holds()


def _margin(oracle: Oracle, video: int, claimed: list[tuple[int, int]], rate: float) -> float:
    gain = len(seconds_of(claimed) - oracle.watched[video])
    start = max(oracle.consumed_until, oracle.last_beat_at[video])
    return oracle.now + TOLERANCE_SECONDS - start - gain / rate


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations([(0, 10), (5, 20), (20, 21), (0, 10), (40, 60), (19, 41)]))
def test_repeats_and_order_do_not_matter(lecture, judge, order):
    put_clocks_to_now()
    for span in order:
        let_time_pass(60)
        verdict = judge(claim(lecture, span))

    assert lecture.watched() == [(0, 60)]
    assert verdict.missing == "{}"


def test_missing_is_what_no_beat_has_covered(lecture, judge):
    let_time_pass(60)

    verdict = judge(claim(lecture, (3, 5), (10, 20), (5, 6)))

    assert verdict.missing == "{[0,3),[6,10),[20,60)}"


def test_of_a_live_lecture_only_what_has_been_spoken_counts_and_the_rest_stays_missing(
    lecture, judge
):
    """It began twenty seconds ago; the whole is as long as any lecture may be."""
    let_time_pass(60)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE media_viewingsession SET live_since = now() - interval '20 seconds' WHERE id = %s",
            [lecture.viewing.pk],
        )

    verdict = judge(claim(lecture, (5, 10), (15, 50)))

    (first, last), end = lecture.watched(), 20 + TOLERANCE_SECONDS
    assert first == (5, 10)
    assert last[0] == 15
    assert end <= last[1] <= end + REAL_TIME_SECONDS * 2
    assert verdict.outcome == "accepted"
    assert verdict.missing == f"{{[0,5),[10,15),[{last[1]},60)}}"


def test_two_servers_at_once_never_credit_the_same_time_twice(learner, unit):
    tabs = [watching(*learner, video_of(unit, 600)) for _ in range(2)]
    put_clocks_to_now()

    with asyncio.Runner() as runner:
        sessions = [runner.run(durable_connection()) for _ in tabs]

        async def both(start: int) -> list[list[Verdict]]:
            return await asyncio.gather(
                *(
                    judge_claims(session, [claim(tab, (start, start + 10))])
                    for session, tab in zip(sessions, tabs, strict=True)
                )
            )

        for turn in range(40):
            let_time_pass(10)
            outcomes = [verdict.outcome for [verdict] in runner.run(both(turn * 10))]
            # The time may stay unused when both met on the row; it is never used twice.
            assert outcomes.count("accepted") <= 1
            put_clocks_to_now(forget=False)
        for session in sessions:
            runner.run(session.close())
    assert sum(len(seconds_of(tab.watched())) for tab in tabs) > 200


def test_two_servers_with_the_same_people_in_any_order_do_not_deadlock(learner, unit):
    tabs = [watching(*learner, video_of(unit, 600)) for _ in range(2)]
    let_time_pass(3600)

    async def server(order: list[Watching]) -> set[str]:
        outcomes = set()
        async with await durable_connection() as session:
            for turn in range(100):
                span = (turn * 4, turn * 4 + 4)
                for tab in order:
                    [verdict] = await judge_claims(session, [claim(tab, span)])
                    outcomes.add(verdict.outcome)
        return outcomes

    async def both() -> list[set[str]]:
        return await asyncio.gather(server(tabs), server(tabs[::-1]))

    outcomes = asyncio.run(both())

    assert set.union(*outcomes) <= {"accepted", "busy", "clock_exceeded", "another_video"}


def test_the_answer_waits_for_the_disk(lecture):
    """`synchronous_commit` is on even where the server's default is off."""

    async def setting() -> str:
        async with await durable_connection() as session:
            cursor = await session.execute("SHOW synchronous_commit")
            return (await cursor.fetchone())[0]

    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    try:
        assert asyncio.run(setting()) == "on"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')


def test_every_second_of_wall_time_a_beat_uses_is_counted_on_the_clock(lecture, judge):
    put_clocks_to_now()
    let_time_pass(40)
    judge(claim(lecture, (0, 30), rate=1.5))
    judge(claim(lecture, (0, 30), rate=1.5))
    judge(claim(lecture, (0, DURATION)))

    assert ViewerClock.objects.get().spent == timedelta(seconds=20)
