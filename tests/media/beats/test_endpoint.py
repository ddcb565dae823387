"""`POST /beats` as the player sees it."""

import asyncio
import json
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from lms.common.clock import database_now
from media.beats import application, batcher
from media.models import ViewerClock, ViewingSession
from tests.media.beats.conftest import (
    SESSION,
    Answer,
    Watching,
    call,
    in_one_server,
    let_time_pass,
    person_in,
    send,
    video_of,
    watching,
)


def rows() -> list[tuple]:
    return [
        *ViewingSession.objects.order_by("pk").values_list(
            "pk", "watched", "last_beat_at", "position_seconds"
        ),
        *ViewerClock.objects.order_by("pk").values_list("pk", "consumed_until"),
    ]


def assert_refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.json["code"]) == (status, code)
    # A sentence for people, in Chinese.
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.json["message"])
    assert answer.headers["cache-control"] == "no-store"


def test_a_beat_is_answered_with_its_seconds_and_what_is_missing(lecture: Watching):
    let_time_pass(30)

    answer = lecture.send([0, 14.5], position=14.5)

    assert answer.status == 200
    assert answer.json == {"accepted": [[0, 14]], "missing": [[14, 60]]}
    assert answer.headers["cache-control"] == "no-store"
    assert lecture.watched() == [(0, 14)]
    assert lecture.viewing.position_seconds == 14


def test_only_seconds_watched_from_start_to_end_count(lecture: Watching):
    let_time_pass(60)

    answer = lecture.send([0.4, 3.9], [10, 12], [20.1, 20.9], [30.5, 31.2])

    assert answer.json["accepted"] == [[1, 3], [10, 12]]
    assert lecture.watched() == [(1, 3), (10, 12)]


def test_the_end_of_a_video_may_be_a_fraction_past_its_whole_seconds(lecture: Watching):
    let_time_pass(60)

    answer = lecture.send([0, 60.96], position=60.96)

    assert answer.json == {"accepted": [[0, 60]], "missing": []}


def test_a_beat_sent_again_changes_nothing_and_costs_no_time(lecture: Watching):
    let_time_pass(15)
    first = lecture.send([0, 15])
    second = lecture.send([0, 15])

    assert second.json == first.json
    assert lecture.watched() == [(0, 15)]


def test_a_beat_without_ranges_keeps_the_position(lecture: Watching):
    answer = lecture.send(position=42.7)

    assert answer.json == {"accepted": [], "missing": [[0, 60]]}
    lecture.viewing.refresh_from_db()
    assert lecture.viewing.position_seconds == 42


def test_a_beacon_of_plain_text_counts(lecture: Watching):
    let_time_pass(15)

    answer = send(lecture.body([0, 10]), content_type="text/plain;charset=UTF-8")

    assert answer.json["accepted"] == [[0, 10]]


def test_the_cookie_of_the_same_sign_in_is_accepted(lecture: Watching):
    let_time_pass(15)

    assert lecture.send([0, 10], cookie=f"a=b; sessionid={SESSION}; c=d").status == 200


def test_faster_playback_within_the_rate_costs_less_time(lecture: Watching):
    let_time_pass(10)

    assert lecture.send([0, 15], rate=1.5).status == 200


def test_a_forged_token_is_refused(lecture: Watching):
    answer = lecture.send([0, 1], token=lecture.token[:-3] + "AAA")

    assert_refused(answer, 403, "token_invalid")


def test_an_expired_token_is_refused(learner, unit):
    late = watching(*learner, video_of(unit), at=database_now() - timedelta(days=2))

    assert_refused(late.send([0, 1]), 401, "token_expired")


def test_a_token_of_another_session_is_refused(lecture: Watching):
    before = rows()

    answer = lecture.send([0, 1], cookie="sessionid=of-somebody-else")

    assert_refused(answer, 403, "token_of_another_session")
    assert rows() == before


@pytest.mark.parametrize(
    "ranges",
    [
        [[-1, 5]],
        [[-0.5, 5]],
        [[5, 3]],
        [[0, 61]],
        [[0, 5], [70, 80]],
        [[1e308, 1e308]],
        [[0, 1e300]],
    ],
)
def test_a_range_outside_the_video_is_refused(lecture: Watching, ranges):
    let_time_pass(600)
    before = rows()

    assert_refused(lecture.send(*ranges), 400, "range_invalid")
    assert rows() == before


