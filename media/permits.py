"""Who may have the files of a link is asked once a minute, with the cookie that came along.

A link names its viewer, but whoever copies it holds it too. In production nginx asks (`auth_request`
in config/deploy/nginx.conf, ADR 0022); where no nginx stands the application asks the same address.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

Scope = MutableMapping[str, Any]
Site = Callable[[Any, Any, Any], Awaitable[None]]

PATH = "/videos/permit/"
KEPT_SECONDS = 60.0
MOST_KEPT = 20_000
PASSED_ON = {b"cookie", b"host", b"x-forwarded-proto", b"x-forwarded-for"}


class Permits:
    """`await permits(scope, token, build)`: whether this request may have the files of that link.

    A yes is kept for a minute under link and cookie; a no is asked again each time.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._until: dict[tuple[str, UUID, bytes], float] = {}
        self._asked: dict[tuple[str, UUID, bytes], asyncio.Task[bool]] = {}

    async def __call__(self, scope: Scope, token: str, build: UUID) -> bool:
        cookie = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
        key = (token, build, cookie)
        if self._until.get(key, 0) > time.monotonic():
            return True
        # A player asks for several files at once; they share one question.
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(scope, token, build))
            self._asked[key].add_done_callback(lambda _task: self._asked.pop(key))
        if not await asyncio.shield(self._asked[key]):
            return False
        self._keep(key)
        return True

    def _keep(self, key: tuple[str, UUID, bytes]) -> None:
        now = time.monotonic()
        if len(self._until) >= MOST_KEPT:
            self._until = {k: until for k, until in self._until.items() if until > now}
        if len(self._until) < MOST_KEPT:
            self._until[key] = now + KEPT_SECONDS

    async def _ask(self, scope: Scope, token: str, build: UUID) -> bool:
        headers = [(name, value) for name, value in scope["headers"] if name in PASSED_ON]
        headers += [
            (b"x-link-token", token.encode()),
            (b"x-link-build", str(build).encode()),
            (b"x-qiangji-passive", b"1"),
        ]
        question = {
            **scope, "method": "GET", "path": PATH, "raw_path": PATH.encode(),
            "query_string": b"", "headers": headers,
        }  # fmt: skip
        status = 0

        async def nothing() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def note(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)

        await self._site(question, nothing, note)
        return status == 204
