"""What an encoder says before it sends pictures: enough of RTMP to read which stream, with what key.

Adobe's RTMP specification 1.0, sections 5 (handshake, chunks) and 7 (commands, AMF 0). Plain Python:
bytes in, the name of the `publish` command out.
"""

import struct
from dataclasses import dataclass, field

HANDSHAKE_BYTES = 1 + 1536 + 1536  # C0, C1, C2
SET_CHUNK_SIZE, COMMAND = 1, 20
MAX_MESSAGE_BYTES = 64 * 1024
MAX_BEFORE_PUBLISH = 1024 * 1024
HEADER_BYTES = {0: 11, 1: 7, 2: 3, 3: 0}


class NotRtmp(ValueError):
    """The client does not speak RTMP, or speaks it at a length no encoder needs."""


@dataclass
class _Message:
    """One chunk stream: the header its chunks inherit, and the message put together so far."""

    length: int = 0
    kind: int = 0
    is_extended: bool = False
    body: bytearray = field(default_factory=bytearray)


class PublishReader:
    """Fed with what the client sends; `published` is the name it publishes, None until it does."""

    def __init__(self) -> None:
        self.published: str | None = None
        self._rest = bytearray()
        self._seen = 0
        self._chunk_size = 128
        self._streams: dict[int, _Message] = {}

    def feed(self, data: bytes) -> None:
        """Raises NotRtmp."""
        if self.published is not None:
            return
        before, self._seen = self._seen, self._seen + len(data)
        if before == 0 and data[:1] not in (b"", b"\x03"):
            raise NotRtmp("no RTMP version")
        if self._seen > MAX_BEFORE_PUBLISH:
            raise NotRtmp("too much before publishing")
        self._rest += data[max(0, HANDSHAKE_BYTES - before) :]
        while self.published is None and (used := self._chunk()):
            del self._rest[:used]

    def _chunk(self) -> int:
        """Read one chunk; 0 when it has not arrived whole."""
        data = self._rest
        if not data:
            return 0
        form, stream, at = data[0] >> 6, data[0] & 63, 1
        if stream < 2:
            at += 1 + stream
            if len(data) < at:
                return 0
            stream = 64 + data[1] + (data[2] * 256 if stream else 0)
        size = HEADER_BYTES[form]
        if len(data) < at + size:
            return 0
        message = self._streams.setdefault(stream, _Message())
        is_extended = message.is_extended
        if form < 3:
            is_extended = data[at : at + 3] == b"\xff\xff\xff"
        length, kind = message.length, message.kind
        if form < 2:
            length, kind = int.from_bytes(data[at + 3 : at + 6], "big"), data[at + 6]
        if length > MAX_MESSAGE_BYTES:
            raise NotRtmp("message too long")
        at += size + (4 if is_extended else 0)
        end = at + min(self._chunk_size, length - len(message.body))
        if len(data) < end:
            return 0
        message.length, message.kind, message.is_extended = length, kind, is_extended
        message.body += data[at:end]
        if len(message.body) == length:
            self._message(kind, bytes(message.body))
            message.body.clear()
        return end

    def _message(self, kind: int, body: bytes) -> None:
        if kind == SET_CHUNK_SIZE and len(body) >= 4:
            self._chunk_size = int.from_bytes(body[:4], "big") & 0x7FFFFFFF
            if not self._chunk_size:
                raise NotRtmp("empty chunks")
        elif kind == COMMAND:
            values = amf_values(body)
            if values[:1] == ["publish"] and len(values) > 3 and isinstance(values[3], str):
                self.published = values[3]


def amf_values(body: bytes) -> list[object]:
    """The simple values at the head of a command; reading stops at what no publish command holds."""
    values: list[object] = []
    at = 0
    while at < len(body):
        mark, at = body[at], at + 1
        if mark == 0 and at + 8 <= len(body):
            values.append(struct.unpack_from(">d", body, at)[0])
            at += 8
        elif mark == 2 and at + 2 <= len(body):
            length = int.from_bytes(body[at : at + 2], "big")
            values.append(body[at + 2 : at + 2 + length].decode("utf-8", "replace"))
            at += 2 + length
        elif mark == 5:
            values.append(None)
        else:
            break
    return values


def name_and_values(published: str) -> tuple[str, dict[str, str]]:
    """`NAME?key=SECRET` → the name, and what is said once; what is said twice counts as not said."""
    name, _, query = published.partition("?")
    said = [part.partition("=")[::2] for part in query.split("&") if part]
    names = [key for key, _value in said]
    return name, {key: value for key, value in said if names.count(key) == 1}
