"""What is the same for everyone and read on every page: kept in each process until it changes.

Each kind has a version in the cache. A process keeps what it read until the version moves, and reads
anew after half a minute all the same, so it works without a cache too: slower, never wrong for long.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Generic, TypeVar
from uuid import uuid4

from django.core.cache import cache

KEPT_SECONDS = 30.0
CHECK_SECONDS = 0.5  # a request asks several times

T = TypeVar("T")


@dataclass(frozen=True)
class _Copy(Generic[T]):
    """What was read, the version it was read at, and when to look at the version and the rows again."""

    value: T
    version: str | None
    check_at: float
    until: float


class Kept(Generic[T]):
    """`Kept("shelf-version", read)()` is what `read()` gave lately. All requests share it: change nothing in it."""

    def __init__(self, version_key: str, read: Callable[[], T]) -> None:
        self.version_key = version_key
        self._read = read
        self._copy: _Copy[T] | None = None

    def __call__(self) -> T:
        copy, now = self._copy, monotonic()
        if copy is not None and now < copy.check_at:
            return copy.value
        version = cache.get(self.version_key)
        if copy is None or copy.version != version or copy.until < now:
            copy = _Copy(self._read(), version, now, now + KEPT_SECONDS)
        self._copy = replace(copy, check_at=now + CHECK_SECONDS)
        return copy.value

    def forget(self) -> None:
        """Make every process read anew. A new name each time: a cache that was emptied and counted
        up again must not bring an old copy back."""
        self._copy = None
        cache.set(self.version_key, uuid4().hex, None)
