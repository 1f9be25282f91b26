"""What is known of a language besides English: `languages/<tag>.toml`, and for the others what num2words knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "languages"
_SPELLED_UNLIKE_SPOKEN = frozenset({"ja", "th"})
"""Languages whose number words voices read no better than digits."""


@dataclass(frozen=True, slots=True)
class Language:
    """How numbers, signs and abbreviations of a language are said. Empty words: it is left to the voice."""

    tag: str
    """`de`: the family, without a region."""
    counts: str
    """The name of its numbers in num2words."""
    point: str
    """The character between whole and fraction; `groups` are those between thousands."""
    groups: str
    known: bool = False
    """Whether there is a file about it: else nothing but plain numbers is touched."""
    words: Mapping[str, str] = field(default_factory=dict)
    """`point`, `dot`, `minus`, `percent`, `to`, `version`, `and`, …"""
    signs: Mapping[str, str] = field(default_factory=dict)
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[str, ...] = ()
    """Abbreviations that may end a sentence."""
    numbered: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations before a number: `Abb. 3`."""
    money: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)
    uncertain: re.Pattern[str] = re.compile(r"(?:^|[^1])[12]$")
    """Digits whose words depend on the noun behind them."""
    masculine: tuple[tuple[str, str], ...] = ()
    """(pattern, instead) at the end of a number before a noun."""
    feminine: tuple[tuple[str, str], ...] = ()
    feminine_nouns: tuple[str, ...] = ()
    """Endings of names of units."""
    ordinals: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()
    """(words that stand before it, pattern with the group `number`, changes to the end of the ordinal)."""
    ordinal_point: bool = True
    """Whether a point behind a number may make it an ordinal."""
    days: Mapping[str, Any] = field(default_factory=dict)
    roman_after: str = ""
    """A pattern of what stands before Roman numerals that are said as plain numbers."""


def family(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


@cache
def language(tag: str) -> Language | None:
    """What is known of the language, None where that is nothing."""
    own = family(tag)
    if own == "en":
        return None
    path = FOLDER / f"{own}.toml"
    counts = _counts(tag)
    if not counts or (not path.is_file() and own in _SPELLED_UNLIKE_SPOKEN):
        return None
    point, groups = _separators(tag)
    if not path.is_file():
        return Language(own, counts, point, groups)
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    gender = told.get("gender", {})
    return Language(
        own,
        counts,
        point,
        "".join(dict.fromkeys((*groups, *told["words"].get("groups", "")))),
        known=True,
        words=told["words"],
        signs=told["signs"],
        abbreviations=told["abbreviations"],
        ends=tuple(told.get("ends", ())),
        numbered=told["numbered"],
        money=told["money"],
        scales=told["scales"],
        uncertain=re.compile(gender.get("uncertain", r"(?!)")),
        masculine=tuple(gender.get("masculine", {}).items()),
        feminine=tuple(gender.get("feminine", {}).items()),
        feminine_nouns=tuple(gender.get("feminine_nouns", ())),
        ordinals=tuple(
            (one.get("after", ""), one["pattern"], tuple(one.get("change", {}).items()))
            for one in told.get("ordinal", ())
        ),
        ordinal_point=told.get("ordinal_point", False),
        days=told["days"],
        roman_after=told.get("roman_after", ""),
    )


def _counts(tag: str) -> str:
    """num2words' own name for the language, with the region where it knows that."""
    from num2words import CONVERTER_CLASSES

    own, _, region = tag.replace("_", "-").partition("-")
    full = f"{own.lower()}_{region.upper()}"
    own = {"nb": "no", "nn": "no"}.get(own.lower(), own.lower())
    return full if full in CONVERTER_CLASSES else own if own in CONVERTER_CLASSES else ""


def _separators(tag: str) -> tuple[str, str]:
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    for name in (tag.replace("_", "-"), family(tag)):
        try:
            locale = Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        group = get_group_symbol(locale)
        return get_decimal_symbol(locale), " " if group.isspace() else group
    return ".", ""