@pytest.mark.parametrize("rate", [1.51, 2, 16, 0, -1, 0.01, 1e-300, 1e300])
def test_a_rate_that_is_not_allowed_is_refused(lecture: Watching, rate):
    let_time_pass(600)

    assert_refused(lecture.send([0, 10], rate=rate), 400, "rate_not_allowed")


def test_a_claim_beyond_the_clock_is_refused_and_writes_nothing(lecture: Watching):
    let_time_pass(10)
    before = rows()

    answer = lecture.send([0, 20])

    assert_refused(answer, 409, "clock_exceeded")
    assert rows() == before
    assert 6 <= int(answer.headers["retry-after"]) <= 8


def test_a_refused_claim_fits_the_clock_later(lecture: Watching):
    let_time_pass(10)
    wait = int(lecture.send([0, 20]).headers["retry-after"])
    let_time_pass(wait)

    assert lecture.send([0, 20]).json["accepted"] == [[0, 20]]


def test_the_tolerance_is_given_once_not_with_every_beat(lecture: Watching):
    let_time_pass(10)
    assert lecture.send([0, 12]).status == 200
    let_time_pass(10)

    assert_refused(lecture.send([12, 24]), 409, "clock_exceeded")
    assert lecture.send([12, 22]).status == 200


def test_time_before_the_page_was_opened_again_cannot_be_claimed(learner, unit):
    video = video_of(unit)
    watching(*learner, video)
    let_time_pass(3600)
    reopened = watching(*learner, video)

    assert_refused(reopened.send([0, 60]), 409, "clock_exceeded")


def test_two_videos_at_once_do_not_count_double(learner, unit):
    one, two = (watching(*learner, video_of(unit)) for _ in range(2))
    let_time_pass(20)

    assert one.send([0, 20]).status == 200
    assert_refused(two.send([0, 20]), 409, "another_video")
    assert two.watched() == []
    let_time_pass(20)
    assert two.send([0, 20]).status == 200


def test_two_videos_in_the_same_moment_do_not_count_double(learner, unit):
    tabs = [watching(*learner, video_of(unit)) for _ in range(4)]
    let_time_pass(20)

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(call(tab.body([0, 20])) for tab in tabs))

    answers = in_one_server(all_at_once)

    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert sum(len(tab.watched()) for tab in tabs) == 1


def test_two_tabs_of_one_video_count_each_second_once(lecture: Watching):
    let_time_pass(20)

    async def both() -> list[Answer]:
        return await asyncio.gather(call(lecture.body([0, 20])), call(lecture.body([0, 20])))

    assert [answer.status for answer in in_one_server(both)] == [200, 200]
    assert lecture.watched() == [(0, 20)]


def test_a_viewing_that_is_gone_is_refused(lecture: Watching):
    ViewingSession.objects.all().delete()

    assert_refused(lecture.send([0, 1]), 404, "viewing_unknown")


TOKEN = b'"token":"abc.def"'
MALFORMED = {
    "nothing": b"",
    "not JSON": b"ranges",
    "null": b"null",
    "a list": b"[]",
    "no token": b'{"ranges":[[0,1]]}',
    "no ranges": b"{" + TOKEN + b"}",
    "NUL in a string": b'{"token":"a\\u0000b","ranges":[]}',
    "a bare NUL": b'{"token":"a\x00b","ranges":[]}',
    "a lone surrogate": b'{"token":"\\ud800","ranges":[]}',
    "broken UTF-8": b'{"token":"\xff\xfe","ranges":[]}',
    "a right-to-left mark": '{"token":"abc\u202e","ranges":[]}'.encode(),
    "combining marks": ('{"token":"a' + "\u0301" * 5000 + '","ranges":[]}').encode(),
    "NaN": b"{" + TOKEN + b',"ranges":[[0,NaN]]}',
    "Infinity": b"{" + TOKEN + b',"ranges":[[0,Infinity]]}',
    "1e400": b"{" + TOKEN + b',"ranges":[[0,1e400]]}',
    "a number of 5000 digits": b"{" + TOKEN + b',"ranges":[[0,' + b"9" * 5000 + b"]]}",
    "text for a number": b"{" + TOKEN + b',"ranges":[["0","1"]]}',
    "true for a number": b"{" + TOKEN + b',"ranges":[[true,1]]}',
    "three numbers in a range": b"{" + TOKEN + b',"ranges":[[0,1,2]]}',
    "an object for ranges": b"{" + TOKEN + b',"ranges":{}}',
    "a list for the rate": b"{" + TOKEN + b',"ranges":[],"rate":[1]}',
    "text for seq": b"{" + TOKEN + b',"ranges":[],"seq":"1"}',
    "too many ranges": b"{" + TOKEN + b',"ranges":[' + b"[0,1]," * 600 + b"[0,1]]}",
    "deep JSON": b"{" + TOKEN + b',"ranges":[],"x":' + b"[" * 8000 + b"]" * 8000 + b"}",
    "deep JSON without an end": b"[" * 16000,
    "deep objects": b'{"a":' * 3000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_not_exactly_a_beat_is_malformed(body):
    assert_refused(send(body), 400, "malformed")


@pytest.mark.parametrize("body", [b" " * 20_000_000, b"[" * 100_000], ids=["20 MB", "100,000 deep"])
def test_a_large_body_is_refused(body):
    assert_refused(send(body), 413, "too_large")


def test_a_large_body_in_pieces_is_refused_before_it_is_read_to_the_end():
    pieces = iter(range(1000))
    sent = []

    async def receive():
        next(pieces)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def keep(message):
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers}
    asyncio.run(application(scope, receive, keep))

    assert sent[0]["status"] == 413
    assert next(pieces) < 20


