"""Whether an error means that a disk or an object store is full."""

import errno

FULL = {errno.ENOSPC, errno.EDQUOT}
STORE_FULL = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "507"}


def is_full(error: BaseException) -> bool:
    """Of this error or what it came from: libraries wrap what the system or the store said."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in FULL:
            return True
        answer = getattr(seen, "response", None)
        if isinstance(answer, dict) and answer.get("Error", {}).get("Code", "") in STORE_FULL:
            return True
        seen = seen.__cause__ or seen.__context__
    return False
