"""Do the lock files hold what pyproject.toml and package.json ask for? Needs no network.

To renew: uv pip compile pyproject.toml --universal --generate-hashes --no-header
[--extra embedded --extra dev] -o requirements/….txt; npm install for package-lock.json.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

BASE_DIR = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def python_problems(wanted: list[str], lock: Path) -> list[str]:
    """Requirements the lock does not pin, or pins to a version they do not allow."""
    text = lock.read_text(encoding="utf-8")
    pins = {canonicalize_name(name): version for name, version in PINNED.findall(text)}
    problems = []
    for requirement in map(Requirement, wanted):
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None or not requirement.specifier.contains(pinned, prereleases=True):
            problems.append(f"{lock.name}: {requirement} is locked to {pinned}")
    if "://" in text:
        problems.append(f"{lock.name}: names an address")
    return problems


def node_problems(manifest: dict, lock: dict) -> list[str]:
    """Differences between package.json and its lock, and registry addresses in the lock."""
    root = lock["packages"][""]
    problems = [
        f"package-lock.json: {kind} differ from package.json"
        for kind in ("dependencies", "devDependencies")
        if manifest.get(kind, {}) != root.get(kind, {})
    ]
    if any("resolved" in package for package in lock["packages"].values()):
        problems.append("package-lock.json: names an address (see .npmrc)")
    return problems


def main() -> int:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted, extras = project["dependencies"], project["optional-dependencies"]
    everything = [*wanted, *extras["embedded"], *extras["dev"]]
    problems = [
        *python_problems(wanted, BASE_DIR / "requirements" / "production.txt"),
        *python_problems(everything, BASE_DIR / "requirements" / "dev.txt"),
        *node_problems(
            json.loads((BASE_DIR / "package.json").read_text(encoding="utf-8")),
            json.loads((BASE_DIR / "package-lock.json").read_text(encoding="utf-8")),
        ),
    ]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