def test_only_post_is_answered():
    answer = send(b"", method="GET")

    assert_refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_a_form_is_refused(lecture: Watching):
    answer = send(lecture.body([0, 1]), content_type="application/x-www-form-urlencoded")

    assert_refused(answer, 415, "content_type_not_allowed")


def test_a_database_that_is_away_asks_to_try_again_and_heals(lecture: Watching, monkeypatch):
    monkeypatch.setattr(batcher, "RECONNECT_SECONDS", 0.1)
    let_time_pass(20)
    place = connections["default"].settings_dict

    async def scenario() -> list[Answer]:
        with monkeypatch.context() as away:
            away.setitem(place, "HOST", "/nowhere")
            first = await call(lecture.body([0, 10]))
            second = await call(lecture.body([0, 10]))
        await asyncio.sleep(0.2)
        return [first, second, await call(lecture.body([0, 10]))]

    first, second, third = in_one_server(scenario)

    for answer in (first, second):
        assert_refused(answer, 503, "try_again")
        assert answer.headers["retry-after"] == "1"
    assert third.json["accepted"] == [[0, 10]]


def test_a_connection_the_database_ended_is_made_anew(lecture: Watching, monkeypatch):
    monkeypatch.setattr(batcher, "RECONNECT_SECONDS", 0.0)
    let_time_pass(20)

    async def scenario() -> list[Answer]:
        first = await call(lecture.body([0, 5]))
        await asyncio.to_thread(end_connections_of_beats)
        return [first, *[await call(lecture.body([0, 6])) for _ in range(1 + batcher.LANES)]]

    statuses = [answer.status for answer in in_one_server(scenario)]
    # The lane that held the ended connection asks once to try again, and has a new one then.
    assert statuses.count(503) == 1
    assert statuses[-1] == 200


def end_connections_of_beats() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'beats' AND datname = current_database()"
        )
    connection.close()


def test_a_full_queue_asks_to_try_again(lecture: Watching, monkeypatch):
    monkeypatch.setattr(batcher, "QUEUE_LIMIT", 0)

    assert_refused(lecture.send([0, 1]), 503, "try_again")


def test_a_row_held_elsewhere_keeps_nobody_else_waiting(lecture: Watching, unit, monkeypatch):
    monkeypatch.setattr(batcher, "BUSY_SECONDS", 0.2)
    other = watching(*person_in(unit, "wangfang"), video_of(unit))
    let_time_pass(20)

    async def both() -> list[Answer]:
        return await asyncio.gather(call(lecture.body([0, 9])), call(other.body([0, 9])))

    with transaction.atomic():
        ViewingSession.objects.select_for_update().get(pk=lecture.viewing.pk)
        held, free = in_one_server(both)

    assert_refused(held, 503, "try_again")
    assert free.json["accepted"] == [[0, 9]]
    assert lecture.send([0, 9]).status == 200


def test_answers_are_json_of_their_length(lecture: Watching):
    answer = lecture.send()

    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(
        json.dumps(answer.json, separators=(",", ":"))
    )
