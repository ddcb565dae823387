"""Where an embedded run keeps its things. Pure paths: nothing here touches a server.

The addresses follow from the run directory alone, so settings can be read before anything runs.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, closing zero included.
SOCKET_PATH_MAX_BYTES = 100
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"
VALKEY_SOCKET_NAME = "valkey.sock"

APPLICATION_ROLE = "qiangji"
APPLICATION_DATABASE = "qiangji"
SUPERUSER_ROLE = "postgres"


def run_dir_from(environ: os._Environ[str] | dict[str, str]) -> Path:
    """RUN_DIR, relative to the repository when relative; `.run` by default."""
    return (BASE_DIR / environ.get("RUN_DIR", ".run")).resolve()


@dataclass(frozen=True)
class Places:
    """Paths and addresses of one run directory."""

    run_dir: Path

    @property
    def log_dir(self) -> Path:
        return self.run_dir / "log"

    @property
    def postgres_data(self) -> Path:
        return self.run_dir / "postgres"

    @property
    def valkey_dir(self) -> Path:
        return self.run_dir / "valkey"

    @property
    def services_file(self) -> Path:
        return self.run_dir / "services.json"

    @property
    def socket_dir(self) -> Path:
        """Inside the run directory, or a short private one when that path would be too long."""
        inside = self.run_dir / "sockets"
        longest = len(os.fsencode(inside / POSTGRES_SOCKET_NAME))
        if longest <= SOCKET_PATH_MAX_BYTES:
            return inside
        digest = hashlib.sha256(os.fsencode(self.run_dir)).hexdigest()[:12]
        return Path(f"/tmp/qiangji-{os.getuid()}-{digest}")  # noqa: S108 - owner and mode are checked

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir / VALKEY_SOCKET_NAME

    @property
    def database_url(self) -> str:
        return self._database_url(APPLICATION_ROLE, APPLICATION_DATABASE)

    @property
    def superuser_database_url(self) -> str:
        return self._database_url(SUPERUSER_ROLE, SUPERUSER_ROLE)

    @property
    def valkey_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}?db=0"

    def _database_url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_dir), safe='')}"
