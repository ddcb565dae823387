"""Columns that apps above put beside people in the list: they register when Django starts.

The list belongs here; what a person earned this year is known only above (ADR 0001).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms.people.models import Posting


@dataclass(frozen=True)
class Figure:
    """How much of what is asked; `required` is None where nothing is. `words` says it as a sentence."""

    value: Decimal
    required: Decimal | None
    words: str


@dataclass(frozen=True)
class Column:
    """A titled column. `css` is the class its bar is drawn with."""

    title: str
    css: str = "seg"


@dataclass(frozen=True)
class Provider:
    """`figures` takes postings by person id, all of a page at once, and answers in the columns' order."""

    columns: Callable[[], Sequence[Column]]
    figures: Callable[[Mapping[int, Posting | None], date], Mapping[int, Sequence[Figure]]]


_providers: list[Provider] = []


def show_beside_people(provider: Provider) -> None:
    _providers.append(provider)


def columns() -> list[Column]:
    return [column for provider in _providers for column in provider.columns()]


def figures_of(postings: Mapping[int, Posting | None], on: date) -> dict[int, list[Figure]]:
    """Every column's figure for each person; a fixed number of queries however many there are."""
    found: dict[int, list[Figure]] = {person_id: [] for person_id in postings}
    for provider in _providers:
        for person_id, figures in provider.figures(postings, on).items():
            found[person_id].extend(figures)
    return found
