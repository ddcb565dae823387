"""What a unit's state is, from what was watched. Plain Python over the policy's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.common.spans import within
from lms.credits.rules import Rules, Spans, band_hours, covered, missing, needed_seconds


@dataclass(frozen=True)
class Coverage:
    """Where a viewing stands against the policy. All lengths are whole seconds.

    `duration_seconds` is how long what counts is: the span of a trimmed recording (ADR 0025), which
    begins at `start_seconds` of the recording. `watched` and `missing` are seconds of the recording,
    inside the span.
    """

    duration_seconds: int
    covered_seconds: int
    needed_seconds: int
    missing: Sequence[tuple[int, int]]
    band_hours: Decimal
    watched: Sequence[tuple[int, int]] = ()
    start_seconds: int = 0
    is_trimmed: bool = False

    @property
    def end_seconds(self) -> int:
        return self.start_seconds + self.duration_seconds

    @property
    def is_enough(self) -> bool:
        return self.covered_seconds >= self.needed_seconds > 0

    @property
    def short_seconds(self) -> int:
        return max(self.needed_seconds - self.covered_seconds, 0)

    @property
    def has_gap(self) -> bool:
        """Whether something after a missing part was watched, not just too little so far."""
        if self.covered_seconds == 0 or not self.missing:
            return False
        return len(self.missing) > 1 or self.missing[0][1] < self.end_seconds

    @property
    def percent(self) -> int:
        if self.duration_seconds == 0:
            return 0
        return min(100, self.covered_seconds * 100 // self.duration_seconds)


def coverage_of(
    spans: Spans, duration_seconds: int, rules: Rules, span: tuple[int, int] | None = None
) -> Coverage:
    """`span` is what of the recording is the lecture; None when all of it is."""
    start, end = span or (0, duration_seconds)
    length, watched = end - start, within(spans, start, end)
    return Coverage(
        duration_seconds=length,
        covered_seconds=covered(watched),
        needed_seconds=needed_seconds(length, rules),
        missing=missing(watched, end, start),
        band_hours=band_hours(length, rules),
        watched=watched,
        start_seconds=start,
        is_trimmed=span is not None,
    )


def clock(seconds: int) -> str:
    """754 → `12:34`, 3754 → `1:02:34`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def arithmetic_of(coverage: Coverage, share: Decimal, band_words: str) -> list[list[str]]:
    """The lines of the sum a learner can check with a pencil: [label, value]."""
    watched, needed = clock(coverage.covered_seconds), clock(coverage.needed_seconds)
    length = "片长（剪去片头片尾后）" if coverage.is_trimmed else "片长"
    lines = [
        [length, clock(coverage.duration_seconds)],
        [f"应看满（片长 × {(share * 100).normalize():f}%）", needed],
        ["实际看过（重复只算一次）", watched],
    ]
    if not coverage.is_enough:
        return [*lines, [f"{needed} − {watched}", f"还差 {clock(coverage.short_seconds)}"]]
    return [
        *lines,
        [f"{watched} ≥ {needed}", "达到"],
        [f"{clock(coverage.duration_seconds)} 在{band_words}一档", f"{coverage.band_hours:f}"],
    ]


def band_in_words(duration_seconds: int, rules: Rules) -> str:
    """`30 分钟以上`, `15–30 分钟`, `15 分钟以内`: the band a length falls into."""
    upper = None
    for band in rules.bands:
        minutes = f"{band.minutes.normalize():f}"
        if band.holds(duration_seconds):
            if upper is None:
                return f" {minutes} 分钟以上"
            return f" {minutes}–{upper} 分钟" if band.minutes else f" {upper} 分钟以内"
        upper = minutes
    return "没有学时的"


def bands_in_words(rules: Rules) -> str:
    """`视频满 30 分钟记 1 学时；超过 15 分钟…`: the bands, from their figures."""
    parts, upper = [], None
    for band in rules.bands:
        minutes = f"{band.minutes.normalize():f}"
        if upper is None:
            reach = f"视频满 {minutes} 分钟" if band.inclusive else f"视频超过 {minutes} 分钟"
        elif band.minutes:
            reach = f"超过 {minutes} 分钟、不足 {upper} 分钟"
        else:
            reach = f"{upper} 分钟及以下"
        parts.append(f"{reach}记 {band.hours.normalize():f} 学时")
        upper = minutes
    return "；".join(parts)


def rule_in_words(rules: Rules) -> str:
    """The whole rule as a learner reads it, from its figures."""
    share = (rules.coverage_share * 100).normalize()
    cap = rules.daily_cap.normalize()
    return f"单元视频看满 {share:f}% 记学时：{bands_in_words(rules)}。网络学习每天最多记 {cap:f} 学时。"
