"""Renditions to players: a plain ASGI application for `/videos/s/<token>/<build>/<file>`.

Local files leave through Granian's `pathsend` (the server reads them, not Python) and, for ranges, in
pieces read by a thread. From an object store, segments are fetched by the player itself through a
presigned address; playlists and captions pass through here so that their relative names stay signed.
"""

import asyncio
import json
import os
import re
import stat
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from django.core.files.storage import FileSystemStorage, Storage, storages

from lms.common.errors import Refusal
from media import places
from media.links import PREFIX, Link, read_link

__all__ = ["PREFIX", "application"]

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

ADDRESS = re.compile(
    re.escape(PREFIX)
    + r"([\w-]{10,80}\.[\w-]{40,50})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"/([a-z0-9][a-z0-9-]{0,60}\.(?:m3u8|m4s|mp4|jpg|webp|vtt))",
    re.ASCII,
)
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
CONTENT_TYPES = {
    "m3u8": b"application/vnd.apple.mpegurl",
    "m4s": b"video/iso.segment",
    "mp4": b"video/mp4",
    "jpg": b"image/jpeg",
    "webp": b"image/webp",
    "vtt": b"text/vtt; charset=utf-8",
}
PASSED_THROUGH = ("m3u8", "vtt")
GROWING = re.compile(r"live(-[a-z]+)?\.m3u8")
PIECE_BYTES = 256 * 1024


class FileUnknown(Refusal):
    code = "file_unknown"
    status = 404
    sentence = "没有这个文件。请刷新页面后再看。"


class MethodRefused(Refusal):
    code = "method_refused"
    status = 405
    sentence = "这个地址只能读取。"


class RangeRefused(Refusal):
    code = "range_refused"
    status = 416
    sentence = "请求的片段超出文件范围。"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered."""

    link: Link
    name: str
    is_head: bool
    range_header: str
    can_pathsend: bool

    @property
    def stored_name(self) -> str:
        return places.stored_name(
            video_key=self.link.video_key, build=self.link.build, name=self.name
        )

    @property
    def headers(self) -> Headers:
        """A build never changes, so a browser may keep it as long as the link lives, and nobody else.

        The playlists of a live lecture grow by the second.
        """
        kind = self.name.rpartition(".")[2]
        left = max(0, self.link.expires_at - int(time.time()))
        keep = b"private, max-age=%d, immutable" % left
        return [
            (b"content-type", CONTENT_TYPES[kind]),
            (b"cache-control", b"private, no-cache" if GROWING.fullmatch(self.name) else keep),
            (b"accept-ranges", b"bytes"),
            (b"x-content-type-options", b"nosniff"),
        ]


async def application(scope: Scope, receive: Any, send: Send) -> None:
    try:
        asked = read_request(scope)
        storage = storages["default"]
        if isinstance(storage, FileSystemStorage):
            await answer_from_disk(asked, storage, send)
        else:
            await answer_from_store(asked, storage, send)
    except Refusal as refusal:
        await refuse(refusal, send, is_head=scope["method"] == "HEAD")


def read_request(scope: Scope) -> Asked:
    """Raises LinkInvalid, LinkExpired, FileUnknown, MethodRefused."""
    if scope["method"] not in ("GET", "HEAD"):
        raise MethodRefused
    found = ADDRESS.fullmatch(scope["path"])
    if not found:
        raise FileUnknown
    link = read_link(token=found[1], build=uuid.UUID(found[2]), now=time.time())
    ranges = [value.decode("latin-1") for name, value in scope["headers"] if name == b"range"]
    return Asked(
        link=link,
        name=found[3],
        is_head=scope["method"] == "HEAD",
        range_header=ranges[0] if ranges else "",
        can_pathsend="http.response.pathsend" in (scope.get("extensions") or {}),
    )


async def answer_from_disk(asked: Asked, storage: Storage, send: Send) -> None:
    path = storage.path(asked.stored_name)
    try:
        # Not in a thread: on a local disk a thread costs more than the call.
        found = os.stat(path)  # noqa: ASYNC240, PTH116, RUF100
    except OSError:
        raise FileUnknown from None
    if not stat.S_ISREG(found.st_mode):
        raise FileUnknown
    span = wanted_span(asked.range_header, size=found.st_size)
    await start(send, asked.headers, span=span, size=found.st_size)
    if asked.is_head:
        await send({"type": "http.response.body"})
    elif span is None and asked.can_pathsend:
        await send({"type": "http.response.pathsend", "path": path})
    else:
        await send_pieces(Path(path), span or (0, found.st_size), send)


def wanted_span(header: str, *, size: int) -> tuple[int, int] | None:
    """The half-open span of a Range header; None for the whole file. Raises RangeRefused.

    Several ranges at once may be answered with the whole (RFC 9110, 14.2).
    """
    if not header or "," in header:
        return None
    found = RANGE.fullmatch(header.strip())
    if not found or found[1] == found[2] == "":
        raise RangeRefused
    if found[1] == "":
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
    if first > last:
        raise RangeRefused
    return first, last + 1


async def start(send: Send, headers: Headers, *, span: tuple[int, int] | None, size: int) -> None:
    first, end = span or (0, size)
    if span:
        headers = [*headers, (b"content-range", b"bytes %d-%d/%d" % (first, end - 1, size))]
    await send(
        {
            "type": "http.response.start",
            "status": 206 if span else 200,
            "headers": [*headers, (b"content-length", b"%d" % (end - first))],
        }
    )


async def send_pieces(path: Path, span: tuple[int, int], send: Send) -> None:
    at, end = span
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(at)
        while at < end:
            piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, end - at))
            if not piece:
                break
            at += len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": at < end})


async def answer_from_store(asked: Asked, storage: Any, send: Send) -> None:
    """Presigned for minutes only: the address in the browser's history is soon worthless."""
    if not asked.name.endswith(PASSED_THROUGH):
        # `expire` is what django-storages' object stores add to `url`.
        url: str = await asyncio.to_thread(partial(storage.url, asked.stored_name, expire=600))
        headers = [(b"location", url.encode()), (b"cache-control", b"private, max-age=300")]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body"})
        return
    body = await asyncio.to_thread(stored_bytes, storage, asked.stored_name)
    span = wanted_span(asked.range_header, size=len(body))
    await start(send, asked.headers, span=span, size=len(body))
    part = b"" if asked.is_head else body[slice(*span)] if span else body
    await send({"type": "http.response.body", "body": part})


def stored_bytes(storage: Storage, name: str) -> bytes:
    try:
        with storage.open(name) as file:
            return bytes(file.read())
    except (FileNotFoundError, ClientError):
        raise FileUnknown from None


async def refuse(refusal: Refusal, send: Send, *, is_head: bool) -> None:
    body = json.dumps(refusal.as_json(), ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"private, no-store"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
