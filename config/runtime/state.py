"""What a running demo tells about itself in its run directory."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from config.runtime import processes

SUPERVISOR_MODULE = "config.runtime.supervisor"


@dataclass(frozen=True)
class DemoFiles:
    """Files of one run directory that concern the demo."""

    run_dir: Path

    @property
    def state(self) -> Path:
        return self.run_dir / "demo-state.json"

    @property
    def public(self) -> Path:
        return self.run_dir / "demo.json"

    @property
    def seeded(self) -> Path:
        return self.run_dir / "demo-seed.json"

    @property
    def mark(self) -> str:
        """Environment value that everything started for this demo carries."""
        return f"demo in {self.run_dir}"


def read(path: Path) -> dict[str, Any]:
    """The JSON object in the file; empty when there is none or it is cut off."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def write(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one step: readers never see half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def supervisor_of(run_dir: Path) -> psutil.Process | None:
    """The living supervisor of this run directory, recognised by its arguments."""
    return processes.find_command(SUPERVISOR_MODULE, str(run_dir))
