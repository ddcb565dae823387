import bagit
import pytest

from lms.archive.bag import BagWriter, UnsafePath, checked, info_text


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/a",
        "a/../b",
        "a//b",
        "a\\b",
        "~a",
        "C:a",
        "",
        ".",
        "a/",
        "a\nb",
        "a\x00b",
        "a\u202eb",
    ],
)
def test_a_path_that_could_leave_the_bag_is_refused(path):
    with pytest.raises(UnsafePath):
        checked(path)


def test_a_value_cannot_add_a_line_to_bag_info():
    text = info_text({"Source-Organization": "松阳县\r\nPayload-Oxum: 0.0\u2028x"}).decode()

    assert text == "Source-Organization: 松阳县 Payload-Oxum: 0.0 x\n"


def test_nothing_stands_under_the_final_name_before_it_is_sealed(tmp_path):
    target = tmp_path / "bag"
    with BagWriter(target) as bag:
        bag.add("一.txt", b"x" * 300_000)
        assert not target.exists()
        bag.seal({})

    assert bagit.Bag(str(target)).validate(processes=1)
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_a_bag_left_unsealed_leaves_nothing(tmp_path):
    bag = BagWriter(tmp_path / "bag")
    with bag:
        bag.add("a.txt", b"x")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_attempt_left_is_swept_by_the_next(tmp_path):
    left = tmp_path / ".bag.1.part" / "data"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"x")

    with BagWriter(tmp_path / "bag", attempt=2) as bag:
        bag.add("a.txt", b"x")
        bag.seal({})

    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_a_final_name_that_is_taken_is_never_overwritten(tmp_path):
    target = tmp_path / "bag"
    target.mkdir()
    (target / "theirs").write_bytes(b"x")

    with pytest.raises(FileExistsError), BagWriter(target) as bag:
        bag.seal({})

    assert [path.name for path in target.iterdir()] == ["theirs"]


def test_the_same_payload_gives_the_same_digest(tmp_path):
    digests = set()
    for name in ("one", "two"):
        with BagWriter(tmp_path / name) as bag:
            bag.add("b.txt", b"b")
            bag.add("a.txt", b"a")
            digests.add(bag.seal({"Bagging-Date": "2026-11-20"}))

    assert len(digests) == 1
