import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from config.env import BASE_DIR


@pytest.fixture(scope="module")
def locks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("locks", BASE_DIR / ".ci" / "locks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lock_file(folder: Path, text: str) -> Path:
    path = folder / "dev.txt"
    path.write_text(text)
    return path


def test_pinned_and_allowed_requirement_passes(locks, tmp_path):
    lock = lock_file(tmp_path, "django-storages==1.14.6 \\\n    --hash=sha256:00\n")

    assert locks.python_problems(["Django_Storages[s3]>=1.14"], lock) == []


@pytest.mark.parametrize("wanted", ["celery>=5.7", "django-storages>=2"])
def test_missing_or_outdated_pin_is_named(locks, tmp_path, wanted):
    lock = lock_file(tmp_path, "django-storages==1.14.6 \\\n    --hash=sha256:00\n")

    (problem,) = locks.python_problems([wanted], lock)
    assert wanted.split(">")[0] in problem


def test_address_in_a_lock_is_refused(locks, tmp_path):
    lock = lock_file(tmp_path, "--index-url https://packages.example/simple\n")

    assert locks.python_problems([], lock) == ["dev.txt: names an address"]


def test_front_end_lock_out_of_step_or_with_addresses_is_named(locks):
    manifest = {"dependencies": {"hls.js": "^1"}}
    package = {"resolved": "https://packages.example/hls.tgz"}
    lock = {"packages": {"": {"dependencies": {}}, "node_modules/hls.js": package}}

    assert len(locks.node_problems(manifest, lock)) == 2
