"""Quantities and money in the words of a language, by the CLDR data that Babel brings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from deckcast.spoken.counting import before_noun, cardinal, counted, number, parsed
from deckcast.spoken.language import Language

if TYPE_CHECKING:
    from babel import Locale

UNITS = {
    "ms": "duration-millisecond", "µs": "duration-microsecond", "μs": "duration-microsecond", "s": "duration-second",
    "ns": "duration-nanosecond", "min": "duration-minute", "h": "duration-hour", "KB": "digital-kilobyte",
    "kB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte", "TB": "digital-terabyte",
    "PB": "digital-petabyte", "Ko": "digital-kilobyte", "Mo": "digital-megabyte", "Go": "digital-gigabyte",
    "To": "digital-terabyte", "kbit": "digital-kilobit", "Mbit": "digital-megabit", "Gbit": "digital-gigabit",
    "Hz": "frequency-hertz", "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz",
    "nm": "length-nanometer", "µm": "length-micrometer", "μm": "length-micrometer", "mm": "length-millimeter",
    "cm": "length-centimeter", "m": "length-meter", "km": "length-kilometer", "mg": "mass-milligram", "g": "mass-gram",
    "kg": "mass-kilogram", "ml": "volume-milliliter", "l": "volume-liter", "L": "volume-liter", "W": "power-watt",
    "kW": "power-kilowatt", "MW": "power-megawatt", "kWh": "energy-kilowatt-hour", "J": "energy-joule",
    "kJ": "energy-kilojoule", "V": "electric-volt", "°C": "temperature-celsius", "°F": "temperature-fahrenheit",
    "°": "angle-degree", "px": "graphics-pixel", "km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second",
}  # fmt: skip
_PER = {"s": "duration-second", "min": "duration-minute", "h": "duration-hour"}
_NUMERAL = re.compile(r"\d(?:[\d.,\s]*\d)?")


@cache
def _locale(tag: str) -> Locale:
    from babel import Locale

    return Locale.parse(tag)


def quantity(amount: str, unit: str, language: Language) -> str | None:
    """`3,5` and `GB` → `drei Komma fünf Gigabyte`; None where the unit has no name."""
    from babel.units import format_compound_unit, format_unit

    said, value = number(amount, language), _value(amount, language)
    if said is None or value is None:
        return None
    what, _, per = (unit, "", "") if unit in UNITS else unit.partition("/")
    try:
        if per:
            text = format_compound_unit(value, UNITS[what], 1, _PER[per], "long", locale=_locale(language.tag))
        else:
            text = format_unit(value, UNITS[what], "long", locale=_locale(language.tag))
    except (KeyError, ValueError, AttributeError):
        return None
    if not text:
        return None
    shown = _NUMERAL.search(text)
    if shown is None:
        return " ".join(text.split())  # some languages have a word for `two metres`
    name = text[shown.end() :].split()
    feminine = bool(name) and name[0].endswith(language.feminine_nouns) if language.feminine_nouns else False
    said = counted(amount, language, feminine=feminine)
    return " ".join(f"{text[: shown.start()]}{said}{text[shown.end() :]}".split())


def money(amount: str, sign: str, scale: str, language: Language) -> str | None:
    """`3,50` and `€` → `drei Euro fünfzig`."""
    names = language.money.get(sign)
    found = parsed(amount, language)
    value = _value(amount, language)
    if names is None or found is None or value is None:
        return None
    whole, mark, fraction = found
    feminine = names.get("gender") == "feminine"
    if scale:
        said = number(amount, language)
        joint = language.words.get("of", "")
        name = names.get("many") or names["other"]
        many = f"{joint}{name}" if joint.endswith("'") else f"{joint} {name}"
        return None if said is None else " ".join(f"{said} {language.scales[scale]} {many}".split())
    cents = int(fraction) if mark and len(fraction) == 2 and whole != "0" else None
    if cents is None:
        said = counted(amount, language, feminine=feminine)
        return None if said is None else f"{said} {_form(names, value, language)}"
    units = before_noun(cardinal(int(whole), language.counts), language, feminine=feminine)
    name = _form(names, Decimal(int(whole)), language)
    if not cents:
        return f"{units} {name}"
    return " ".join(f"{units} {name} {language.words.get('cents', '')} {cardinal(cents, language.counts)}".split())


def plural(value: Decimal, language: Language) -> str:
    """CLDR's name of the form that a noun has behind a number: `one`, `few`, `many`, `other`."""
    return str(_locale(language.tag).plural_form(value))


def months(language: Language) -> tuple[str, ...]:
    """The names of the months as they stand in a date, January first."""
    from babel.dates import get_month_names

    names = get_month_names("wide", context="format", locale=_locale(language.tag))
    return tuple(names[at] for at in range(1, 13))


def _form(names: Mapping[str, str], value: Decimal, language: Language) -> str:
    return names.get(plural(value, language), names["other"])


def _value(amount: str, language: Language) -> Decimal | None:
    found = parsed(amount, language)
    return (
        None
        if found is None
        else Decimal(f"{found[0]}.{found[2] or '0'}").normalize()
        if found[2]
        else Decimal(found[0])
    )
