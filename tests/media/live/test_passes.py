import pytest

from media.live import passes

NAME = "0123456789abcdef"
ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666"


def shown(key: str = "secret", address: str | None = ADDRESS) -> passes.Pass:
    return passes.by_key(name=NAME, key=key, address=address)


def test_a_pass_stands_for_the_key_and_address_it_was_written_for():
    read = passes.shown_by(shown().written(), address="127.0.0.1")

    assert read == shown()
    assert read.is_of(passes.digest_of("secret"))
    assert not read.is_of(passes.digest_of("another"))
    assert not read.is_of("")


@pytest.mark.parametrize("address", [None, "10.0.0.7"])
def test_an_address_may_be_missing_or_short(address):
    assert passes.shown_by(shown(address=address).written(), address="x").address == address


def test_a_pass_fits_what_ffmpeg_reads_and_tells_no_key():
    written = shown(key="a-very-secret-key").written()

    assert len(written) <= 127
    assert "a-very-secret-key" not in written


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("?pass=", "?pass=0"),
        lambda text: text[:-1],
        lambda text: text.replace("6666", "7777"),
        lambda text: "f" + text[1:],
        lambda text: text + "&pass=" + text.partition("=")[2],
        lambda text: text.partition("?")[0] + "?pass=",
        lambda text: text.replace("pass", "key"),
    ],
)
def test_an_edited_pass_is_of_no_key(edit):
    read = passes.shown_by(edit(shown().written()), address="127.0.0.1")

    assert not read.is_of(passes.digest_of("secret"))


def test_what_is_no_name_names_no_livestream():
    assert passes.shown_by("x?key=secret", address=None).name == ""
