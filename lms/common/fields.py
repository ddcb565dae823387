"""PostgreSQL multiranges, which Django does not have."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Int4Range

Spans = list[tuple[int, int]]


class SecondsMultirangeField(models.Field):
    """Whole seconds as `int4multirange`; in Python a sorted list of half-open (start, end) pairs."""

    description = "Union of half-open ranges of whole seconds"

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Spans | None:
        return None if value is None else spans_from_database(value)

    def to_python(self, value: Any) -> Spans | None:
        return [(int(a), int(b)) for a, b in value] if value is not None else None

    def get_prep_value(self, value: Sequence[tuple[int, int]] | None) -> Any:
        if value is None:
            return None
        return Int4Multirange([Int4Range(a, b) for a, b in value])

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


def spans_from_database(value: Any) -> Spans:
    """Pairs of a multirange as psycopg loads it, or of its text form."""
    if isinstance(value, str):
        inner = value.strip("{}")
        if not inner:
            return []
        return [
            (int(a), int(b))
            for a, b in (part.split(",") for part in inner.strip("[)").split("),["))
        ]
    return [(span.lower, span.upper) for span in value]
