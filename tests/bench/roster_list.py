"""The list of people at 80,000 persons through the whole stack, beside the plain way to write it.

`plain` is what one writes first: `icontains` over name, initials and number, a count, 25 rows and their
postings, on a bare view of the same server: nobody is asked who they are, no hours, no journal row. It
reads the table as it would without our indexes. Queries are counted at 2,000 and at 80,000 persons.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.runtime import components
from tests.bench.pages import load, printed_by, wsgi_command
from tests.bench.scratch import server

FACTS = "tests.bench.roster_list_facts"
SECONDS, WARM_SECONDS = 4, 1


def counted(url: str) -> dict[str, Any]:
    """Addresses, queries and indexes of the pages, at as many persons as the database has."""
    return json.loads(printed_by(url, FACTS))


def measured(url: str, *, few: dict[str, Any], many: dict[str, Any]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        port = components.any_free_port()
        log = Path(folder) / "server.log"
        command = wsgi_command("tests.bench.plain_people:application", port)
        with server(url, command, port, log=log, ready="/plain-people/?level=none"):
            pages = {
                name: _page(port, many["cookie"], page, few["pages"][name])
                for name, page in many["pages"].items()
            }
    return {
        "persons": many["persons"],
        "entries": many["entries"],
        **pages,
        **{name: many[name] for name in many if name.startswith("export_")},
    }


def _page(port: int, cookie: str, page: dict[str, Any], few: dict[str, Any]) -> dict[str, Any]:
    ours = _latency(port, page["path"], cookie)
    plain = _latency(port, page["plain"], "")
    return {
        **ours,
        "found": page["found"],
        "queries_at_2000": few["queries"],
        "queries_at_80000": page["queries"],
        "indexes": page["indexes"],
        "plain_p50_ms": plain["p50_ms"],
        "plain_p99_ms": plain["p99_ms"],
        "plain_rps": plain["rps"],
    }


def _latency(port: int, path: str, cookie: str) -> dict[str, Any]:
    """Latency of one reader at a time, and requests a second of four at once."""
    load(port, path, cookie, WARM_SECONDS)
    alone = load(port, path, cookie, SECONDS, connections=1)
    crowd = load(port, path, cookie, SECONDS)
    return {"p50_ms": alone["p50_ms"], "p99_ms": alone["p99_ms"], "rps": crowd["rps"]}
