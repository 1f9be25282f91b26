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
    return leading_mark(line, right_to_left=False), ""


def leading_mark(text: str, *, right_to_left: bool) -> str:
    """What stands before text that viewers lay out by its first letter, where that tells the wrong direction."""
    if text.isascii() and not right_to_left:
        return ""
    kinds = (unicodedata.bidirectional(one) for one in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "")
    if right_to_left:
        return "" if first in ("R", "AL") else RIGHT_MARK
    return LEFT_MARK if first in ("R", "AL") else ""
