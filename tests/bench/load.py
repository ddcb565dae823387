"""A load generator for `/beats`: raw sockets, keep-alive, one beat outstanding a connection.

Run as a process of its own (`python -m tests.bench.load`) so that it does not share the server's
interpreter. Every viewing is beaten in turn; each beat claims the next few seconds of its video.
With `--interval` each viewing beats once in so many seconds, spread evenly; without, as fast as it goes.
"""

import argparse
import asyncio
import gc
import json
import sys
from array import array
from pathlib import Path
from time import perf_counter

CLAIM_SECONDS = 5
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n"
)


class Load:
    """What all connections share: whose turn it is, and what was answered when."""

    def __init__(
        self, tokens: list[str], path: str, host: str, seconds: float,
        *, interval: float = 0.0, claim_seconds: int = CLAIM_SECONDS,
    ) -> None:  # fmt: skip
        self.tokens = tokens
        self.path, self.host = path, host
        self.claim_seconds = claim_seconds
        self.gap = interval / len(tokens)  # seconds between the beats of one viewing and the next
        self.beats = int(seconds / self.gap) if interval else sys.maxsize
        self.next_beat = 0
        self.began = perf_counter()
        # A paced load is sent whole, however late; an unpaced one ends with its time.
        self.until = self.began + seconds if not interval else float("inf")
        self.milliseconds = array("d")
        self.acknowledged = array("q")  # numbers of beats answered 200
        self.refused: dict[str, int] = {}  # by status

    def request(self) -> tuple[int, bytes] | None:
        """The next beat and its number, None when the time is up."""
        if self.next_beat >= self.beats or perf_counter() > self.until:
            return None
        number = self.next_beat
        self.next_beat += 1
        turn, viewing = divmod(number, len(self.tokens))
        start = turn * self.claim_seconds
        end = start + self.claim_seconds
        body = (
            f'{{"token":"{self.tokens[viewing]}","seq":{turn},'
            f'"ranges":[[{start},{end}.25]],"position":{end}.25,"rate":1.0}}'
        )
        head = HEAD.format(path=self.path, host=self.host, length=len(body))
        return number, (head + body).encode()

    def due_in(self, number: int) -> float:
        """Seconds until a beat is due; never negative."""
        return max(0.0, self.began + number * self.gap - perf_counter())


class Connection(asyncio.Protocol):
    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self.load = load
        self.done = done
        self.received = b""

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        beat = self.load.request()
        if beat is None:
            self.transport.close()
            return
        self.number, request = beat
        wait = self.load.due_in(self.number) if self.load.gap else 0.0
        if wait:
            asyncio.get_running_loop().call_later(wait, self.write, request)
        else:
            self.write(request)

    def write(self, request: bytes) -> None:
        self.sent_at = perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.received = b""
        self.load.milliseconds.append((perf_counter() - self.sent_at) * 1000)
        if head.startswith(b"HTTP/1.1 200"):
            self.load.acknowledged.append(self.number)
        else:
            status = head[9:12].decode()
            self.load.refused[status] = self.load.refused.get(status, 0) + 1
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(load: Load, port: int, connections: int) -> float:
    """Seconds it took until every connection had finished."""
    loop = asyncio.get_running_loop()
    started = perf_counter()
    finished = []
    for _ in range(connections):
        done = loop.create_future()
        await loop.create_connection(lambda d=done: Connection(load, d), "127.0.0.1", port)
        finished.append(done)
    await asyncio.gather(*finished)
    return perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/beats")
    parser.add_argument("--tokens", type=Path, required=True, help="one token a line")
    parser.add_argument("--acknowledged", type=Path, required=True, help="beat numbers, binary")
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--interval", type=float, default=0.0)
    parser.add_argument("--claim-seconds", type=int, default=CLAIM_SECONDS)
    given = parser.parse_args()
    tokens = given.tokens.read_text().split()
    gc.disable()  # the generator's own pauses must not count as the server's
    load = Load(
        tokens, given.path, f"127.0.0.1:{given.port}", given.seconds,
        interval=given.interval, claim_seconds=given.claim_seconds,
    )  # fmt: skip
    took = asyncio.run(run(load, given.port, given.connections))
    given.acknowledged.write_bytes(load.acknowledged.tobytes())
    times = sorted(load.milliseconds)
    json.dump(
        {
            "beats_per_second": round(len(load.acknowledged) / took, 1),
            "p50_ms": round(times[len(times) // 2], 1),
            "p99_ms": round(times[int(len(times) * 0.99)], 1),
            "acknowledged": len(load.acknowledged),
            "refused": load.refused,
            "seconds": round(took, 1),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
