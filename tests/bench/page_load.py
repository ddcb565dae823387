"""GETs one address over a few kept-alive connections; a process of its own, on loopback.

`python -m tests.bench.page_load --port P --path / --seconds 5` prints one JSON object.
"""

import argparse
import asyncio
import json
import sys
from time import perf_counter


async def ask(port: int, request: bytes, until: float, times: list[float], sizes: set[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while perf_counter() < until:
        began = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head[:200].decode(errors="replace"))
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        times.append((perf_counter() - began) * 1000)
        sizes.add(length)
    writer.close()
    await writer.wait_closed()


async def run(port: int, request: bytes, seconds: float, connections: int) -> dict:
    times: list[float] = []
    sizes: set[int] = set()
    began = perf_counter()
    until = began + seconds
    await asyncio.gather(*(ask(port, request, until, times, sizes) for _ in range(connections)))
    took = perf_counter() - began
    times.sort()
    return {
        "rps": round(len(times) / took, 1),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "bytes": max(sizes),
        "requests": len(times),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--cookie", default="")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args()
    cookie = f"Cookie: {given.cookie}\r\n" if given.cookie else ""
    request = (
        f"GET {given.path} HTTP/1.1\r\nHost: 127.0.0.1:{given.port}\r\n"
        f"Accept-Language: zh-CN\r\n{cookie}\r\n"
    )
    figures = asyncio.run(run(given.port, request.encode(), given.seconds, given.connections))
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
