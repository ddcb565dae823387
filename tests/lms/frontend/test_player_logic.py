"""The player's plain logic, run by node's own test runner."""

import subprocess
from pathlib import Path

import pytest

from config.runtime.install import node_folder

ROOT = Path(__file__).resolve().parents[3]
SUITES = sorted((ROOT / "tests/frontend").glob("*.test.ts"))


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name)
def test_player_logic_holds(suite: Path, tmp_path: Path) -> None:
    node = str(node_folder() / "node")
    bundle = tmp_path / f"{suite.stem}.mjs"
    bundled = subprocess.run(
        [node, "tests/frontend/bundle.mjs", str(suite), str(bundle)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert bundled.returncode == 0, bundled.stderr

    ran = subprocess.run(
        [node, "--test", str(bundle)], cwd=tmp_path, capture_output=True, text=True
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 0\n" not in ran.stdout, "the suite holds no test"
