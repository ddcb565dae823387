"""Valkey may be stopped at any time: slower, never an error (security 27)."""

import json

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from lms.common.cache import ForgivingRedisCache, PlainSerializer


@pytest.fixture
def nowhere() -> ForgivingRedisCache:
    """A cache whose server does not answer."""
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {})


def test_reads_miss_while_valkey_is_away(nowhere):
    assert nowhere.get("key", "default") == "default"
    assert nowhere.get_many(["key"]) == {}
    assert not nowhere.has_key("key")


def test_writes_do_nothing_while_valkey_is_away(nowhere):
    nowhere.set("key", 1)
    nowhere.set_many({"key": 1})

    assert nowhere.delete("key") is False
    assert nowhere.get("key") is None


def test_counting_goes_on_while_valkey_is_away(nowhere):
    # Publishing a page moves the shelf's version; a broken cache must not stop it.
    assert nowhere.incr("key") == 1


def test_a_value_nobody_can_read_is_a_miss():
    key = "written-by-something-else"
    RedisCache(settings.VALKEY_URL, {}).set(key, {1: "pickled"}, 5)

    assert ForgivingRedisCache(settings.VALKEY_URL, {}).get(key, "default") == "default"


def test_what_is_cached_is_json_and_comes_back_as_it_was():
    serializer = PlainSerializer()
    session = {"_auth_user_id": "7", "moments": [1.5], "name": "吴晓芸"}

    assert serializer.loads(serializer.dumps(session)) == session
    assert json.loads(serializer.dumps(session)) == session
    assert serializer.dumps(3) == 3
