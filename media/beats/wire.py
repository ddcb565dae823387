"""One beat on the wire: body and token in, a claim of whole seconds out."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated

import msgspec

from lms.common.errors import Refusal
from media.tokens import ViewingGrant

# Browsers play no slower; a smaller divisor would turn a claim into an absurd span of time.
SLOWEST_RATE = 0.0625


class BeatMalformed(Refusal):
    code = "malformed"
    sentence = "上报的观看数据格式不对，请刷新页面后继续观看。"


class RangeInvalid(Refusal):
    code = "range_invalid"
    sentence = "上报的观看区间不在这个视频的范围之内。"


class RateNotAllowed(Refusal):
    code = "rate_not_allowed"
    sentence = "播放速度超过了允许的倍数，这一段没有计入。"


class Beat(msgspec.Struct):
    """The JSON body. Ranges are seconds of the video, [from, to], fractions allowed."""

    token: Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[A-Za-z0-9_.\-]+\Z")]
    ranges: Annotated[list[tuple[float, float]], msgspec.Meta(max_length=500)]
    position: float = 0.0
    rate: float = 1.0
    seq: int = 0  # the player's own count, for its logs; a union needs no order


@dataclass(slots=True)
class Claim:
    """A checked beat: whole seconds [from, to) of one viewing, played at `rate`."""

    viewing_id: int
    person_id: int
    spans: list[tuple[int, int]]
    rate: float
    position_seconds: int


_decoder = msgspec.json.Decoder(Beat)


def read_beat(body: bytes) -> Beat:
    """Raises BeatMalformed for whatever is not exactly a beat."""
    try:
        return _decoder.decode(body)
    # RecursionError: an unknown field may nest as deep as the body is long.
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BeatMalformed from error


def claim_of(beat: Beat, grant: ViewingGrant) -> Claim:
    """Raises RangeInvalid, RateNotAllowed."""
    if not SLOWEST_RATE <= beat.rate <= grant.max_rate:
        raise RateNotAllowed
    duration = grant.duration_seconds
    return Claim(
        viewing_id=grant.viewing_id,
        person_id=grant.person_id,
        spans=_whole_seconds(beat.ranges, duration),
        rate=beat.rate,
        position_seconds=int(min(max(beat.position, 0.0), duration)),
    )


def _whole_seconds(ranges: list[tuple[float, float]], duration: int) -> list[tuple[int, int]]:
    """Only seconds watched from start to end count, so both ends are rounded inwards."""
    spans = []
    # `duration` is rounded down, so a player at the very end may report up to a second more.
    for start, end in ranges:
        if not 0 <= start <= end < duration + 1:
            raise RangeInvalid
        lower, upper = ceil(start), min(floor(end), duration)
        if lower < upper:
            spans.append((lower, upper))
    return spans
