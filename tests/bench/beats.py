"""Durable beats a second, on the real server and a scratch database of 80,000 viewings.

The load generator, PostgreSQL and the server share this machine. Nothing is switched off: every
claim passes the clock check, because each viewing was opened two hours before by the set-up, and a
viewing's turn comes round more slowly than the seconds it claims.
"""

import json
import subprocess
import sys
from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from config.runtime import components
from config.runtime.places import BASE_DIR
from media.tokens import issue_viewing_token
from tests.bench.load import CLAIM_SECONDS
from tests.bench.scratch import scratch_database, server
from tests.bench.viewings import VIDEO_SECONDS, open_viewings, rewind_viewings

VIEWINGS = 80_000
CONNECTIONS = 256
LOAD_SECONDS = 20
PLAIN_SECONDS = 8
START_SECONDS = 60

# A beat is lost when it was acknowledged and its seconds are not in the database.
LOST = """
SELECT count(*) FROM acknowledged a JOIN media_viewingsession v ON v.id = a.viewing_id
WHERE NOT v.watched @> int4range(a.start, a.start + %s)
"""


def run() -> dict:
    """Figures of the real path, then of a plain Django view on the same rows."""
    with scratch_database() as url, TemporaryDirectory() as folder:
        open_viewings(url, VIEWINGS)
        (Path(folder) / "tokens").write_text("\n".join(tokens(VIEWINGS)), encoding="ascii")
        port = components.any_free_port()
        figures = _measured(url, Path(folder), components.web_command(port), port, LOAD_SECONDS)
        rewind_viewings(url)
        port = components.any_free_port()
        plain = _measured(url, Path(folder), _plain_command(port), port, PLAIN_SECONDS)
    return {
        **figures,
        "connections": CONNECTIONS,
        "viewings": VIEWINGS,
        "synchronous_commit": "on",
        "plain_view": plain,
        "times_plain_view": round(figures["beats_per_second"] / plain["beats_per_second"], 1),
    }


def _measured(url: str, folder: Path, command: list[str], port: int, seconds: int) -> dict:
    with server(url, command, port, log=folder / "server.log", ready="/beats"):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.bench.load", "--port", str(port)),
                *("--tokens", str(folder / "tokens"), "--seconds", str(seconds)),
                *("--acknowledged", str(folder / "acknowledged")),
                *("--connections", str(CONNECTIONS)),
            ],
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            timeout=seconds + 60,
            check=True,
        )
    lost = lost_beats(url, folder / "acknowledged", viewings=VIEWINGS, claim_seconds=CLAIM_SECONDS)
    return {**json.loads(done.stdout), "lost": lost}


def lost_beats(url: str, acknowledged: Path, *, viewings: int, claim_seconds: int) -> int:
    """How many were acknowledged without all their seconds being in the database."""
    numbers = array("q", acknowledged.read_bytes())
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE acknowledged (viewing_id bigint, start int)")
        with cursor.copy("COPY acknowledged FROM STDIN") as copy:
            for number in numbers:
                turn, viewing = divmod(number, viewings)
                copy.write_row((viewing + 1, turn * claim_seconds))
        cursor.execute(LOST, [claim_seconds])
        return cursor.fetchone()[0]


def tokens(viewings: int) -> Iterator[str]:
    expires_at = datetime.now().astimezone() + timedelta(hours=1)
    for number in range(1, viewings + 1):
        yield issue_viewing_token(
            viewing_id=number,
            person_id=number,
            duration_seconds=VIDEO_SECONDS,
            max_rate=1.5,
            session_key=str(number),
            expires_at=expires_at,
        )


def _plain_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "tests.bench.plain_beats:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "--no-ws"),
    ]
