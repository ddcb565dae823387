from types import SimpleNamespace

import pytest

from lms.common.origin import Origin, acting_from, current_origin, plain_address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.0.0.8", "10.0.0.8"),
        ("::ffff:10.0.0.8", "10.0.0.8"),
        ("FE80::1%eth0", "fe80::1"),
        ("", None),
        (None, None),
        ("unix:", None),
    ],
)
def test_addresses_are_kept_in_one_spelling(given, kept):
    assert plain_address(given) == kept


def test_an_origin_lasts_as_long_as_its_request_also_when_that_fails():
    origin = Origin("10.0.0.8", lambda: None, lambda: None)

    with acting_from(origin):
        assert current_origin() is origin
    with pytest.raises(ZeroDivisionError), acting_from(origin):
        _fail = 1 / 0

    assert current_origin() is None


def test_an_origin_knows_its_person_and_nobody_else():
    origin = Origin(None, lambda: SimpleNamespace(pk=1), lambda: None)

    assert origin.is_of(SimpleNamespace(pk=1))
    assert not origin.is_of(SimpleNamespace(pk=2))
    assert not origin.is_of(None)
