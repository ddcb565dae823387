"""tus 1.0 and RFC 9530 headers as plain values. What cannot be read is a Refusal with status 400."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.common.errors import Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha1")
BODY_TYPE = "application/offset+octet-stream"
MOST_METADATA = 4096


class HeaderRefused(Refusal):
    code = "header_unreadable"
    sentence = "上传程序发来的请求读不懂。请刷新页面再试。"


class VersionRefused(Refusal):
    code = "tus_version"
    sentence = "上传程序的版本对不上。请刷新页面再试。"
    status = 412


@dataclass(frozen=True)
class Checksum:
    """What a body must digest to."""

    algorithm: str
    digest: bytes

    def fits(self, data: bytes | bytearray) -> bool:
        return hashlib.new(self.algorithm, data).digest() == self.digest


def check_version(headers: Mapping[str, str]) -> None:
    if headers.get("Tus-Resumable") != VERSION:
        raise VersionRefused


def number(headers: Mapping[str, str], name: str) -> int:
    """A count of bytes. At most 16 digits: more is no file."""
    text = headers.get(name, "")
    if not re.fullmatch(r"[0-9]{1,16}", text):
        raise HeaderRefused
    return int(text)


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """`Upload-Metadata: name base64, name base64` as text."""
    text = headers.get("Upload-Metadata", "")
    if len(text) > MOST_METADATA:
        raise HeaderRefused
    pairs = (pair.split() for pair in text.split(",") if pair.strip())
    found = {words[0]: _decoded(words[1]) if len(words) > 1 else b"" for words in pairs}
    try:
        return {name: value.decode().replace("\x00", "") for name, value in found.items()}
    except UnicodeDecodeError as error:
        raise HeaderRefused from error


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """`Upload-Checksum: sha256 base64`, of one body."""
    words = headers.get("Upload-Checksum", "").split()
    if not words:
        return None
    if len(words) != 2 or words[0] not in ALGORITHMS:
        raise HeaderRefused
    return Checksum(words[0], _decoded(words[1]))


def whole_digest(headers: Mapping[str, str]) -> str:
    """`Repr-Digest: sha-256=:base64:`, of the whole file, as hexadecimal; "" when there is none."""
    found = re.search(r"sha-256=:([A-Za-z0-9+/=]{44}):", headers.get("Repr-Digest", ""))
    return _decoded(found[1]).hex() if found else ""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise HeaderRefused from error
