from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.common.spans import union, within, without

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))).map(
    lambda pairs: union([(min(p), max(p)) for p in pairs if p[0] != p[1]])
)


def seconds(of):
    return {second for start, end in of for second in range(start, end)}


@given(spans, spans)
def test_a_union_holds_what_either_holds_in_disjoint_order(one, other):
    joined = union(one, other)

    assert seconds(joined) == seconds(one) | seconds(other)
    assert all(a[1] < b[0] for a, b in pairwise(joined))


@given(spans, spans)
def test_taking_away_what_was_added_gives_back_what_there_was(one, other):
    added = without(other, one)

    assert without(union(one, other), added) == one
    assert seconds(without(one, other)) == seconds(one) - seconds(other)


def test_what_lies_in_a_part_is_cut_at_its_ends():
    assert within([(0, 10), (20, 30), (40, 50)], 5, 40) == [(5, 10), (20, 30)]
