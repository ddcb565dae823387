"""HTTP of `/beats`: method, size, token, answer."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, MutableMapping
from math import ceil
from time import time
from typing import Any

import msgspec
from django.conf import settings

from lms.common.errors import Refusal
from media.beats.batcher import Batcher, TryAgain
from media.beats.statement import Verdict
from media.beats.wire import Claim, claim_of, read_beat
from media.tokens import read_viewing_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY_LIMIT_BYTES = 16 * 1024
# text/plain is what navigator.sendBeacon sends; the token is the credential, not the type.
CONTENT_TYPES = (b"application/json", b"text/plain")
_PLAIN_HEADERS: Headers = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
]
# PostgreSQL's `{[14,60)}` is JSON's `[[14,60]]` with other brackets.
_TO_JSON = str.maketrans("{})", "[]]")


class OnlyPost(Refusal):
    code = "method_not_allowed"
    sentence = "这个地址只接受播放器上报的观看数据。"
    status = 405


class TooLarge(Refusal):
    code = "too_large"
    sentence = "上报的观看数据太大，没有接收。"
    status = 413


class ContentTypeRefused(Refusal):
    code = "content_type_not_allowed"
    sentence = "上报的观看数据类型不对，应为 JSON。"
    status = 415


class ClockExceeded(Refusal):
    code = "clock_exceeded"
    sentence = "上报的观看时长超过了实际经过的时间，这一段暂未计入。"
    status = 409


class AnotherVideo(Refusal):
    code = "another_video"
    sentence = "同一时间只能计一个视频的学时，您正在观看另一个视频。"
    status = 409


class ViewingUnknown(Refusal):
    code = "viewing_unknown"
    sentence = "没有找到这次观看，请刷新页面后继续观看。"
    status = 404


_REFUSED = {
    "clock_exceeded": ClockExceeded,
    "another_video": AnotherVideo,
    "unknown": ViewingUnknown,
}
# One batcher a loop: tests and workers each have their own.
_batchers: dict[asyncio.AbstractEventLoop, Batcher] = {}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one beat after it is committed, or refuse it with a code and a sentence."""
    extra: Headers = []
    try:
        headers = _checked_headers(scope)
        claim = _read_claim(await _body(receive), headers)
        verdict = await _batcher().submit(claim)
        if verdict.outcome == "accepted":
            await _send(send, 200, _accepted(claim, verdict), extra)
            return
        if verdict.wait_seconds is not None:
            extra = _retry_after(verdict.wait_seconds)
        raise _REFUSED[verdict.outcome]
    except Refusal as refusal:
        if isinstance(refusal, TryAgain):
            extra = _retry_after(1)
        elif isinstance(refusal, OnlyPost):
            extra = [(b"allow", b"POST")]
        await _send(send, refusal.status, msgspec.json.encode(refusal.as_json()), extra)


async def lifespan(receive: Receive, send: Send) -> None:
    """The batcher starts with the first beat and is closed with the server."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            # What is loaded by now stays: a collection that walks all of Django and Wagtail holds
            # every waiting beat up for a tenth of a second.
            gc.collect()
            gc.freeze()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            batcher = _batchers.pop(asyncio.get_running_loop(), None)
            if batcher is not None:
                await batcher.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _batcher() -> Batcher:
    loop = asyncio.get_running_loop()
    batcher = _batchers.get(loop)
    if batcher is None:
        batcher = _batchers[loop] = Batcher()
    return batcher


def _checked_headers(scope: Scope) -> dict[bytes, bytes]:
    if scope["method"] != "POST":
        raise OnlyPost
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() not in CONTENT_TYPES:
        raise ContentTypeRefused
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > BODY_LIMIT_BYTES:
        raise TooLarge
    return headers


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT_BYTES:
            raise TooLarge
        if not message.get("more_body", False):
            return body


def _read_claim(body: bytes, headers: dict[bytes, bytes]) -> Claim:
    beat = read_beat(body)
    grant = read_viewing_token(
        beat.token, now=time(), session_key=_session_key(headers.get(b"cookie"))
    )
    return claim_of(beat, grant)


def _session_key(cookie: bytes | None) -> str | None:
    """The session cookie, when one came: a beacon from a closing page may come without."""
    if cookie is None:
        return None
    wanted = settings.SESSION_COOKIE_NAME
    for pair in cookie.decode("latin-1").split(";"):
        name, _, value = pair.partition("=")
        if name.strip() == wanted:
            return value.strip()
    return None


def _accepted(claim: Claim, verdict: Verdict) -> bytes:
    spans = ",".join([f"[{lower},{upper}]" for lower, upper in claim.spans])
    missing = (verdict.missing or "").translate(_TO_JSON)
    return f'{{"accepted":[{spans}],"missing":{missing}}}'.encode()


def _retry_after(seconds: float) -> Headers:
    return [(b"retry-after", str(max(1, ceil(seconds))).encode())]


async def _send(send: Send, status: int, body: bytes, extra: Headers) -> None:
    # With its length given the answer is one write, not a chunked stream.
    length = (b"content-length", str(len(body)).encode())
    headers = [*_PLAIN_HEADERS, length, *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
