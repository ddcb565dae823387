"""A viewing opened an hour ago, and the endpoint called as a server calls it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from lms.common.clock import database_now
from lms.people.models import Person, Posting, Unit
from media.beats import application, lifespan
from media.beats.batcher import durable_connection
from media.beats.statement import Verdict, judge_claims
from media.beats.wire import Claim
from media.models import Video, ViewingSession
from media.viewing import open_viewing, viewing_token

DURATION = 60
SESSION = "session-of-the-learner"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    json: Any


async def call(
    body: bytes,
    *,
    method: str = "POST",
    content_type: str = "application/json",
    cookie: str | None = None,
) -> Answer:
    """One request to the ASGI application, in the loop of the caller."""
    headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
    if cookie is not None:
        headers.append((b"cookie", cookie.encode()))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await application({"type": "http", "method": method, "headers": headers}, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, json.loads(sent[1]["body"]))


def in_one_server(scenario: Callable[[], Any]) -> Any:
    """Run the scenario in one event loop, then shut down as a server does."""

    async def shut_down() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "lifespan.shutdown"}

        async def send(_message: Any) -> None: ...

        await lifespan(receive, send)

    async def main() -> Any:
        try:
            return await scenario()
        finally:
            await shut_down()

    return asyncio.run(main())


@dataclass
class Watching:
    """A viewing with its token."""

    viewing: ViewingSession
    token: str

    def body(self, *ranges: list[float], **changes: Any) -> bytes:
        beat = {"token": self.token, "seq": 1, "ranges": ranges, "position": 5.0, "rate": 1.0}
        return json.dumps({**beat, **changes}).encode()

    def send(self, *ranges: list[float], cookie: str | None = None, **changes: Any) -> Answer:
        return send(self.body(*ranges, **changes), cookie=cookie)

    def watched(self) -> list[tuple[int, int]]:
        self.viewing.refresh_from_db()
        return self.viewing.watched


def send(body: bytes, **request: Any) -> Answer:
    return in_one_server(lambda: call(body, **request))


def let_time_pass(seconds: int) -> None:
    """Set every clock of record back, which is the same as waiting."""
    with connection.cursor() as cursor:
        for table, column in [
            ("media_viewerclock", "consumed_until"),
            ("media_viewingsession", "last_beat_at"),
        ]:
            cursor.execute(
                f"UPDATE {table} SET {column} = {column} - %s * interval '1 second'", [seconds]
            )


def video_of(unit: Unit, seconds: int = DURATION) -> Video:
    return Video.objects.create(
        title="基层治理", owner_unit=unit, duration_seconds=seconds, created_at=database_now()
    )


def person_in(unit: Unit, number: str) -> tuple[Person, Posting]:
    person = Person.objects.create(staff_number=number, name="吴晓芸")
    posting = Posting.objects.create(
        person=person, unit=unit, post_level=Posting.PostLevel.STAFF, from_date="2024-01-01"
    )
    return person, posting


def watching(person: Person, posting: Posting, video: Video, **token: Any) -> Watching:
    now = database_now()
    viewing = open_viewing(person=person, video=video, posting=posting, at=now)
    allowed = {"session_key": SESSION, "max_rate": 1.5, "at": now, **token}
    return Watching(viewing, viewing_token(viewing=viewing, **allowed))


def unit_of() -> Unit:
    return Unit.objects.create(
        code="331124-test", name="松阳县", level=Unit.Level.COUNTY, path="33/3311/331124/"
    )


@pytest.fixture
def unit(transactional_db) -> Unit:
    return unit_of()


@pytest.fixture
def learner(unit: Unit) -> tuple[Person, Posting]:
    return person_in(unit, "wuxiaoyun")


@pytest.fixture
def lecture(learner, unit: Unit) -> Watching:
    """A lecture of a minute, opened just now."""
    return watching(*learner, video_of(unit))


@pytest.fixture
def judge(lecture) -> Iterator[Callable[..., Verdict]]:
    """Judge one claim on a connection like the batcher's."""
    with asyncio.Runner() as runner:
        session = runner.run(durable_connection())
        yield lambda claim: runner.run(judge_claims(session, [claim]))[0]
        runner.run(session.close())


def claim(tab: Watching, *claimed: tuple[int, int], rate: float = 1.0) -> Claim:
    return Claim(tab.viewing.pk, tab.viewing.person_id, list(claimed), rate, 0)
