"""Sets of whole seconds as sorted disjoint half-open (start, end) pairs. Plain Python."""

from collections.abc import Iterable

Spans = list[tuple[int, int]]


def union(*sets: Iterable[tuple[int, int]]) -> Spans:
    """Everything that is in any of them."""
    joined: Spans = []
    for start, end in sorted(span for spans in sets for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def without(spans: Iterable[tuple[int, int]], taken: Iterable[tuple[int, int]]) -> Spans:
    """What of `spans` is not in `taken`."""
    left = list(spans)
    for start, end in taken:
        left = [
            part
            for a, b in left
            for part in ((a, min(b, start)), (max(a, end), b))
            if part[0] < part[1]
        ]
    return sorted(left)


def common(spans: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> Spans:
    """What is in both."""
    spans = list(spans)
    return without(spans, without(spans, others))
