"""Text in the letters that a model knows, for models that read letters and leave out whatever else there is.

Digits are spelled out; a capital becomes small and an accent is left off where the model knows the letter so alone.
A sign that the model does not know becomes a space; a letter or digit that none of this reaches is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass

from deckcast.engines.transliterate import to_ascii

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lettered:
    text: str
    origins: tuple[int, ...]
    """The index, in the original, of each character of `text`."""
    lost: str
    """Letters and digits that the model has no sound for, each once."""


def in_letters(text: str, known: Container[str], language: str) -> Lettered:
    """The text in letters that are `known`; numbers are spelled in the language where the library for that knows it."""
    out: list[str] = []
    origins: list[int] = []
    lost: dict[str, None] = {}

    def put(written: str, index: int) -> None:
        out.append(written)
        origins.extend([index] * len(written))

    at = 0
    while at < len(text):
        number = _NUMBER.match(text, at)
        if number and not all(one in known for one in number[0] if one.isdigit()):
            words = _in_words(number[0], language)
            for one in words:
                put(_known(one, known) or (" " if not one.isalnum() else ""), at)
            if not words:
                lost |= dict.fromkeys(one for one in number[0] if one.isdigit())
                put(" ", at)
            at = number.end()
            continue
        written = _known(text[at], known)
        if written is None and text[at].isalnum():
            lost[text[at]] = None
        put(" " if written is None else written, at)
        at += 1
    return Lettered("".join(out), tuple(origins), "".join(lost))


def _known(character: str, known: Container[str]) -> str | None:
    """The character in known ones, empty where it needs none; None where there are none for it."""
    bare = "".join(one for one in unicodedata.normalize("NFD", character) if not unicodedata.combining(one))
    for form in (character, character.lower(), bare, bare.lower()):
        if form and all(one in known for one in form):
            return form
    plain = to_ascii(character)
    form = plain.text.lower()
    if form.strip() and not plain.lost and all(one in known for one in form):
        return form
    # Between letters an apostrophe or a soft hyphen is no gap.
    return "" if form in ("", "'") or unicodedata.combining(character) else None


def _in_words(number: str, language: str) -> str:
    """`three point five`; empty where the language's numbers are not known."""
    import decimal

    from num2words import num2words

    plain = number.replace(",", "")
    tags = (language.replace("-", "_"), language.replace("_", "-").partition("-")[0])
    if plain.count(".") > 1:
        return " ".join(_in_words(part, language) for part in number.split("."))
    for tag in tags:
        try:
            return str(num2words(decimal.Decimal(plain) if "." in plain else int(plain), lang=tag))
        except (NotImplementedError, OverflowError, ValueError, decimal.InvalidOperation):
            continue
    return ""
