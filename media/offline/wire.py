"""What a browser sends about packs: a request for one, and what was watched of it."""

from typing import Annotated
from uuid import UUID

import msgspec


class Wanted(msgspec.Struct):
    """A request for a pack: which way to study."""

    client_key: UUID
    form: Annotated[str, msgspec.Meta(max_length=12)]


class Returned(msgspec.Struct):
    """Whole seconds [from, to) of the video, played at `rate`."""

    client_key: UUID
    ranges: Annotated[list[tuple[int, int]], msgspec.Meta(min_length=1, max_length=2000)]
    rate: float
