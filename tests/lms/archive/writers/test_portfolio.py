import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lms.archive.writers.portfolio import canonical, portfolio_path

SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))


@given(
    st.recursive(
        SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20
    )
)
def test_our_canonical_json_is_that_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_a_portfolio_path_holds_nothing_a_person_typed():
    assert portfolio_path(1234567) == "portfolio/01234/01234567.json"
