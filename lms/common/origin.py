"""Where the act now running comes from: the request's address, its person and their posting.

A middleware tells it for the time of a request; commands and tasks have none. The journal reads it
where the caller did not say.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any


@dataclass
class Origin:
    """`person` and `posting` are asked only when a row is written: most requests write none.

    `is_denial_noted`: who refused has told the journal why, so nobody need tell it that.
    """

    address: str | None
    person: Callable[[], Any]
    posting: Callable[[], Any]
    is_denial_noted: bool = False

    def is_of(self, person: Any) -> bool:
        return person is not None and getattr(self.person(), "pk", None) == person.pk


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin | None:
    return _origin.get()


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    """What happens inside comes from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def plain_address(text: str | None) -> str | None:
    """The address as it is kept: IPv4 also where a dual-stack socket wrote it as IPv6, no zone.

    None where the text is no address, as behind a Unix socket.
    """
    try:
        address = ip_address((text or "").split("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)
