"""Dates, times of day, years and decades in English words."""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.numbers import cardinal, decade, number, ordinal, year

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT = "|".join(rf"{name[:3]}\b\.?" for name in _MONTHS if name != "May")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|Sept\b\.?|{_SHORT})"
_YEAR = r"(?P<year>1\d{3}|20\d{2})"

_BEFORE_A_YEAR = re.compile(
    r"(?:\b(?:in|since|by|from|until|till|before|after|around|during|of|early|late|mid|year|al\.,?|spring|summer"
    rf"|autumn|fall|winter|{'|'.join(_MONTHS)}),?\s|\(|,\s)$",
    re.IGNORECASE,
)
_CONTEXT = 16
"""How many characters before a number tell whether it is a year."""


def is_year(text: str) -> bool:
    """True for four digits that may be a year."""
    return len(text) == 4 and text.isdigit() and 1500 <= int(text) <= 2099


def _iso(found: Match) -> str | None:
    month, day = int(found["month"]), int(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(int(found['year']))}"


def _month(found: Match) -> str:
    return next(name for name in _MONTHS if name.startswith(found["month"][:3]))


def _month_first(found: Match) -> str:
    said = f"{_month(found)} {ordinal(int(found['day']))}"
    return f"{said}, {year(int(found['year']))}" if found["year"] else said


def _day_first(found: Match) -> str:
    said = f"the {ordinal(int(found['day']))} of {_month(found)}"
    return f"{said}, {year(int(found['year']))}" if found["year"] else said


def _month_and_year(found: Match) -> str:
    return f"{_month(found)} {year(int(found['year']))}"


def _clock(found: Match) -> str | None:
    hour, minute, half = int(found["hour"]), int(found["minute"]), found["half"]
    if hour > 24 or minute > 59:
        return None
    said = cardinal(hour)
    if minute:
        said += f" {cardinal(minute)}" if minute >= 10 else f" oh {cardinal(minute)}"
    elif not half:
        said += " o'clock" if hour <= 12 else " hundred"
    return f"{said} {half.upper()}-M" if half else said


def _hour(found: Match) -> str:
    return f"{number(found['hour'])} {found['half'].upper()}-M"


def _decade(found: Match) -> str | None:
    value = int(found["decade"])
    return decade(value) if value % 10 == 0 else None


def _lettered(found: Match) -> str:
    """`(Smith et al., 2019a)`"""
    return f"{year(int(found['year']))} {found['letter'].upper()}"


def _years(found: Match) -> str | None:
    low, high = found["low"], found["high"]
    if len(high) == 2:
        return f"{year(int(low))} to {cardinal(int(high))}" if int(low[2:]) < int(high) else None
    return f"{year(int(low))} to {year(int(high))}" if is_year(low) and is_year(high) else None


def _year(found: Match) -> str | None:
    """Numbers of our own time are years wherever they stand; older ones only where a year is expected."""
    value = int(found["year"])
    before = found.string[max(found.start() - _CONTEXT, 0) : found.start()]
    if 1980 <= value <= 2035 or (is_year(found["year"]) and value <= 2035 and _BEFORE_A_YEAR.search(before)):
        return year(value)
    return None


DATES: tuple[Rule, ...] = (
    rule(r"(?<![\w\-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w\-])", _iso),
    rule(rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{_YEAR})?(?![\w%]|[.,]\d)", _month_first),
    rule(rf"(?<![\w.,])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s{_MONTH}(?:\s{_YEAR})?(?!\w)", _day_first),
    rule(rf"\b{_MONTH},?\s{_YEAR}(?![\w%]|[.,]\d)", _month_and_year),
    rule(
        r"(?<![\w:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?:\s?(?P<half>[aApP])(?:\.m\.|[mM]\b))?(?![\w:])",
        _clock,
    ),
    rule(r"(?<![\w:.])(?P<hour>\d{1,2})\s?(?P<half>[ap])(?:\.m\.|m\b)", _hour),
    rule(r"(?<![\w’'])['’]?(?P<decade>1\d{3}|20\d{2}|(?<=['’])\d\d)['’]?s(?!\w)", _decade),
)

YEARS: tuple[Rule, ...] = (
    rule(r"(?<=[(\s])(?P<year>(?:19|20)\d\d)(?P<letter>[a-d])(?=[),;])", _lettered),
    rule(r"(?<![\w.,\-–])(?P<low>\d{4})\s?[–—-]\s?(?P<high>\d{4}|\d\d)(?![\w\-]|[.,]\d)", _years),
    rule(r"(?<![\w.,#$€£¥₹+−±])(?:(?<!\w-)|(?<=\bmid-)|(?<=\bpre-))(?P<year>\d{4})(?![\w%]|[.,]\d|\s?[%x×])", _year),
)
"""After the quantities, since a unit may follow such a number."""
