"""Sizes, powers, ranges, fractions and plain numbers in English words."""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.numbers import cardinal, number, ordinal, signed, year
from deckcast.spoken.quantities import NUMBER, SIGNED, START
from deckcast.spoken.signs import FRACTIONS, GREEK, SUBSCRIPTS, SUPERSCRIPTS

_PARTS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters"), 5: ("fifth", "fifths"),
          6: ("sixth", "sixths"), 8: ("eighth", "eighths"), 10: ("tenth", "tenths")}  # fmt: skip
_RAISED = "".join(SUPERSCRIPTS)
_LOWERED = "".join(SUBSCRIPTS)


def _scientific(found: Match) -> str:
    exponent = found["exponent"] or _level(found["raised"])
    return f"{number(found['mantissa'])} times ten to the {_exponent(exponent)}"


def _level(text: str) -> str:
    """Superscripts as plain characters, without the marks of written powers."""
    return "".join(SUPERSCRIPTS.get(one, one) for one in text).strip("^{}")


def _exponent(text: str) -> str:
    text = text.replace("−", "-").lstrip("+")
    return f"minus {number(text[1:])}" if text.startswith("-") else number(text)


def _power(found: Match) -> str:
    base, raised = _base(found), _level(found["power"])
    if raised in ("2", "3"):
        return f"{base} {'squared' if raised == '2' else 'cubed'}"
    return f"{base} to the {_exponent(raised) if raised.lstrip('-+−').isdigit() else raised}"


def _subscript(found: Match) -> str:
    lowered = "".join(SUBSCRIPTS[one] for one in found["low"])
    return f"{_base(found)} {number(lowered) if lowered.isdigit() else lowered}"


def _base(found: Match) -> str:
    base = found["base"]
    return number(base) if base.isdecimal() else GREEK.get(base, base)


def _size(found: Match) -> str:
    # One digit on either side with space between is a product, not a format: `3 × 4`, but `3x3`, `1920 × 1080`.
    product = re.fullmatch(r"\d\s[x×]\s\d", found[0]) is not None
    return (" times " if product else " by ").join(map(_side, re.split(r"\s*[x×]\s*", found[0])))


def _side(text: str) -> str:
    """`1920` → `nineteen twenty`, as one says of pictures."""
    return year(int(text)) if len(text) == 4 and text.isdigit() else number(text)


def _fold(found: Match) -> str:
    return f"{number(found['amount'])} times"


def _span(found: Match) -> str | None:
    low, high = (float(found[name].replace(",", "")) for name in ("low", "high"))
    if found["dash"] == "-" and low >= high:
        return None
    return f"{number(found['low'])} to {number(found['high'])}"


def _ratio(found: Match) -> str:
    return f"{number(found['low'])} to {number(found['high'])}"


def _fraction(found: Match) -> str:
    above, below = int(found["above"]), int(found["below"])
    if above < below and below in _PARTS:
        return f"{cardinal(above)} {_PARTS[below][above != 1]}"
    return f"{cardinal(above)} over {cardinal(below)}"


def _ordinal(found: Match) -> str:
    return ordinal(int(found["amount"].replace(",", "")))


def _about(found: Match) -> str:
    """`≈ 3` is a verb after words; `~3` never is."""
    verb = "is " if found["sign"] != "~" and found.string[: found.start()].rstrip()[-1:].isalnum() else ""
    return f"{verb}about {number(found['amount'])}"


def _dimensional(found: Match) -> str:
    return f"{number(found['amount'])} {found['letter']}"


POWERS: tuple[Rule, ...] = (
    rule(
        rf"{START}(?P<mantissa>{NUMBER})"
        rf"(?:[eE](?P<exponent>[+\-−]?\d+)|\s?[×·x]\s?10(?P<raised>\^[+\-−]?\d+|[{_RAISED}]+))(?!\w|\.\d)",
        _scientific,
    ),
    rule(rf"{START}{NUMBER}\s?[x×]\s?{NUMBER}(?:\s?[x×]\s?{NUMBER})?(?![\w%^]|[.,]\d)", _size),
    rule(rf"{START}(?P<amount>{NUMBER})\s?[x×](?!\w)", _fold),
    rule(
        rf"(?<!\w)(?P<base>\d+|[^\W\d_]{{1,3}})(?P<power>[{_RAISED}]+|\^(?:\{{[+\-−]?\w+\}}|[+\-−]?\w+))(?!\w)", _power
    ),
    rule(rf"(?<!\w)(?P<base>[^\W\d_]{{1,3}})(?P<low>[{_LOWERED}]+)", _subscript),
)

NUMBERS: tuple[Rule, ...] = (
    rule(rf"(?<![\w.,\-–])(?P<low>{NUMBER})(?P<dash>\s?[–—]\s?|-)(?P<high>{NUMBER})(?![\w\-]|[.,]\d)", _span),
    rule(r"(?<![\w:.])(?P<low>\d+):(?P<high>\d+)(?![\w:])", _ratio),
    rule(r"(?<![\w.])(?P<amount>\d{1,3}(?:,\d{3})*)(?:st|nd|rd|th)(?!\w)", _ordinal),
    rule(r"(?<![\w./])(?P<above>\d{1,3})/(?P<below>\d{1,3})(?![\w/])", _fraction),
    rule("|".join(FRACTIONS), lambda found: FRACTIONS[found[0]]),
    rule(rf"(?P<sign>[~≈∼])\s?(?P<amount>{NUMBER})(?!\w)", _about),
    rule(r"(?<!\w)(?P<amount>\d+)(?P<letter>[A-Z])(?!\w)", _dimensional),
    rule(rf"(?<!\w){SIGNED}(?!\w)(?![.,]\d)", lambda found: signed(found[0])),
)
"""Numbers alone."""
