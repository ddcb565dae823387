"""What Django refuses to start with."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

MONTHS_MIN = 6  # 等保 2.0: logs of at least six months


@register
def journal_is_kept_long_enough(**_facts: Any) -> list[Error]:
    if settings.QIANGJI["JOURNAL_KEPT_MONTHS"] >= MONTHS_MIN:
        return []
    return [
        Error(
            f"JOURNAL_KEPT_MONTHS must be {MONTHS_MIN} or more: the journal is kept that long.",
            id="journal.E001",
        )
    ]
