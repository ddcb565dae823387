"""Keeps web, worker and beat of a demo alive until told to stop.

Started detached by `config.runtime.demo`: python -m config.runtime.supervisor RUN_DIR PORT
"""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.runtime import components, postgres, processes, state, valkey
from config.runtime.places import Places
from config.runtime.services import ensure_services

WATCH_SECONDS = 0.25
# On a small machine three programs loading at once would triple the wait for the first page.
WEB_FIRST_SECONDS = 4
SERVICES_WATCH_SECONDS = 2
STOP_GRACE_SECONDS = 8
BACKOFF_FIRST_SECONDS = 0.2
BACKOFF_LAST_SECONDS = 30
# Having run this long, a component counts as sound and its next restart is immediate again.
SOUND_AFTER_SECONDS = 30


RTMP_PORT = 1935


@dataclass
class Component:
    """One kept-alive process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    backoff_seconds: float = BACKOFF_FIRST_SECONDS
    start_after: float = field(default=0)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts components, restarts the dead, ends all of them on SIGTERM or SIGINT."""

    def __init__(self, run_dir: Path, port: int) -> None:
        self.places = Places(run_dir)
        self.files = state.DemoFiles(run_dir)
        self.port = port
        self.stopping = threading.Event()
        others_start = time.monotonic() + WEB_FIRST_SECONDS
        ingest = RTMP_PORT if components.is_free(RTMP_PORT) else components.any_free_port()
        self.ingest_url = f"rtmp://127.0.0.1:{ingest}/live"
        self.components = [
            Component("web", components.web_command(port)),
            Component("worker", components.worker_command(), start_after=others_start),
            Component("beat", components.beat_command(run_dir), start_after=others_start),
            Component("ingest", components.ingest_command(ingest), start_after=others_start),
        ]
        self.servers: list[psutil.Process] = []
        self.servers_checked = 0.0

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            while not self.stopping.wait(WATCH_SECONDS):
                self.keep_servers()
                for component in self.components:
                    self.keep(component)
        finally:
            self.stop()

    def keep(self, component: Component) -> None:
        """Restart the component if it died: at once the first time, then ever later."""
        now = time.monotonic()
        if component.is_running():
            return
        if component.process is not None:
            self.bury(component)
            if now - component.started > SOUND_AFTER_SECONDS:
                component.backoff_seconds = BACKOFF_FIRST_SECONDS
            component.start_after = now + component.backoff_seconds
            component.backoff_seconds = min(component.backoff_seconds * 2, BACKOFF_LAST_SECONDS)
        if now >= component.start_after:
            component.process = components.launch(
                component.command,
                log=self.places.log_dir / f"{component.name}.log",
                mark=self.files.mark,
                environment={
                    "RUN_DIR": str(self.places.run_dir),
                    "LIVE_INGEST_URL": self.ingest_url,
                },
            )
            component.started = now
            self.report()

    def bury(self, component: Component) -> None:
        """End what a killed component left behind: an orphan would keep the port or a job."""
        assert component.process is not None
        status = component.process.wait()
        print(f"{component.name} ended with {status}; starting it again", flush=True)
        session = component.process.pid
        left = [p for p in self.family() if _session_of(p) == session]
        processes.end_all(left, first=signal.SIGKILL, grace_seconds=5)
        component.process = None

    def keep_servers(self) -> None:
        """PostgreSQL and Valkey heal too, unless they are somebody else's."""
        now = time.monotonic()
        if now - self.servers_checked < SERVICES_WATCH_SECONDS:
            return
        self.servers_checked = now
        if self.servers and all(map(processes.is_alive, self.servers)):
            return
        try:
            ensure_services(self.places.run_dir)
        except (postgres.PostgresFailed, valkey.ValkeyFailed) as failure:
            print(failure, flush=True)
            return
        own = [postgres.running(self.places), valkey.running(self.places)]
        self.servers = [server for server in own if server is not None]

    def family(self) -> list[psutil.Process]:
        """Everything started for this demo but ourselves, parents before children."""
        return processes.find_marked(components.MARK, self.files.mark)

    def report(self) -> None:
        """Write who runs; for people and scripts, nothing here depends on it."""
        running = [c.process for c in self.components if c.process is not None]
        started = {p.pid: psutil.Process(p.pid).create_time() for p in running if p.poll() is None}
        content = {
            "port": self.port,
            "supervisor": {"pid": os.getpid(), "started": psutil.Process().create_time()},
            "components": {
                c.name: {"pid": c.process.pid, "started": started[c.process.pid]}
                for c in self.components
                if c.process is not None and c.process.pid in started
            },
        }
        state.write(self.files.state, content)

    def stop(self) -> None:
        """Ask nicely, then kill: workers before the ffmpeg they wait for, so no job looks failed."""
        leaders = [c.process for c in self.components if c.process is not None]
        for leader in leaders:
            if leader.poll() is None:
                leader.send_signal(signal.SIGTERM)
        processes.wait_until(
            lambda: all(leader.poll() is not None for leader in leaders),
            seconds=STOP_GRACE_SECONDS,
        )
        processes.end_all(self.family(), first=signal.SIGKILL, grace_seconds=5)
        for leader in leaders:
            leader.wait()
        self.files.state.unlink(missing_ok=True)


def _session_of(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except ProcessLookupError:
        return None


if __name__ == "__main__":
    Supervisor(Path(sys.argv[1]), int(sys.argv[2])).run()
