"""Numbers in the words of a language, by num2words where that is right."""

from __future__ import annotations

import re
from functools import cache

from deckcast.spoken.language import Language

LARGEST = 10**12
"""Larger numbers are left to the voice, and in languages of which no file tells, those from a million on."""


_PARTED = {
    "de": re.compile(r"(hundert|tausend)(?=(?!st)\w)"),
    "nl": re.compile(r"(duizend)(?=(?!st)\w)"),
    "it": re.compile(r"(mille|mila)(?=\w)"),
}
"""Where long words for numbers may be parted: some voices read the `vier` of `tausendvier` as if it were no word."""


def _words(number: int, counts: str, kind: str) -> str:
    """Empty where num2words does not know."""
    from num2words import num2words

    try:
        words = str(num2words(number, lang=counts, to=kind)).replace(",", "")  # it would be heard as a pause
    except (NotImplementedError, ValueError, OverflowError, IndexError, KeyError, AttributeError, TypeError):
        return ""
    words = re.sub(r"(\w)\1\1", r"\1\1", " ".join(words.split()))  # no language writes `etttusen`
    return _PARTED[counts].sub(r"\1 ", words) if counts in _PARTED else words


@cache
def cardinal(number: int, counts: str) -> str:
    return _words(number, counts, "cardinal")


@cache
def ordinal(number: int, counts: str) -> str:
    return _words(number, counts, "ordinal")


@cache
def year(number: int, counts: str) -> str:
    return _words(number, counts, "year") or cardinal(number, counts)


def digits(text: str, counts: str) -> str:
    return " ".join(filter(None, (cardinal(int(one), counts) for one in text)))


@cache
def point_word(counts: str) -> str:
    """What stands between whole and fraction, in a language that says fractions digit by digit; or empty."""
    from decimal import Decimal

    from num2words import num2words

    try:
        said = str(num2words(Decimal("3.14"), lang=counts))
    except (NotImplementedError, ValueError, OverflowError, IndexError, KeyError, AttributeError, TypeError):
        return ""
    first, last = cardinal(3, counts), " ".join((cardinal(1, counts), cardinal(4, counts)))
    if not (first and said.startswith(f"{first} ") and said.endswith(f" {last}")):
        return ""
    word = said[len(first) : len(said) - len(last)].strip()
    return word if word.isalpha() else ""


def parsed(text: str, language: Language) -> tuple[str, str, str] | None:
    """(whole digits, `point` or `dot` or nothing, fraction) of a number as it is written; None where it is unclear."""
    other = "." if language.point == "," else ","
    grouped = "".join(re.escape(one) for one in language.groups)
    head, mark, tail = text.partition(language.point)
    if grouped and re.fullmatch(rf"\d{{1,3}}(?:[{grouped}]\d{{3}})+", head):
        whole = re.sub(rf"[{grouped}]", "", head)
        return whole, "point" if mark else "", tail
    if head.isdecimal() and tail.isdecimal() and mark:
        return head, "point", tail
    if text.isdecimal():
        return text, "", ""
    head, mark, tail = text.partition(other)
    if head.isdecimal() and tail.isdecimal():
        return head, "dot", tail  # `3.14` in a language that writes `3,14`
    return None


def number(text: str, language: Language) -> str | None:
    """The words for a number as it is written, None where it is left to the voice."""
    found = parsed(text, language)
    if found is None:
        return None
    whole, mark, fraction = found
    value = int(whole)
    if value >= (LARGEST if language.known else 10**6):
        return None
    if len(whole) > 1 and whole.startswith("0"):
        return digits(whole, language.counts) if not mark and language.known else None
    said = cardinal(value, language.counts)
    if not said or not mark:
        return said or None
    word = language.words.get(mark) or (point_word(language.counts) if mark == "point" else "")
    if not word:
        return _whole_fraction(whole, fraction, said, language.counts)
    return f"{said} {word} {digits(fraction, language.counts)}"


def _whole_fraction(whole: str, fraction: str, said: str, counts: str) -> str | None:
    """In languages that say `three and fourteen hundredths`: num2words' own words, where they can be trusted."""
    from decimal import Decimal

    from num2words import num2words

    if fraction.startswith("0"):
        return None
    try:
        all_words = str(num2words(Decimal(f"{whole}.{fraction}"), lang=counts))
    except (NotImplementedError, ValueError, OverflowError, IndexError, KeyError, AttributeError, TypeError):
        return None
    fits = all_words.startswith(f"{said} ") and all(one.isalpha() or one in " -'" for one in all_words)
    return all_words if fits and len(all_words) > len(said) + 3 else None


def counted(text: str, language: Language, *, feminine: bool = False) -> str | None:
    """`number` as it stands before its noun: `1` → `ein`, `eine`; a fraction stays as it is."""
    said, found = number(text, language), parsed(text, language)
    return said if said is None or found is None or found[1] else before_noun(said, language, feminine=feminine)


def before_noun(said: str, language: Language, *, feminine: bool) -> str:
    """A whole number's words before a noun."""
    for pattern, instead in language.feminine if feminine else language.masculine:
        said = re.sub(pattern, instead, said)
    return said


_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10}


def roman(text: str) -> int:
    """0 for what is no Roman numeral up to XXXIX."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_VALUES[one] for one in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
