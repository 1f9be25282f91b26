"""Money, percentages and quantities with their units in English words."""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.numbers import cardinal, number, signed

_CURRENCIES = {
    "$": ("dollar", "dollars", "cents"), "€": ("euro", "euros", "cents"), "£": ("pound", "pounds", "pence"),
    "¥": ("yen", "yen", ""), "₹": ("rupee", "rupees", "paise"),
}  # fmt: skip
_SCALES = {
    "k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "mn": "million", "T": "trillion",
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
    "MW": "megawatt", "kWh": "kilowatt-hour", "MWh": "megawatt-hour", "V": "volt", "mV": "millivolt", "dB": "decibel",
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
_ONLY_TOUCHING = frozenset({"in", "us"})
"""Units that are words or names too, so that no space may part them from their number."""


def _longest_first(names: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
SIGNED = rf"(?:(?<![\w)\]])[+\-−±])?{NUMBER}"
START = r"(?<![\w.,])"
"""Before a number that is not the tail of a longer one or of a name."""
_AMOUNT = rf"{START}(?P<about>[~≈∼]\s?)?(?P<low>{SIGNED})(?:(?:\s?[–—-]\s?|\sto\s)(?P<high>{NUMBER}))?"


def _amount(found: Match) -> str:
    low = f"{'about ' if found['about'] else ''}{signed(found['low'])}"
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


def _hours(found: Match) -> str:
    """`1h 30m`, where the `m` means minutes."""
    hours, minutes = int(found["hours"]), int(found["minutes"])
    return f"{cardinal(hours)} hour{'s' * (hours != 1)} {cardinal(minutes)} minute{'s' * (minutes != 1)}"


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
    what = f"{_UNITS[found['what']]}s" if found["what"] in _UNITS else found["what"]
    return f"{what} per {_PER[found['per']]}"


_SCALE = _longest_first(_SCALES)

QUANTITIES: tuple[Rule, ...] = (
    rule(rf"{START}(?P<hours>\d+)\s?h\s(?P<minutes>[0-5]?\d)\s?m(?:in)?(?!\w)", _hours),
    rule(
        rf"(?:\bUS)?(?P<sign>[$€£¥₹])\s?(?P<amount>{NUMBER})(?:[\s-]?(?P<scale>{_SCALE})(?!\w))?(?:/(?P<per>{_longest_first(_PER)}))?(?!\w)",
        _money,
    ),
    rule(rf"{START}(?P<amount>{NUMBER})(?:\s(?P<scale>million|billion|trillion))?\s?(?P<sign>[$€£¥₹])(?![\w])", _money),
    rule(rf"{_AMOUNT}\s?%(?P<points>-points?| points?)?", _percent),
    rule(rf"{_AMOUNT}(?P<scale>[kKMBT]|[mb]n)(?![\w/])", _scaled),
    rule(
        rf"{_AMOUNT}(?P<gap>[\s-])?(?P<unit>{_longest_first(_UNITS)})(?:/(?P<per>{_longest_first(_PER)}))?(?![\w/])",
        _quantity,
    ),
    rule(rf"(?<![\w/])(?P<what>[a-z]{{3,}}|km|m|[kKMGT]B)/(?P<per>{_longest_first(_PER)})(?![\w/])", _rate),
)
"""Numbers with what they count."""
