"""Text for voices that know ASCII only.

The rule: a character of the table becomes what the table says; a letter with marks loses the marks; any
other sign becomes a space; a letter or digit that none of this reaches cannot be spoken, and is reported.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_TABLE = {
    "‘": "'", "’": "'", "‚": ",", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": ", ", "—": ", ", "―": ", ", "…": "...", "‥": "..", "\u00ad": "",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "ng", "Ŋ": "Ng",
    "⁄": "/", "∕": "/",
    "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ascii:
    text: str
    origins: tuple[int, ...]
    """The index, in the original, of each character of `text`."""
    lost: str
    """Letters and digits for which there is no ASCII, each once."""


def to_ascii(text: str) -> Ascii:
    out: list[str] = []
    origins: list[int] = []
    lost: dict[str, None] = {}
    for index, character in enumerate(text):
        replaced = _replace(character)
        if replaced is None:
            lost[character] = None
            replaced = " "
        out.append(replaced)
        origins += [index] * len(replaced)
    return Ascii("".join(out), tuple(origins), "".join(lost))


def _replace(character: str) -> str | None:
    if character.isascii():
        return character if character.isprintable() else " "
    if character in _TABLE:
        return _TABLE[character]
    if unicodedata.combining(character):
        return ""
    apart = unicodedata.normalize("NFKD", character).replace("⁄", "/")
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    if plain and plain.isascii():
        return plain
    return None if character.isalnum() else " "
