"""Money, percentages, units, powers, ranges and plain numbers in English words."""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.numbers import cardinal, number, ordinal
from deckcast.spoken.signs import FRACTIONS, GREEK, SUBSCRIPTS, SUPERSCRIPTS

_CURRENCIES = {
    "$": ("dollar", "dollars", "cents"), "€": ("euro", "euros", "cents"), "£": ("pound", "pounds", "pence"),
    "¥": ("yen", "yen", ""), "₹": ("rupee", "rupees", "paise"),
}  # fmt: skip
_SCALES = {
    "k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "T": "trillion",
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
}  # fmt: skip
_UNITS = {
    "ms": "millisecond", "µs": "microsecond", "μs": "microsecond", "us": "microsecond", "ns": "nanosecond",
    "s": "second", "sec": "second", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour",
    "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
    "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte", "Mb": "megabit", "Gb": "gigabit",
    "kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz",
    "GHz": "gigahertz", "nm": "nanometre", "µm": "micrometre", "μm": "micrometre", "mm": "millimetre",
    "cm": "centimetre", "m": "metre", "km": "kilometre", "in": "inch", "ft": "foot", "g": "gram", "mg": "milligram",
    "kg": "kilogram", "lb": "pound", "lbs": "pound", "l": "litre", "ml": "millilitre", "W": "watt", "kW": "kilowatt",
    "MW": "megawatt", "kWh": "kilowatt hour", "MWh": "megawatt hour", "V": "volt", "mV": "millivolt", "dB": "decibel",
    "J": "joule", "kJ": "kilojoule", "°C": "degree Celsius", "°F": "degree Fahrenheit", "°": "degree", "px": "pixel",
    "fps": "frame per second", "rpm": "turn per minute", "FLOPS": "flops", "FLOPs": "flops", "TFLOPS": "teraflops",
    "GFLOPS": "gigaflops", "PFLOPS": "petaflops", "bps": "bit per second",
}  # fmt: skip
_PER = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "day": "day", "week": "week",
    "month": "month", "year": "year", "token": "token", "step": "step", "epoch": "epoch", "request": "request",
    "kg": "kilogram", "m": "metre", "word": "word", "sample": "sample", "batch": "batch", "image": "image",
    "user": "user",
}  # fmt: skip
_PLURALS = {"inch": "inches", "foot": "feet"}
_ONLY_TOUCHING = frozenset({"in", "us", "V", "J", "W"})
"""Units that are words or names too, so that no space may part them from their number."""

_PARTS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters"), 5: ("fifth", "fifths"),
          6: ("sixth", "sixths"), 8: ("eighth", "eighths"), 10: ("tenth", "tenths")}  # fmt: skip


