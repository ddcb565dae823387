"""The embedded servers, really started. They share one run directory: each test leaves it usable."""

import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest
import redis

from config.runtime import postgres, prepared, processes, valkey
from config.runtime.places import POSTGRES_SOCKET_NAME, SOCKET_PATH_MAX_BYTES, Places
from config.runtime.services import ensure_services, stop_services


@pytest.fixture
def running(places: Places) -> Places:
    ensure_services(places.run_dir)
    return places


def pids(places: Places) -> tuple[int, int]:
    database, broker = postgres.running(places), valkey.running(places)
    assert database is not None
    assert broker is not None
    return database.pid, broker.pid


def is_living(pid: int) -> bool:
    return psutil.pid_exists(pid) and processes.is_alive(psutil.Process(pid))


def write_row(places: Places, text: str) -> None:
    with psycopg.connect(places.database_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def rows(places: Places) -> set[str]:
    with psycopg.connect(places.database_url) as connection:
        return {row[0] for row in connection.execute("SELECT text FROM kept")}


def test_concurrent_first_starts_agree_on_one_pair_of_servers(places):
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ensure_services, [places.run_dir] * 3))

    assert answers[0] == answers[1] == answers[2]
    assert json.loads(places.services_file.read_text()) == answers[0]
    assert redis.Redis.from_url(answers[0]["VALKEY_URL"]).ping()
    with psycopg.connect(answers[0]["DATABASE_URL"]) as connection:
        row = connection.execute("SHOW synchronous_commit").fetchone()
    assert row == ("on",)


def test_second_start_changes_nothing(running):
    before = pids(running)

    ensure_services(running.run_dir)

    assert pids(running) == before


def test_the_application_is_no_superuser(running):
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert row == (False,)


def test_servers_listen_on_no_network_port(running):
    for pid in pids(running):
        assert psutil.Process(pid).net_connections(kind="inet") == []


def test_sockets_are_closed_to_other_users(running):
    assert running.socket_dir.stat().st_mode & 0o077 == 0


def test_killed_postgres_comes_back_with_its_data(running):
    write_row(running, "before the kill")
    killed, _ = pids(running)

    os.kill(killed, signal.SIGKILL)
    ensure_services(running.run_dir)

    assert pids(running)[0] != killed
    assert "before the kill" in rows(running)


def test_killed_valkey_comes_back(running):
    _, killed = pids(running)

    os.kill(killed, signal.SIGKILL)
    assert processes.wait_until(lambda: valkey.running(running) is None, seconds=5)
    ensure_services(running.run_dir)

    assert pids(running)[1] != killed


def test_stop_leaves_no_process_and_keeps_the_data(running):
    write_row(running, "before the stop")
    family = [
        process
        for pid in pids(running)
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
    ]

    stop_services(running.run_dir)

    assert [process for process in family if processes.is_alive(process)] == []
    assert not running.services_file.exists()
    ensure_services(running.run_dir)
    assert "before the stop" in rows(running)


def test_stale_pid_file_of_a_living_stranger_is_no_obstacle(running):
    stop_services(running.run_dir)
    # A crash and a restart of the machine: the number now belongs to somebody else, here to us.
    pid_file = running.postgres_data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{running.postgres_data}\n1\n5432\n\n\n\n")

    ensure_services(running.run_dir)

    assert pids(running)[0] != os.getpid()


def test_run_directory_deleted_under_running_servers_starts_afresh(running):
    write_row(running, "deleted")
    before = pids(running)
    shutil.rmtree(running.run_dir)

    ensure_services(running.run_dir)

    assert set(pids(running)).isdisjoint(before)
    assert [pid for pid in before if is_living(pid)] == []
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute("SELECT to_regclass('kept')").fetchone()
    assert row == (None,)


def test_addresses_given_by_the_environment_start_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.intranet/qiangji")
    monkeypatch.setenv("VALKEY_URL", "redis://valkey.intranet/0")

    answer = ensure_services(tmp_path)

    assert answer["DATABASE_URL"] == "postgresql://db.intranet/qiangji"
    assert postgres.running(Places(tmp_path)) is None
    assert valkey.running(Places(tmp_path)) is None


def test_run_directory_with_a_long_odd_path_works(places, tmp_path):
    long = Places(tmp_path / "演示 it's" / ("deep" * 25))

    try:
        ensure_services(long.run_dir)
        write_row(long, "far down")
        assert rows(long) == {"far down"}
        socket = long.socket_dir / POSTGRES_SOCKET_NAME
        assert len(os.fsencode(socket)) <= SOCKET_PATH_MAX_BYTES
        assert not socket.is_relative_to(long.run_dir)
    finally:
        stop_services(long.run_dir)
    assert not long.socket_dir.exists()


def test_note_of_a_prepared_database_goes_with_the_database(running):
    assert not prepared.is_noted(running)

    prepared.note(running)
    assert prepared.is_noted(running)

    with psycopg.connect(running.superuser_database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE qiangji WITH (FORCE)")
    ensure_services(running.run_dir)
    assert not prepared.is_noted(running)
