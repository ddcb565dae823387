"""Asking a loopback server whether it answers. Proxies of the environment are not involved."""

import http.client
import time

TIMEOUT_SECONDS = 5


def status_of(port: int, path: str) -> int | None:
    """HTTP status of GET on the loopback port, None while nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait_for(port: int, path: str, *, seconds: float) -> bool:
    """Poll until the path answers 200; False when it did not within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if status_of(port, path) == 200:
            return True
        time.sleep(0.1)
    return False
