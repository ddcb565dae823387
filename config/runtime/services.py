"""Start and stop what an installation without servers of its own needs."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from config.runtime import postgres, valkey
from config.runtime.places import Places


def ensure_services(run_dir: Path) -> dict[str, str]:
    """Start PostgreSQL and Valkey unless given by address or already running.

    Returns DATABASE_URL and VALKEY_URL, also written to `services.json`. The servers outlive the
    caller. Any number of callers may race: a file lock lets one start and the others find it done.
    """
    places = Places(run_dir.resolve())
    places.log_dir.mkdir(parents=True, exist_ok=True)
    with _alone(places):
        addresses = {
            "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
            "VALKEY_URL": os.environ.get("VALKEY_URL", ""),
        }
        if not addresses["DATABASE_URL"]:
            postgres.start(places)
            addresses["DATABASE_URL"] = places.database_url
        if not addresses["VALKEY_URL"]:
            valkey.start(places)
            addresses["VALKEY_URL"] = places.valkey_url
        places.services_file.touch(mode=0o600)
        places.services_file.write_text(json.dumps(addresses, indent=2) + "\n", encoding="utf-8")
    return addresses


def stop_services(run_dir: Path) -> None:
    """Stop what `ensure_services` started in this run directory; the data stays.

    Finds the servers of a run directory that was deleted meanwhile, too.
    """
    places = Places(run_dir.resolve())
    with _alone(places) if places.run_dir.exists() else nullcontext():
        valkey.stop(places)
        postgres.stop(places)
        places.services_file.unlink(missing_ok=True)
        if not places.socket_dir.is_relative_to(places.run_dir):
            shutil.rmtree(places.socket_dir, ignore_errors=True)


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    # The lock ends with the file descriptor, so a killed holder leaves nothing stale.
    with (places.run_dir / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
