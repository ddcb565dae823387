"""`make demo` and `make stop`: python -m config.runtime.demo start|stop"""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.runtime import answers, components, prepared, processes, state
from config.runtime.places import BASE_DIR, Places, run_dir_from
from config.runtime.services import ensure_services, stop_services

SETTINGS = "config.settings.dev"
READY_PATH = "/readyz"
READY_SECONDS = 90
PORTS_TRIED = 200
STOP_SECONDS = 30


class DemoFailed(Exception):
    """The demo cannot be started; the text says what to look at."""


def start(run_dir: Path, port: int) -> None:
    """Bring everything up, or show where it already runs. Returns when the site is ready."""
    files = state.DemoFiles(run_dir)
    running_port = _running_port(run_dir)
    if running_port is not None:
        print(f"演示已在运行。The demo is already running on port {running_port}.")
        _announce(files)
        return
    _end_remains(run_dir)
    ensure_services(run_dir)
    _prepare(run_dir)
    chosen = free_port(port)
    if chosen != port:
        print(f"端口 {port} 已被其他程序占用，改用 {chosen}。Port {port} is taken: using {chosen}.")
    launch_supervisor(run_dir, chosen)
    if not _becomes_ready(run_dir, chosen):
        _end_remains(run_dir)
        raise DemoFailed(f"the site did not become ready; see {run_dir}/log/web.log")
    state.write(files.public, _public_facts(chosen, state.read(files.seeded)))
    _announce(files)


def stop(run_dir: Path) -> None:
    """End everything started in the run directory and wait until it is gone. The data stays."""
    _end_remains(run_dir)
    stop_services(run_dir)
    state.DemoFiles(run_dir).public.unlink(missing_ok=True)


def launch_supervisor(run_dir: Path, port: int, *, settings: str = SETTINGS) -> None:
    """Start web, worker and beat under a supervisor that outlives this process."""
    command = [*components.PYTHON, state.SUPERVISOR_MODULE, str(run_dir), str(port)]
    supervisor = components.launch(
        command,
        log=run_dir / "log" / "supervisor.log",
        mark=state.DemoFiles(run_dir).mark,
        # Links in mails and on activation sheets lead to where this demo really is.
        environment={
            **_environment(run_dir, settings),
            "BASE_URL": os.environ.get("BASE_URL") or f"http://127.0.0.1:{port}",
        },
    )
    supervisor.returncode = 0  # it is meant to outlive us; nobody waits for it


def free_port(wanted: int) -> int:
    """The wanted loopback port, or the next one nobody uses."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if components.is_free(port):
            return port
    raise DemoFailed(f"no free port from {wanted} on")


def _prepare(run_dir: Path) -> None:
    places, files = Places(run_dir), state.DemoFiles(run_dir)
    is_embedded = not os.environ.get("DATABASE_URL")
    if is_embedded and files.seeded.exists() and prepared.is_noted(places):
        return
    _manage(run_dir, "migrate", "--verbosity", "0")
    # Written last by `seed`: without it an interrupted seeding is taken up again.
    once = ["--if-empty"] if files.seeded.exists() else []
    _manage(run_dir, "seed", "--scale", "demo", *once)
    if is_embedded:
        prepared.note(places)


def _running_port(run_dir: Path) -> int | None:
    if state.supervisor_of(run_dir) is None:
        return None
    port = state.read(state.DemoFiles(run_dir).state).get("port")
    if port is None or not answers.wait_for(port, READY_PATH, seconds=READY_SECONDS):
        return None
    return int(port)


def _end_remains(run_dir: Path) -> None:
    supervisor = state.supervisor_of(run_dir)
    if supervisor is not None:
        processes.end(supervisor, grace_seconds=STOP_SECONDS)
    files = state.DemoFiles(run_dir)
    # Only what a killed supervisor could not end itself; workers come before their ffmpeg.
    left = processes.find_marked(components.MARK, files.mark)
    processes.end_all(left, first=signal.SIGKILL, grace_seconds=5)
    files.state.unlink(missing_ok=True)


def _environment(run_dir: Path, settings: str) -> dict[str, str]:
    # Demo settings whatever the shell says: demo accounts must never meet production settings.
    return {"DJANGO_SETTINGS_MODULE": settings, "RUN_DIR": str(run_dir)}


def _manage(run_dir: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), *arguments],
        env={**os.environ, **_environment(run_dir, SETTINGS)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        raise DemoFailed(f"manage.py {arguments[0]} failed, see above")


def _becomes_ready(run_dir: Path, port: int) -> bool:
    return processes.wait_until(
        lambda: answers.status_of(port, READY_PATH) == 200 and _running_port(run_dir) == port,
        seconds=READY_SECONDS,
    )


def _public_facts(port: int, seeded: dict) -> dict:
    url = f"http://127.0.0.1:{port}"
    return {
        "url": url,
        "accounts": seeded["accounts"],
        "course_url": url + seeded["course_path"],
        "video_unit_url": url + seeded["video_unit_path"],
    }


def _announce(files: state.DemoFiles) -> None:
    facts = state.read(files.public)
    print(f"\n  强基 Qiangji  {facts['url']}\n")
    print("  登录账号 Accounts (staff number / password):")
    for account in facts["accounts"]:
        print(f"    {account['role']:<16} {account['username']:<16} {account['password']}")
    print(f"\n  课程 Course   {facts['course_url']}")
    print(f"  视频 Video    {facts['video_unit_url']}")
    print(f"  停止 Stop     make stop        说明 Details  {files.public}\n", flush=True)


@contextmanager
def _alone(run_dir: Path) -> Iterator[None]:
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.runtime.demo")
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    run_dir = run_dir_from(os.environ)
    if options.action == "stop":
        stop(run_dir)
        if not options.quiet:
            print("已停止。Stopped.")
        return 0
    try:
        with _alone(run_dir):
            start(run_dir, options.port)
    except DemoFailed as failure:
        print(f"make demo: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
