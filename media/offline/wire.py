"""What a browser sends about packs: a request for one, and what was watched of it."""

from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal

BODY_BYTES = 64 * 1024
Body = TypeVar("Body", bound=msgspec.Struct)


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    sentence = gettext_noop("上报的内容太大，没有收下。请刷新页面后再试。")


class BodyMalformed(Refusal):
    code = "malformed"
    sentence = gettext_noop("上报的内容格式不对，请刷新页面后再试。")


class Wanted(msgspec.Struct):
    """A request for a pack: which way to study."""

    client_key: UUID
    form: Annotated[str, msgspec.Meta(max_length=12)]


class Returned(msgspec.Struct):
    """Whole seconds [from, to) of the video, played at `rate`."""

    client_key: UUID
    ranges: Annotated[list[tuple[int, int]], msgspec.Meta(min_length=1, max_length=2000)]
    rate: float


def read_body(body: bytes, kind: type[Body]) -> Body:
    """Raises BodyTooLarge, BodyMalformed."""
    if len(body) > BODY_BYTES:
        raise BodyTooLarge
    try:
        return msgspec.json.decode(body, type=kind)
    # RecursionError: an unknown field may nest as deep as the body is long.
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BodyMalformed from error
