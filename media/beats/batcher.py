"""Gathers beats for a few milliseconds and has them judged together on one connection."""

import asyncio
import logging
from collections import deque
from time import monotonic

import psycopg
from django.db import connections
from psycopg import AsyncConnection

from lms.common.errors import Refusal
from media.beats.statement import Verdict, judge_claims
from media.beats.wire import Claim

GATHER_SECONDS = 0.005
BATCH_ENOUGH = 64  # as many as this are not kept waiting for more
BATCH_LIMIT = 128
LANES = 2
QUEUE_LIMIT = 8192  # more than a second of full load: beyond it a quick refusal is kinder
STATEMENT_SECONDS = 10
RECONNECT_SECONDS = 0.5
# Of Django's connection parameters, those that are not the server's.
DJANGO_ONLY = {"context", "cursor_factory", "prepare_threshold"}
BUSY_SECONDS = 3  # how long a beat waits for a row that another transaction holds

log = logging.getLogger(__name__)


class TryAgain(Refusal):
    """Nothing is lost: the player keeps the claim and sends it again."""

    code = "try_again"
    sentence = "暂时不能保存观看进度，播放器会自动重试。"
    status = 503


class _Waiting:
    __slots__ = ("answer", "claim", "since")

    def __init__(self, claim: Claim, answer: asyncio.Future[Verdict]) -> None:
        self.claim = claim
        self.answer = answer
        self.since = monotonic()


class Batcher:
    """One per event loop. Several processes may run one each: rows are locked in the database.

    Two lanes, each with a connection of its own, take turns: while one batch is being made durable
    the next is being gathered.
    """

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._gathering = asyncio.Lock()
        self._persons_in_flight: set[int] = set()
        self._away_until = 0.0
        loop = asyncio.get_running_loop()
        self._lanes = [loop.create_task(self._lane()) for _ in range(LANES)]

    async def submit(self, claim: Claim) -> Verdict:
        """The verdict, once the batch is committed. Raises TryAgain."""
        if len(self._queue) >= QUEUE_LIMIT or monotonic() < self._away_until:
            raise TryAgain
        waiting = _Waiting(claim, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.answer

    async def close(self) -> None:
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def _lane(self) -> None:
        connection: AsyncConnection | None = None
        try:
            while True:
                batch = await self._gathered()
                try:
                    async with asyncio.timeout(STATEMENT_SECONDS):
                        connection = connection or await durable_connection()
                        verdicts = await judge_claims(connection, [w.claim for w in batch])
                except (psycopg.Error, OSError, TimeoutError) as error:
                    self._refuse_all(batch, error)
                    if connection is not None:
                        await connection.close()
                        connection = None
                else:
                    self._answer(batch, verdicts)
                self._persons_in_flight.difference_update(w.claim.person_id for w in batch)
        finally:
            if connection is not None:
                await connection.close()

    async def _gathered(self) -> list[_Waiting]:
        """The next batch, never empty."""
        async with self._gathering:
            while True:
                await self._arrived.wait()
                if len(self._queue) < BATCH_ENOUGH:
                    await asyncio.sleep(GATHER_SECONDS)
                batch = self._take()
                if not self._queue:
                    self._arrived.clear()
                if batch:
                    return batch
                await asyncio.sleep(GATHER_SECONDS)

    def _take(self) -> list[_Waiting]:
        """At most one beat a person at a time: the second must see what the first consumed."""
        taken: list[_Waiting] = []
        later: list[_Waiting] = []
        while self._queue and len(taken) < BATCH_LIMIT:
            waiting = self._queue.popleft()
            person = waiting.claim.person_id
            if waiting.answer.done():  # the client has gone
                continue
            if person in self._persons_in_flight:
                later.append(waiting)
            else:
                self._persons_in_flight.add(person)
                taken.append(waiting)
        self._queue.extendleft(reversed(later))
        return taken

    def _answer(self, batch: list[_Waiting], verdicts: list[Verdict]) -> None:
        for waiting, verdict in zip(batch, verdicts, strict=True):
            if waiting.answer.done():
                continue
            if verdict.outcome != "busy":
                waiting.answer.set_result(verdict)
            elif monotonic() - waiting.since > BUSY_SECONDS:
                _refuse(waiting)
            else:
                self._queue.append(waiting)
                self._arrived.set()

    def _refuse_all(self, batch: list[_Waiting], error: Exception) -> None:
        """Whether the batch was committed is unknown; sending it again is harmless either way."""
        log.warning("beats: database away, %d to be sent again: %s", len(batch), error)
        self._away_until = monotonic() + RECONNECT_SECONDS
        for waiting in [*batch, *self._queue]:
            _refuse(waiting)
        self._queue.clear()


def _refuse(waiting: _Waiting) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(TryAgain())


async def durable_connection() -> AsyncConnection:
    """Django's own database, on a connection that commits each statement durably."""
    django = connections["default"].get_connection_params()
    given = {key: value for key, value in django.items() if key not in DJANGO_ONLY}
    connection = await AsyncConnection.connect(
        **(given | {"connect_timeout": 5, "application_name": "beats"}), autocommit=True
    )
    # An answer promises that the seconds survive a crash, whatever the server's default is.
    await connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
    return connection
