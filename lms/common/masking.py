"""What is never shown whole. Plain Python."""

import re

# 18 characters since 1999, 15 digits before; not a part of a longer number.
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[0-9Xx]|[1-9]\d{14})(?![0-9A-Za-z])")


def masked_id_number(id_number: str) -> str:
    """330***********1234; shorter numbers keep nothing but their length."""
    if len(id_number) < 15:
        return "*" * len(id_number)
    return f"{id_number[:3]}{'*' * (len(id_number) - 7)}{id_number[-4:]}"


def holds_id_number(text: str) -> bool:
    """Whether somebody wrote an ID number into running text."""
    return ID_NUMBER.search(text) is not None


def without_id_numbers(text: str) -> str:
    """Running text with every ID number in it masked: what people type is kept in places."""
    return ID_NUMBER.sub(lambda found: masked_id_number(found[0]), text)
