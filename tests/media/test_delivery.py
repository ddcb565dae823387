"""The delivery application, called as a server calls it."""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media import links
from media.delivery import application

NOW = datetime.now(UTC)
KEY, BUILD = uuid.uuid4(), uuid.uuid4()
SEGMENT = bytes(range(256)) * 4000


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    sent_path: str = ""


def ask(
    path: str, *, method: str = "GET", headers: dict[str, str] | None = None, pathsend=True
) -> Answer:
    answer = Answer()
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
        "extensions": {"http.response.pathsend": {}} if pathsend else {},
    }

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.pathsend":
            answer.sent_path = message["path"]
            answer.body = Path(message["path"]).read_bytes()
        else:
            answer.body += message.get("body", b"")

    asyncio.run(application(scope, None, send))
    return answer


@pytest.fixture
def files(uploads) -> Path:
    folder = uploads / f"videos/{KEY}/{BUILD}"
    folder.mkdir(parents=True)
    (folder / "360p-00000.m4s").write_bytes(SEGMENT)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    (folder / "poster.jpg").write_bytes(b"jpg")
    captions = uploads / f"videos/{KEY}/captions"
    captions.mkdir()
    (captions / "0123456789abcdef.vtt").write_text("WEBVTT\n")
    (uploads / f"videos/{KEY}/source").write_bytes(b"the original")
    return folder


def prefix(*, at: datetime = NOW, build: uuid.UUID = BUILD) -> str:
    return links.signed_prefix(video_key=KEY, build=build, viewer_id=7, at=at)


def test_a_segment_is_sent_by_the_server_from_its_path(files):
    answer = ask(prefix() + "360p-00000.m4s")

    assert (answer.status, answer.sent_path) == (200, str(files / "360p-00000.m4s"))
    assert answer.headers["content-type"] == "video/iso.segment"
    assert answer.headers["content-length"] == str(len(SEGMENT))
    assert answer.headers["cache-control"].startswith("private, max-age=")
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_server_that_cannot_send_paths_gets_the_bytes(files):
    assert ask(prefix() + "360p-00000.m4s", pathsend=False).body == SEGMENT


def test_captions_lie_outside_the_build_under_the_same_prefix(files):
    answer = ask(prefix() + "captions-0123456789abcdef.vtt")

    assert (answer.status, answer.body) == (200, b"WEBVTT\n")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"


def test_a_head_request_has_headers_and_no_body(files):
    answer = ask(prefix() + "360p-00000.m4s", method="HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(SEGMENT))


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=1000-", 1000, len(SEGMENT) - 1),
        ("bytes=-500", len(SEGMENT) - 500, len(SEGMENT) - 1),
        (f"bytes=10-{10**15}", 10, len(SEGMENT) - 1),
        (f"bytes=-{10**15}", 0, len(SEGMENT) - 1),
    ],
)
def test_a_range_is_answered_with_exactly_its_bytes(files, header, first, last):
    answer = ask(prefix() + "360p-00000.m4s", headers={"range": header})

    assert answer.status == 206
    assert answer.body == SEGMENT[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(SEGMENT)}"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize(
    "header",
    [
        f"bytes={len(SEGMENT)}-",
        "bytes=9-3",
        "bytes=-",
        "bytes=-0",
        "bytes=a-b",
        "items=0-1",
        "bytes=1" * 9,
    ],
)
def test_a_range_outside_the_file_is_refused(files, header):
    answer = ask(prefix() + "360p-00000.m4s", headers={"range": header})

    assert (answer.status, b"range_refused" in answer.body) == (416, True)


def test_several_ranges_at_once_are_answered_with_the_whole(files):
    answer = ask(prefix() + "360p-00000.m4s", headers={"range": "bytes=0-1,5-6"})

    assert (answer.status, answer.body) == (200, SEGMENT)


def test_a_slide_is_sent_as_a_picture(files):
    (files / "slide-0001.webp").write_bytes(b"webp")

    answer = ask(prefix() + "slide-0001.webp")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")


@pytest.mark.parametrize("name", ["live.m3u8", "live-slow.m3u8", "live-master.m3u8"])
def test_playlists_that_grow_are_asked_for_again(files, name):
    (files / name).write_text("#EXTM3U\n")

    assert ask(prefix() + name).headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "name",
    ["nothing.m4s", "../source", "..%2fsource", "source", "../captions/0123456789abcdef.vtt", "a/b.m4s",
     ".hidden.jpg", "captions-../../x.vtt", "poster.jpg\x00.vtt", "poster.jpg/", "POSTER.JPG", "poster.php"],
)  # fmt: skip
def test_names_that_are_not_of_the_build_are_unknown(files, name):
    answer = ask(prefix() + name)

    assert (answer.status, b"the original" in answer.body) == (404, False)


def test_a_forged_link_is_refused(files):
    token, rest = prefix().removeprefix(links.PREFIX).split("/", 1)
    payload, signature = token.split(".")
    forged = [
        f"{payload}.{'A' * len(signature)}",
        f"{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{signature}",
        f"{payload}.{signature}A",
    ]

    for wrong in forged:
        answer = ask(f"{links.PREFIX}{wrong}/{rest}poster.jpg")
        assert (answer.status, b"link_invalid" in answer.body) == (403, True)


def test_a_link_opens_no_other_build(files):
    other = uuid.uuid4()
    (files.parent / str(other)).mkdir()
    (files.parent / str(other) / "poster.jpg").write_bytes(b"other")

    answer = ask(prefix().replace(str(BUILD), str(other)) + "poster.jpg")

    assert (answer.status, b"link_invalid" in answer.body) == (403, True)


def test_an_expired_link_is_refused(files, settings):
    lifetime = timedelta(seconds=settings.QIANGJI["DELIVERY_TOKEN_SECONDS"])
    old = prefix(at=NOW - lifetime - timedelta(seconds=links.QUANTUM_SECONDS + 1))

    answer = ask(old + "poster.jpg")

    assert (answer.status, b"link_expired" in answer.body) == (403, True)
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_link_of_another_installation_is_refused(files, settings):
    ours = prefix()
    settings.SECRET_KEY = "another secret, long enough to be one"

    assert ask(ours + "poster.jpg").status == 403


def test_links_survive_the_change_of_the_secret_key(files, settings):
    ours = prefix()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, long enough to be one"

    assert ask(ours + "poster.jpg").status == 200


def test_nothing_can_be_written_here(files):
    assert ask(prefix() + "poster.jpg", method="PUT").status == 405


def test_opening_a_page_twice_gives_the_same_addresses():
    start = datetime.fromtimestamp(NOW.timestamp() // 900 * 900 + 1, UTC)

    assert prefix(at=start) == prefix(at=start + timedelta(minutes=14))


def test_a_refusal_says_in_chinese_what_to_do(files):
    body = ask(prefix() + "nothing.m4s").body.decode()

    assert "请刷新页面后再看" in body
