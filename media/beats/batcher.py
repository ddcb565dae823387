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
BATCH_LIMIT = 512
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
    """One per event loop. Several processes may run one each: rows are locked in the database."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._away_until = 0.0
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def submit(self, claim: Claim) -> Verdict:
        """The verdict, once the batch is committed. Raises TryAgain."""
        if len(self._queue) >= QUEUE_LIMIT or monotonic() < self._away_until:
            raise TryAgain
        waiting = _Waiting(claim, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.answer

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._disconnect()

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(GATHER_SECONDS)
            batch = self._take()
            if not self._queue:
                self._arrived.clear()
            if batch:
                await self._answer(batch)

    def _take(self) -> list[_Waiting]:
        """At most one beat a person: the second must see what the first consumed."""
        taken: dict[int, _Waiting] = {}
        later: list[_Waiting] = []
        while self._queue and len(taken) < BATCH_LIMIT:
            waiting = self._queue.popleft()
            if waiting.answer.done():  # the client has gone
                continue
            if waiting.claim.person_id in taken:
                later.append(waiting)
            else:
                taken[waiting.claim.person_id] = waiting
        self._queue.extendleft(reversed(later))
        return list(taken.values())

    async def _answer(self, batch: list[_Waiting]) -> None:
        try:
            async with asyncio.timeout(STATEMENT_SECONDS):
                connection = await self._connected()
                verdicts = await judge_claims(connection, [w.claim for w in batch])
        except (psycopg.Error, OSError, TimeoutError) as error:
            # Whether the batch was committed is unknown; sending it again is harmless either way.
            log.warning("beats: database away, %d to be sent again: %s", len(batch), error)
            self._away_until = monotonic() + RECONNECT_SECONDS
            await self._disconnect()
            for waiting in [*batch, *self._queue]:
                _refuse(waiting)
            self._queue.clear()
            return
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

    async def _connected(self) -> AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await durable_connection()
        return self._connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


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
