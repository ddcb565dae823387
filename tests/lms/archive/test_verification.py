"""Whatever is done to a package afterwards is found, and found by where it was done."""

import shutil
from pathlib import Path

import pytest

from lms.archive.bag import BagWriter
from lms.archive.verification import verify_bag
from tests.world import entry, learner

pytestmark = pytest.mark.django_db
TARGETS = [
    "data/说明.txt",
    "data/a11/a11.csv",
    "data/a11/a11.xlsx",
    "data/a11/rounding.csv",
    "data/ledger/entries.jsonl",
    "data/ledger/heads.jsonl",
    "data/package.json",
    "manifest-sha256.txt",
    "manifest-sha512.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha512.txt",
    "bagit.txt",
    "bag-info.txt",
    "sm3/manifest-sm3.txt",
    "sm3/tagmanifest-sm3.txt",
]


@pytest.fixture
def folder(seal) -> Path:
    person = learner()
    entry(person, "0.5")
    entry(person, "7.5")
    entry(learner(), "1")
    return seal()[1]


def codes(folder):
    return {problem.code for problem in verify_bag(folder)}


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def rehash(folder: Path) -> None:
    """Seal the present payload anew, as somebody with a bag tool could."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    with BagWriter(folder) as bag:
        for path in sorted((aside / "data").rglob("*")):
            if path.is_file():
                bag.add(path.relative_to(aside / "data").as_posix(), path.read_bytes())
        bag.seal({})
    shutil.rmtree(aside)


def test_an_untouched_package_has_no_problems(folder):
    assert verify_bag(folder) == []


def test_one_changed_file_is_one_problem(folder):
    flip(folder / "data" / "说明.txt", 0)

    assert [(p.code, p.path) for p in verify_bag(folder)] == [("file_changed", "data/说明.txt")]


@pytest.mark.parametrize("at", [0, 1, -1])
@pytest.mark.parametrize("name", TARGETS)
def test_a_changed_byte_is_found_wherever_it_is(folder, name, at):
    flip(folder / name, at)

    assert verify_bag(folder)


def test_every_byte_of_the_tag_manifests_matters(folder):
    path = folder / "tagmanifest-sha256.txt"
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        flip(path, at)
        assert "manifest_changed" in codes(folder), at
        path.write_bytes(whole)


@pytest.mark.parametrize("name", TARGETS)
def test_a_missing_file_is_found(folder, name):
    (folder / name).unlink()

    assert verify_bag(folder)


@pytest.mark.parametrize(
    "name", ["data/extra.txt", "extra.txt", "sm3/extra.txt", "data/a11/.hidden"]
)
def test_an_added_file_is_found(folder, name):
    (folder / name).write_bytes(b"")

    assert any(
        problem.path == name for problem in verify_bag(folder)
    ) or "manifest_changed" in codes(folder)


def test_a_file_turned_into_a_link_to_the_same_bytes_is_found(folder, tmp_path):
    target = folder / "data" / "package.json"
    copy = tmp_path / "copy.json"
    copy.write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(copy)

    assert {"not_a_file", "file_missing"} <= codes(folder)


def test_an_upper_case_digest_is_a_changed_byte(folder):
    path = folder / "manifest-sha256.txt"
    text = path.read_text()
    path.write_text(text[:64].upper() + text[64:])

    assert "manifest_malformed" in codes(folder)


def test_an_entry_changed_and_the_bag_sealed_anew_breaks_the_chain(folder):
    path = folder / "data/ledger/entries.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"7.50"', b'"9.50"', 1))
    rehash(folder)

    assert {"entry_changed", "summary_differs"} <= codes(folder)


def test_an_entry_taken_out_and_the_bag_sealed_anew_is_found_by_the_heads(folder):
    path = folder / "data/ledger/entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lines[2:]]))
    rehash(folder)

    assert {"head_differs", "summary_differs"} <= codes(folder)


def test_entries_put_in_another_order_are_found(folder):
    path = folder / "data/ledger/entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    rehash(folder)

    assert "chain_broken" in codes(folder)


def test_nonsense_in_the_ledger_part_is_an_answer_not_a_crash(folder):
    (folder / "data/ledger/entries.jsonl").write_bytes(b"\xff\x00{[\n")
    rehash(folder)

    assert "ledger_unreadable" in codes(folder)


def test_a_path_without_a_package_says_so(tmp_path):
    assert codes(tmp_path / "nothing") == {"not_a_package"}
