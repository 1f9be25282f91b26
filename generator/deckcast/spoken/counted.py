"""Rules for what holds a number, in languages other than English: quantities, days, ordinals, ranges, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from deckcast.spoken import counting, measures
from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.language import Language

_CONTEXT = 24
"""How many characters before a match tell how it stands in its sentence."""
_SIGN = {"-": "minus", "−": "minus", "+": "plus", "±": "plus_minus", "~": "about", "≈": "about", "∼": "about"}


def dotted(text: str, language: Language) -> str:
    """`3.11.2`: its parts, with the word for a dot between them."""
    dot = language.words.get("dot", "")
    parts = [_part(one, language) for one in text.split(".")]
    return f" {dot} ".join(parts) if dot and all(parts) else text


def _part(text: str, language: Language) -> str:
    if len(text) > 1 and text.startswith("0"):
        return counting.digits(text, language.counts)
    return counting.cardinal(int(text), language.counts) if len(text) < 12 else text


def longest_first(names: Iterable[str]) -> str:
    """A pattern of the names; a blank in one may be missing, as in `z.B.`."""
    return "|".join(re.escape(one).replace("\\ ", r"\s?") for one in sorted(names, key=len, reverse=True)) or r"(?!)"


class Counted:
    """All that holds a number."""

    def __init__(self, language: Language) -> None:
        self._language = language
        groups = "".join(map(re.escape, language.groups))
        grouped = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+(?!\d)" if groups else r"(?!)"
        self._number = rf"(?:(?:{grouped}|\d+)(?:[.,]\d+)?)"
        self._start = r"(?<![\w.,:/\-–])"
        self._signed = rf"(?P<sign>(?<![\w)\]])[+\-−±~≈∼]\s?)?(?P<amount>{self._number})"

    # ── numbers alone ────────────────────────────────────────────────────────────────────────────

    @property
    def plain_number(self) -> Rule:
        return rule(rf"(?<![\w.,:/\-–+−#°$€£¥])(?P<amount>{self._number})(?![\w\-–/:%‰°$€£¥]|[.,]\d|\.\s)", self._plain)

    def _plain(self, found: Match) -> str | None:
        """Left to the voice where a noun may follow that changes it, and where a point may make an ordinal of it."""
        amount = found["amount"]
        after = found.string[found.end() : found.end() + 2]
        whole = counting.parsed(amount, self._language)
        if whole is None:
            return None
        noun = re.match(r"\s?[^\W\d_]", after) is not None
        if noun and not whole[1] and self._language.uncertain.search(whole[0]):
            return None
        return counting.number(amount, self._language)

    def numbers(self) -> Iterable[Rule]:
        words = self._language.words
        if to := words.get("to"):
            yield rule(
                rf"(?<![\w.,:/\-–])(?P<low>{self._number})(?P<dash>\s?–\s?|-)(?P<high>{self._number})(?![\w\-–/:]|[.,]\d)",
                self._range(to),
            )
        if self._language.roman_after:
            yield rule(rf"(?P<before>{self._language.roman_after})\s(?P<roman>[IVX]+)(?![\w'’])", self._roman)
        ordinal = r"|\.\s[^\W\d_]" if self._language.ordinal_point else ""
        yield rule(rf"{self._start}{self._signed}(?![\w\-–/:]|[.,]\d{ordinal})", self._signed_number)

    def _range(self, to: str) -> Callable[[Match], str | None]:
        def say(found: Match) -> str | None:
            low, high = (counting.number(found[name], self._language) for name in ("low", "high"))
            values = [counting.parsed(found[name], self._language) for name in ("low", "high")]
            if low is None or high is None or any(one is None for one in values):
                return None
            first, last = (float(f"{one[0]}.{one[2] or 0}") for one in values if one is not None)
            if found["dash"] != "-" or first < last:
                years = [found[name] for name in ("low", "high")]
                if all(len(one) == 4 and one.isdecimal() and 1100 <= int(one) <= 2099 for one in years):
                    low, high = (counting.year(int(one), self._language.counts) for one in years)
                return f"{low} {to} {high}"
            return None

        return say

    def _signed_number(self, found: Match) -> str | None:
        sign = (found["sign"] or "").strip()
        said = self._plain(found) if not sign else counting.number(found["amount"], self._language)
        word = self._language.words.get(_SIGN[sign], "") if sign else ""
        if said is None or (sign and not word):
            return None
        value = found["amount"]
        if not sign and len(value) == 4 and value.isdecimal() and self._is_year(found):
            return counting.year(int(value), self._language.counts)
        return f"{word} {said}".strip()

    def _is_year(self, found: Match) -> bool:
        before = found.string[max(found.start() - _CONTEXT, 0) : found.start()]
        expected = re.search(self._language.words.get("before_year", r"(?!)") + r"\s$|\($", before, re.IGNORECASE)
        return 1980 <= int(found["amount"]) <= 2035 or (1100 <= int(found["amount"]) <= 2099 and expected is not None)

    def _roman(self, found: Match) -> str | None:
        value = counting.roman(found["roman"])
        if not value or (len(found["roman"]) == 1 and found["roman"] != "V" and not found["before"][0].islower()):
            return None  # `Vitamin I`, `Teil X`: a letter as likely
        said = counting.cardinal(value, self._language.counts)
        return f"{found['before']} {said}" if said else None

    # ── quantities ───────────────────────────────────────────────────────────────────────────────

    def quantities(self) -> Iterable[Rule]:
        language = self._language
        signs = "|".join(map(re.escape, sorted(language.money, key=len, reverse=True)))
        scales = longest_first(language.scales)
        of = rf"(?:\s{re.escape(language.words['of'])})?" if "of" in language.words else ""
        yield rule(
            rf"{self._start}(?P<amount>{self._number})(?:\s(?P<scale>{scales}){of})?\s?(?P<sign>{signs})(?!\w)",
            self._money,
        )
        yield rule(
            rf"(?<!\w)(?P<sign>{signs})\s?(?P<amount>{self._number})(?:\s(?P<scale>{scales}))?(?!\w|[.,]\d)",
            self._money,
        )
        amount = rf"{self._start}{self._signed}(?:(?:\s?–\s?|-)(?P<high>{self._number}))?"
        yield rule(rf"{amount}\s?%(?!\w)", self._percent)
        units = "|".join(map(re.escape, sorted(measures.UNITS, key=len, reverse=True)))
        yield rule(rf"{amount}\s?(?P<unit>(?:{units})(?:/(?:s|min|h))?)(?![\w/²³])", self._quantity)

    def _money(self, found: Match) -> str | None:
        scale = found["scale"] or ""
        if scale and scale not in self._language.scales:
            scale = next((one for one in self._language.scales if one.replace(" ", "") == scale.replace(" ", "")), "")
        return measures.money(found["amount"], found["sign"], scale, self._language)

    def _percent(self, found: Match) -> str | None:
        last = counting.counted(found["high"] or found["amount"], self._language)
        lead = self._lead(found)
        return None if last is None or lead is None else f"{lead}{last} {self._language.words['percent']}"

    def _quantity(self, found: Match) -> str | None:
        lead = self._lead(found)
        said = measures.quantity(found["high"] or found["amount"], found["unit"], self._language)
        return None if said is None or lead is None else f"{lead}{said}"

    def _lead(self, found: Match) -> str | None:
        """What stands before the last number of a quantity: its sign, the number from which it reaches."""
        words = self._language.words
        sign = (found["sign"] or "").strip()
        lead = words.get(_SIGN[sign], "") + " " if sign else ""
        if lead == " ":
            return None
        if found["high"] is None:
            return lead
        low = counting.number(found["amount"], self._language)
        return f"{lead}{low} {words['to']} " if low is not None and "to" in words else None

    # ── days, ordinals ───────────────────────────────────────────────────────────────────────────

    def dates(self) -> Iterable[Rule]:
        days = self._language.days
        yield rule(r"(?<![\w\-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w\-])", self._date)
        if "numeric" in days:
            yield rule(rf"(?<![\w.,/\-]){days['numeric']}(?![\w/\-]|[.,]\d)", self._date)
        if "named" in days:
            months = "|".join(map(re.escape, measures.months(self._language)))
            yield rule(
                rf"(?<![\w.,])(?:{days['named']})\s(?P<name>{months})(?:\s(?P<year>[12]\d{{3}}))?(?!\w)", self._named
            )
        if "clock" in days:
            yield rule(rf"(?<![\w:.,])(?P<hour>\d{{1,2}}){days['clock']}", self._clock)

    def _date(self, found: Match) -> str | None:
        day, month = int(found["day"]), int(found["month"])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        said = self._day(day, found)
        name = measures.months(self._language)[month - 1]
        year = counting.year(int(found["year"]), self._language.counts)
        return str(self._language.days["date"]).format(day=said, month=name, year=year)

    def _named(self, found: Match) -> str | None:
        day = int(found["day"])
        if not 1 <= day <= 31:
            return None
        said = f"{self._day(day, found)} {found['name']}"
        return f"{said} {counting.year(int(found['year']), self._language.counts)}" if found["year"] else said

    def _day(self, day: int, found: Match) -> str:
        days = self._language.days
        if days["day"] == "cardinal":
            return (
                days.get("first") or counting.cardinal(1, self._language.counts)
                if day == 1
                else counting.cardinal(day, self._language.counts)
            )
        before = found.string[max(found.start() - _CONTEXT, 0) : found.start()]
        said = counting.ordinal(day, self._language.counts)
        for pattern, change in days["ordinal"].items():
            if re.search(pattern, before, re.IGNORECASE):
                for end, instead in change.items():
                    said = re.sub(end, instead, said)
                break
        return said

    def _clock(self, found: Match) -> str | None:
        hour, minute = int(found["hour"]), int(found["minute"])
        if hour > 24 or minute > 59:
            return None
        days, counts = self._language.days, self._language.counts
        said = counting.before_noun(
            counting.cardinal(hour, counts), self._language, feminine=days.get("hours") == "feminine"
        )
        if not minute:
            return str(days["full"]).format(hour=said)
        return str(days["time"]).format(hour=said, minute=counting.cardinal(minute, counts))

    def ordinals(self) -> Iterable[Rule]:
        for after, pattern, change in self._language.ordinals:
            yield rule(pattern, self._ordinal(after, change))

    def _ordinal(self, after: str, change: tuple[tuple[str, str], ...]) -> Callable[[Match], str | None]:
        # A second ordinal ends like the first: `am 3. und 4. Mai`.
        lead = re.compile(rf"(?<!\w)(?:{after})\s(?:\d{{1,2}}\.\s\w+\s)?$", re.IGNORECASE) if after else None

        def say(found: Match) -> str | None:
            if lead is not None and not lead.search(found.string[max(found.start() - _CONTEXT, 0) : found.start()]):
                return None
            value = int(found["number"]) if found["number"].isdecimal() else counting.roman(found["number"])
            said = counting.ordinal(value, self._language.counts) if 0 < value <= 100 else ""
            if not said:
                return None
            for end, instead in change:
                said = re.sub(end, instead, said)
            return said

        return say
