"""What a reader takes for one character, and how wide that is.

A simpler form of Unicode's extended grapheme clusters (UAX 29): it may join what that parts, but never parts what
that joins.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ZERO_WIDTH_SPACE = "\u200b"
_JOINER = "\u200d"
_THAI_LAO_AM = "\u0e33\u0eb3"
_VOICED = "\uff9e\uff9f"
_BEFORE_LETTERS = frozenset("\u0d4e\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011d46\U00011f02")


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """(begin, end) of each, in order, over all of the text."""
    begin = flags = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if before.isascii() and after.isascii():
            joined = False
        else:
            flags = flags + 1 if _is_flag(before) else 0
            joined = _joined(before, after) or (flags % 2 == 1 and _is_flag(after))
        if not joined:
            yield begin, at
            begin = at
    if text:
        yield begin, len(text)


def width(text: str) -> int:
    """How many columns a text takes; wide characters (Chinese, Japanese, Korean, emoji) take two."""
    if text.isascii():
        return len(text)
    return sum(_width(before, one) for before, one in zip(" " + text, text, strict=False))


def is_wide(character: str) -> bool:
    return not character.isascii() and unicodedata.east_asian_width(character) in "WF"


def _width(before: str, character: str) -> int:
    """What a character adds to the one before it; parts of an emoji add nothing."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or _is_skin(character) or _is_late_jamo(character):
        return 0
    if before == _JOINER and unicodedata.category(character) == "So":
        return 0
    return 2 if is_wide(character) else 1


def _joined(before: str, after: str) -> bool:
    if ZERO_WIDTH_SPACE in (before, after):
        return False
    category = unicodedata.category(after)
    if category in ("Mn", "Me", "Mc", "Cf") or after in _THAI_LAO_AM or after in _VOICED or _is_skin(after):
        return True
    if before == _JOINER or before in _BEFORE_LETTERS or unicodedata.category(before) == "Cf":
        return True
    if unicodedata.combining(before) == 9 and category == "Lo":  # a virama joins two letters
        return True
    return _is_late_jamo(after) or (_is_first_jamo(before) and ("\uac00" <= after <= "\ud7a3" or _is_first_jamo(after)))


def _is_skin(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_first_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c"


def _is_late_jamo(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb"
