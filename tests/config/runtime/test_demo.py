import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime import answers, components, demo, processes, state
from tests import pristine


@pytest.fixture
def supervised(
    transactional_db, services, tmp_path: Path, monkeypatch
) -> Iterator[tuple[Path, int]]:
    """A real supervisor with web, worker and beat on the test database: run directory and port."""
    monkeypatch.setenv("DATABASE_URL", pristine.database_url())
    monkeypatch.setenv("VALKEY_URL", services["VALKEY_URL"])
    port = components.any_free_port()
    demo.launch_supervisor(tmp_path, port, settings="config.settings.test")
    assert answers.wait_for(port, "/readyz", seconds=90), (tmp_path / "log/web.log").read_text()
    yield tmp_path, port
    demo.stop(tmp_path)


def test_killed_site_answers_again_and_stop_leaves_no_process(supervised):
    run_dir, port = supervised
    files = state.DemoFiles(run_dir)
    killed = state.read(files.state)["components"]["web"]["pid"]

    os.kill(killed, signal.SIGKILL)

    def has_new_web() -> bool:
        web = state.read(files.state).get("components", {}).get("web", {})
        return web.get("pid") not in {None, killed}

    assert processes.wait_until(has_new_web, seconds=10)
    assert answers.wait_for(port, "/readyz", seconds=60)
    demo.stop(run_dir)
    assert processes.find_marked(components.MARK, files.mark) == []
    assert components.is_free(port)


def test_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert demo.free_port(port) > port


def test_free_port_is_kept():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert demo.free_port(port) == port


def test_stop_without_a_run_directory_is_no_error(tmp_path):
    demo.stop(tmp_path / "never")

    assert not (tmp_path / "never").exists()


def test_half_written_state_counts_as_none(tmp_path):
    (tmp_path / "demo-state.json").write_text('{"port": 80')

    assert state.read(tmp_path / "demo-state.json") == {}
