"""GETs in turn over kept-alive connections, as viewers do; a process of its own, on loopback.

Reads `{"port", "seconds", "status", "viewers": [[head, …], …]}` from standard input, one connection a
viewer, and prints one JSON object. Bodies are counted, not kept.
"""

import asyncio
import json
import sys
from itertools import cycle
from time import perf_counter

RECEIVE_BYTES = 1 << 18


class Tally:
    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.bytes = 0


class Viewer(asyncio.BufferedProtocol):
    """Asks, reads to the end of the answer, asks again."""

    def __init__(self, heads: list[str], status: int, until: float, tally: Tally) -> None:
        self.heads = cycle([head.encode() for head in heads])
        self.begin, self.until, self.tally = f"http/1.1 {status}".encode(), until, tally
        self.room = bytearray(RECEIVE_BYTES)
        self.lost = asyncio.get_running_loop().create_future()
        self.is_done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.began = perf_counter()
        self.head, self.missing, self.is_last = b"", -1, False
        if self.began > self.until:
            self.is_done = True
            return self.transport.close()
        self.transport.write(next(self.heads))

    def get_buffer(self, sizehint: int) -> bytearray:
        return self.room

    def buffer_updated(self, nbytes: int) -> None:
        if self.missing < 0:
            self.head += self.room[:nbytes]
            nbytes = self.read_head()
            if self.missing < 0:
                return
        self.missing -= nbytes
        self.tally.bytes += nbytes
        if self.missing == 0:
            self.tally.milliseconds.append((perf_counter() - self.began) * 1000)
            self.transport.close() if self.is_last else self.ask()

    def read_head(self) -> int:
        """Bytes of the body that came with the head."""
        head, end, body = self.head.partition(b"\r\n\r\n")
        if not end:
            return 0
        head = head.lower()
        if not head.startswith(self.begin):
            raise RuntimeError(head[:200].decode(errors="replace"))
        self.missing = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        self.is_last = b"connection: close" in head  # nginx does so after a thousand
        return len(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc or not (self.is_done or self.is_last):
            self.lost.set_exception(exc or RuntimeError("The server hung up."))
        else:
            self.lost.set_result(None)


async def view(port: int, heads: list[str], status: int, until: float, tally: Tally) -> None:
    is_done = False
    while not is_done:
        _, viewer = await asyncio.get_running_loop().create_connection(
            lambda: Viewer(heads, status, until, tally), "127.0.0.1", port
        )
        await viewer.lost
        is_done = viewer.is_done


async def run(port: int, seconds: float, status: int, viewers: list[list[str]]) -> dict:
    tally = Tally()
    began = perf_counter()
    until = began + seconds
    await asyncio.gather(*(view(port, heads, status, until, tally) for heads in viewers))
    took = perf_counter() - began
    times = sorted(tally.milliseconds)
    return {
        "rps": round(len(times) / took, 1),
        "mb_s": round(tally.bytes / took / 1e6, 1),
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "requests": len(times),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(**json.load(sys.stdin))), sys.stdout)
