"""A cache that may be emptied or stopped at any time: slower, never wrong (security 27)."""

import json
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from django.core.serializers.json import DjangoJSONEncoder
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class UnreadableValue(Exception):
    """Something else wrote it: as good as not there."""


class PlainSerializer:
    """JSON: a cache that others could write to must not be able to run code here, as pickle would."""

    def dumps(self, value: Any) -> bytes | int:
        # Redis counts in whole numbers only when they are stored as such.
        return value if type(value) is int else json.dumps(value, cls=DjangoJSONEncoder).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError as error:
            raise UnreadableValue from error


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes do nothing while Valkey is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"serializer": PlainSerializer(), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._forgive(default, super().get, key, default, version)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._forgive(None, super().set, key, value, *args, **kwargs)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._forgive(True, super().add, key, value, *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._forgive(delta, super().incr, key, delta, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._forgive(False, super().delete, key, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return self._forgive({}, super().get_many, keys, version)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[str]:
        return self._forgive([], super().set_many, data, *args, **kwargs)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._forgive(False, super().has_key, key, version)

    def _forgive(self, fallback: Any, call: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (RedisError, UnreadableValue) as error:
            log.warning("cache_unavailable", error=type(error).__name__)
            return fallback
