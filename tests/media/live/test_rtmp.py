import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.live.rtmp import NotRtmp, PublishReader, amf_values, name_and_values

HANDSHAKE = b"\x03" + bytes(1536 * 2)


def text(value: str) -> bytes:
    return b"\x02" + struct.pack(">H", len(value)) + value.encode()


def command(*values: object) -> bytes:
    parts = {
        str: text,
        float: lambda v: b"\x00" + struct.pack(">d", v),
        type(None): lambda v: b"\x05",
    }
    return b"".join(parts[type(value)](value) for value in values)


def message(body: bytes, *, kind: int = 20, stream: int = 3, chunk_size: int = 128) -> bytes:
    """One message as chunks: a full header first, then headers that continue it."""
    header = bytes([stream]) + bytes(3) + len(body).to_bytes(3, "big") + bytes([kind]) + bytes(4)
    pieces = [body[at : at + chunk_size] for at in range(0, len(body), chunk_size)] or [b""]
    return header + bytes([0xC0 | stream]).join(pieces)


def conversation(name: str) -> bytes:
    return (
        HANDSHAKE
        + message(command("connect", 1.0) + b"\x03\x00\x00\x09")
        + message((4096).to_bytes(4, "big"), kind=1, stream=2)
        + message(command("releaseStream", 2.0, None, name), chunk_size=4096)
        + message(command("publish", 5.0, None, name, "live"), stream=4, chunk_size=4096)
    )


NAME = "0123456789abcdef?key=" + "x" * 180


@given(st.lists(st.integers(1, 700), max_size=40))
def test_the_name_is_read_however_the_bytes_arrive(cuts):
    reader, data = PublishReader(), conversation(NAME)
    for cut in [*cuts, len(data)]:
        piece, data = data[:cut], data[cut:]
        reader.feed(piece)

    assert reader.published == NAME


def test_a_command_longer_than_a_chunk_is_put_together():
    reader = PublishReader()
    reader.feed(HANDSHAKE + message(command("publish", 5.0, None, NAME, "live"), stream=4))

    assert reader.published == NAME


def test_nothing_is_published_before_it_is_said():
    reader = PublishReader()
    reader.feed(conversation(NAME)[:-10])

    assert reader.published is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"\x03" + bytes(1536 * 2) + b"\x03" + bytes(3) + b"\xff\xff\xff\x14" + bytes(4),
        HANDSHAKE + bytes(1024 * 1024),
        HANDSHAKE + message(bytes(4), kind=1, stream=2),
    ],
)
def test_what_is_not_rtmp_or_endless_is_refused(data):
    with pytest.raises(NotRtmp):
        PublishReader().feed(data)


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data):
    with suppress(NotRtmp):
        PublishReader().feed(HANDSHAKE + data)
    amf_values(data)


@pytest.mark.parametrize(
    ("published", "parts"),
    [
        ("abc?key=s", ("abc", {"key": "s"})),
        ("abc", ("abc", {})),
        ("abc?x=1&key=s=t", ("abc", {"x": "1", "key": "s=t"})),
        ("abc?key=s&x=1&key=t", ("abc", {"x": "1"})),
        ("abc?key&&", ("abc", {"key": ""})),
    ],
)
def test_the_name_and_what_is_said_of_it_are_told_apart(published, parts):
    assert name_and_values(published) == parts
