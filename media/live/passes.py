"""What an encoder shows to publish: a key, or the pass nginx was given for one (ADR 0023).

nginx writes the address it relays to into its log, so that address holds a pass and no key. A pass
tells no secret, is of use only at the gate, which listens on the loopback, and ends with its key.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from django.core import signing

from media.live.rtmp import name_and_values

NAME = re.compile(r"[a-z0-9]{16}")
# Of the digest's 64: ffmpeg's listener takes names of 127 characters, and this tells keys apart.
KEPT = 16
signer = signing.Signer(salt="media.live.passes", sep="~")


@dataclass(frozen=True, slots=True)
class Pass:
    """For the livestream `name`, by the key with this digest, from this address."""

    name: str
    key_digest: str
    address: str | None

    def is_of(self, key_digest: str) -> bool:
        """Whether the key is the one now in force; no key is in force where the digest is empty."""
        return bool(key_digest) and hmac.compare_digest(key_digest[:KEPT], self.key_digest)

    def written(self) -> str:
        """`NAME?pass=PASS`, at most 122 characters; `shown_by` reads it again."""
        signed = signer.sign("~".join((self.name, self.key_digest, self.address or "")))
        return f"{self.name}?pass={signed.removeprefix(self.name + '~')}"


def by_key(*, name: str, key: str, address: str | None) -> Pass:
    """What is no name of a livestream at all becomes empty, which names none."""
    return Pass(name if NAME.fullmatch(name) else "", digest_of(key)[:KEPT], address)


def shown_by(published: str, *, address: str | None) -> Pass:
    """From `NAME?key=SECRET` or `NAME?pass=PASS`; a pass says itself where the encoder sends from."""
    name, said = name_and_values(published)
    if "pass" not in said:
        return by_key(name=name, key=said.get("key", ""), address=address)
    try:
        _name, key_digest, sent_from = signer.unsign(f"{name}~{said['pass']}").split("~")
    except signing.BadSignature:
        return by_key(name=name, key="", address=address)
    return Pass(name, key_digest, sent_from or None)


def digest_of(key: str) -> str:
    """SHA-256 in 64 hexadecimal digits: all of a key that is kept."""
    return hashlib.sha256(key.encode()).hexdigest()