def _longest_first(names: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIGNED = rf"(?:(?<![\w)\]])[+\-−±])?{NUMBER}"
_START = r"(?<![\w.,])"
"""Before a number that is not the tail of a longer one or of a name."""
_AMOUNT = rf"{_START}(?P<low>{_SIGNED})(?:(?:\s?[–—-]\s?|\sto\s)(?P<high>{NUMBER}))?"


def _signed(text: str) -> str:
    sign = {"+": "plus ", "±": "plus or minus "}.get(text[0], "")
    return sign + number(text[1:] if sign else text)


def _amount(found: Match) -> str:
    low = _signed(found["low"])
    return f"{low} to {number(found['high'])}" if found["high"] else low


def _quantity(found: Match) -> str | None:
    name, gap = found["unit"], found["gap"]
    if gap and name in _ONLY_TOUCHING:
        return None
    head, _, tail = _UNITS[name].partition(" ")
    # A hyphen makes an adjective of it: `a 10-min talk`.
    if gap != "-" and (found["low"] != "1" or found["high"]) and not head.endswith(("hertz", "flops")):
        head = _PLURALS.get(head) or f"{head}s"
    per = f"per {_PER[found['per']]}" if found["per"] else ""
    return " ".join(filter(None, (_amount(found), head, tail, per)))


def _percent(found: Match) -> str:
    return _amount(found) + (" percentage points" if found["points"] else " percent")


def _money(found: Match) -> str:
    per = f" per {_PER[found['per']]}" if found.groupdict().get("per") else ""
    return _sum_of_money(found) + per


def _sum_of_money(found: Match) -> str:
    one, many, cents = _CURRENCIES[found["sign"]]
    amount = found["amount"]
    if found["scale"]:
        return f"{number(amount)} {_SCALES[found['scale']]} {many}"
    whole, _, rest = amount.partition(".")
    if len(rest) == 2 and cents:
        units = f"{number(whole)} {one if whole == '1' else many}"
        if whole == "0":
            return f"{cardinal(int(rest))} {cents}"
        return units if rest == "00" else f"{units} {cardinal(int(rest))}"
    return f"{number(amount)} {one if amount == '1' else many}"


def _scaled(found: Match) -> str:
    return f"{_amount(found)} {_SCALES[found['scale']]}"


def _rate(found: Match) -> str:
    return f"{found['what']} per {_PER[found['per']]}"


def _size(found: Match) -> str:
    return " by ".join(number(part) for part in re.split(r"\s*[x×]\s*", found[0]))


def _fold(found: Match) -> str:
    return f"{number(found['amount'])} times"


def _scientific(found: Match) -> str:
    return f"{number(found['mantissa'])} times ten to the {_exponent(found['exponent'])}"


def _exponent(text: str) -> str:
    text = text.replace("−", "-").lstrip("+")
    return f"minus {number(text[1:])}" if text.startswith("-") else number(text)


def _power(found: Match) -> str:
    raised = "".join(SUPERSCRIPTS.get(one, one) for one in found["power"]).strip("^{}")
    base = number(found["base"]) if found["base"].isdigit() else GREEK.get(found["base"], found["base"])
    if raised in ("2", "3"):
        return f"{base} {'squared' if raised == '2' else 'cubed'}"
    return f"{base} to the {_exponent(raised) if raised.lstrip('-+−').isdigit() else raised}"


def _subscript(found: Match) -> str:
    lowered = "".join(SUBSCRIPTS[one] for one in found["low"])
    return f"{found['base']} {number(lowered) if lowered.isdigit() else lowered}"


def _span(found: Match) -> str | None:
    low, high = (float(found[name].replace(",", "")) for name in ("low", "high"))
    if found["dash"] == "-" and low >= high:
        return None
    return f"{number(found['low'])} to {number(found['high'])}"


def _fraction(found: Match) -> str:
    above, below = int(found["above"]), int(found["below"])
    if above < below and below in _PARTS:
        return f"{cardinal(above)} {_PARTS[below][above != 1]}"
    return f"{cardinal(above)} over {cardinal(below)}"


def _ordinal(found: Match) -> str:
    return ordinal(int(found["amount"].replace(",", "")))


def _about(found: Match) -> str:
    return f"about {number(found['amount'])}"


def _dimensional(found: Match) -> str:
    return f"{number(found['amount'])} {found['letter']}"


_SCALE = _longest_first(_SCALES)

QUANTITIES: tuple[Rule, ...] = (
    rule(
        rf"(?P<sign>[$€£¥₹])\s?(?P<amount>{NUMBER})(?:[\s-]?(?P<scale>{_SCALE})(?!\w))?(?:/(?P<per>{_longest_first(_PER)}))?(?!\w)",
        _money,
    ),
    rule(
        rf"{_START}(?P<amount>{NUMBER})(?:\s(?P<scale>million|billion|trillion))?\s?(?P<sign>[$€£¥₹])(?![\w])", _money
    ),
    rule(rf"{_AMOUNT}\s?%(?P<points>-points?| points?)?", _percent),
    rule(rf"{_AMOUNT}(?P<scale>[kKMBT])(?![\w/])", _scaled),
    rule(
        rf"{_AMOUNT}(?P<gap>[\s-])?(?P<unit>{_longest_first(_UNITS)})(?:/(?P<per>{_longest_first(_PER)}))?(?![\w/])",
        _quantity,
    ),
    rule(rf"(?<![\w/])(?P<what>[a-z]{{3,}})/(?P<per>{_longest_first(_PER)})(?![\w/])", _rate),
)
"""Numbers with what they count."""

POWERS: tuple[Rule, ...] = (
    rule(rf"{_START}{NUMBER}\s?[x×]\s?{NUMBER}(?:\s?[x×]\s?{NUMBER})?(?![\w%]|[.,]\d)", _size),
    rule(rf"{_START}(?P<amount>{NUMBER})\s?[x×](?!\w)", _fold),
    rule(rf"{_START}(?P<mantissa>{NUMBER})(?:[eE]|\s?[×·x]\s?10\^?)(?P<exponent>[+\-−]?\d+)(?![\w]|\.\d)", _scientific),
    rule(r"(?<!\w)(?P<base>\d+|\w)(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+|\^(?:\{[+\-−]?\w+\}|[+\-−]?\w+))(?!\w)", _power),
    rule(r"(?<!\w)(?P<base>[A-Za-z]+)(?P<low>[₀₁₂₃₄₅₆₇₈₉₋₊ₙ]+)", _subscript),
)

NUMBERS: tuple[Rule, ...] = (
    rule(rf"(?<![\w.,\-–])(?P<low>{NUMBER})(?P<dash>\s?[–—]\s?|-)(?P<high>{NUMBER})(?![\w\-]|[.,]\d)", _span),
    rule(r"(?<![\w.])(?P<amount>\d{1,3}(?:,\d{3})*)(?:st|nd|rd|th)(?!\w)", _ordinal),
    rule(r"(?<![\w./])(?P<above>\d{1,3})/(?P<below>\d{1,3})(?![\w/])", _fraction),
    rule("|".join(FRACTIONS), lambda found: FRACTIONS[found[0]]),
    rule(rf"[~≈∼]\s?(?P<amount>{NUMBER})(?!\w)", _about),
    rule(r"(?<!\w)(?P<amount>\d+)(?P<letter>[A-Z])(?!\w)", _dimensional),
    rule(rf"(?<!\w){_SIGNED}(?![\w])(?![.,]\d)", lambda found: _signed(found[0])),
)
"""Numbers alone."""
