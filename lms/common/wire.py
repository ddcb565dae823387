"""JSON that browsers send: read into msgspec structs, sized and typed before anybody looks at it."""

from typing import TypeVar

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


def read_body(body: bytes, kind: type[Body], *, most_bytes: int = BODY_BYTES) -> Body:
    """Raises BodyTooLarge, BodyMalformed."""
    if len(body) > most_bytes:
        raise BodyTooLarge
    try:
        return msgspec.json.decode(body, type=kind)
    # RecursionError: an unknown field may nest as deep as the body is long.
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BodyMalformed from error
