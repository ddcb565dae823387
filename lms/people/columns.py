"""Columns that apps above put beside people in the list: they register when Django starts.

The list belongs here; what a person earned this year is known only above (ADR 0001).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from lms.people.models import Unit


class Served(Protocol):
    """What a provider may ask of where somebody serves: a Posting has it, and so has a row of a list."""

    @property
    def unit_id(self) -> int: ...

    @property
    def unit(self) -> Unit: ...

    @property
    def post_level(self) -> str: ...


@dataclass(frozen=True)
class Figure:
    """How much of what is asked; `required` is None where nothing is.

    `say` makes a sentence of it: worth the while on a page, and not for eighty thousand rows of a file.
    """

    value: Decimal
    required: Decimal | None
    say: Callable[[Decimal, Decimal | None], str]

    @property
    def words(self) -> str:
        return self.say(self.value, self.required)


@dataclass(frozen=True)
class Column:
    """A titled column. `css` is the class its bar is drawn with."""

    title: str
    css: str = "seg"


@dataclass(frozen=True)
class Provider:
    """`figures` takes places by person id, all of a page at once, and answers in the columns' order."""

    columns: Callable[[], Sequence[Column]]
    figures: Callable[[Mapping[int, Served | None], date], Mapping[int, Sequence[Figure]]]


_providers: list[Provider] = []


def show_beside_people(provider: Provider) -> None:
    _providers.append(provider)


def columns() -> list[Column]:
    return [column for provider in _providers for column in provider.columns()]


def figures_of(places: Mapping[int, Served | None], on: date) -> dict[int, list[Figure]]:
    """Every column's figure for each person; a fixed number of queries however many there are."""
    found: dict[int, list[Figure]] = {person_id: [] for person_id in places}
    for provider in _providers:
        for person_id, figures in provider.figures(places, on).items():
            found[person_id].extend(figures)
    return found
