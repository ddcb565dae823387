import socket

from config.runtime import demo, state


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
