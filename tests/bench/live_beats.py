"""20,000 viewers of one livestream, each beating every ten seconds, for a minute: is a beat lost?

The rate is given, 2,000 a second, so that the figures are how long a beat takes to be durable and
whether the server keeps up; `beats` tells how many it could do. Every viewer claims ten
seconds more of what has been spoken: the lecture began an hour and a half ago and goes on.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from config.runtime import components
from config.runtime.places import BASE_DIR
from tests.bench.beats import lost_beats, tokens
from tests.bench.scratch import scratch_database, server
from tests.bench.viewings import open_viewings

VIEWERS = 20_000
INTERVAL_SECONDS = 10
LOAD_SECONDS = 60
CONNECTIONS = 256

# The viewing of a lecture that is being spoken: bounded by what has been spoken.
SPOKEN = "UPDATE media_viewingsession SET live_since = now() - interval '90 minutes'"
# What all viewers together have in the database, and what the acknowledged beats come to.
SECONDS_KEPT = """
SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM media_viewingsession, unnest(watched) AS r
"""


def run() -> dict:
    with scratch_database() as url, TemporaryDirectory() as name:
        folder = Path(name)
        open_viewings(url, VIEWERS)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SPOKEN)
            connection.execute("VACUUM ANALYZE media_viewingsession")
        (folder / "tokens").write_text("\n".join(tokens(VIEWERS)), encoding="ascii")
        port = components.any_free_port()
        command = components.web_command(port)
        with server(url, command, port, log=folder / "server.log", ready="/beats"):
            figures = _load(port, folder)
        lost = lost_beats(
            url, folder / "acknowledged", viewings=VIEWERS, claim_seconds=INTERVAL_SECONDS
        )
        with psycopg.connect(url) as connection:
            kept = connection.execute(SECONDS_KEPT).fetchone()[0]
    wanted = VIEWERS * LOAD_SECONDS // INTERVAL_SECONDS
    return {
        "viewers": VIEWERS, "interval_seconds": INTERVAL_SECONDS, "wanted": wanted, **figures,
        "unanswered": wanted - figures["acknowledged"] - sum(figures["refused"].values()),
        "lost": lost,
        "seconds_acknowledged": figures["acknowledged"] * INTERVAL_SECONDS,
        "seconds_kept": int(kept),
        "connections": CONNECTIONS,
    }  # fmt: skip


def _load(port: int, folder: Path) -> dict:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.load", "--port", str(port)),
            *("--tokens", str(folder / "tokens"), "--seconds", str(LOAD_SECONDS)),
            *("--acknowledged", str(folder / "acknowledged")),
            *("--connections", str(CONNECTIONS)),
            *("--interval", str(INTERVAL_SECONDS), "--claim-seconds", str(INTERVAL_SECONDS)),
        ],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        timeout=LOAD_SECONDS * 5,
        check=True,
    )
    figures: dict = json.loads(done.stdout)
    return figures
