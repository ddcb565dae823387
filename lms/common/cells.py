"""Cells of spreadsheets we write: text, never a formula (security 8). Plain Python."""

import re

# A cell a spreadsheet would run as a formula; figures of our own making stay figures.
DANGEROUS = re.compile(r"[=+\-@\t\r\n\x00]")
FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def safe_cell(text: str) -> str:
    """The text, prefixed with ' where a spreadsheet would take it for a formula (security 8)."""
    if DANGEROUS.match(text) and not FIGURE.fullmatch(text):
        return f"'{text}"
    return text
