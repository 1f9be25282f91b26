"""Marks that make a line run in its language's direction, also in players that know nothing of it.

A caption file has no field for direction: a player lays each line out from left to right, or goes by its first
letter. So a line of a right-to-left lesson begins with a right-to-left mark, which tells the latter, and is embedded
from right to left, which tells the former (UAX 9). So full stops stand at its left, and Latin words where they belong.
"""

from __future__ import annotations

import unicodedata

LEFT_MARK, RIGHT_MARK = "\u200e", "\u200f"
RIGHT_EMBEDDING, POP = "\u202b", "\u202c"


def directed(line: str, *, right_to_left: bool) -> tuple[str, str]:
    """(what stands before the line, what stands behind it)."""
    if right_to_left:
        return RIGHT_MARK + RIGHT_EMBEDDING, POP
    if line.isascii():
        return "", ""
    strong = next((kind for one in line if (kind := unicodedata.bidirectional(one)) in ("L", "R", "AL")), "L")
    return ("" if strong == "L" else LEFT_MARK), ""
