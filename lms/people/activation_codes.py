"""What an activation code looks like: 140 bits in groups people can type. Plain Python."""

import secrets
import unicodedata
from hashlib import sha256

# 32 signs, five bits each. No 0, 1, I or O: nobody need guess which is which.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 7, 4


def new_code() -> str:
    """`K7QM-3XTA-…`, seven groups of four."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(GROUPS * GROUP))
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def digest_of(typed: str) -> str:
    """The digest kept of a code, however it was typed: lower case, spaces, full width."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return sha256("".join(sign for sign in text if sign in SIGNS).encode()).hexdigest()
