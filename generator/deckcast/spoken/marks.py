"""Arrows, dashes and signs between words and values, in English."""

from __future__ import annotations

import re

from deckcast.spoken.atoms import Match, Rule, always, rule
from deckcast.spoken.signs import GREEK, MATHS, NAMED

_ARROWS = {
    "<-->": "and", "<->": "and", "<=>": "if and only if", "-->": "to", "->": "to", "==>": "gives", "=>": "gives",
    "<-": "from", "<=": "is at most", ">=": "is at least", "!=": "is not equal to", "==": "is equal to",
}  # fmt: skip
_ARROW = "|".join(sorted(map(re.escape, _ARROWS), key=len, reverse=True))
_BETWEEN = "=+<>−·⋅°′"
"""Signs that are only said beside a value; alone they are ornaments."""
_ALWAYS = "".join(re.escape(sign) for sign in MATHS if sign not in _BETWEEN)
_NEED_VALUES = frozenset("·⋅")
"""Signs that also stand between words, as dots of a list."""


def _between(found: Match) -> str | None:
    sign = found[0]
    before, after = _neighbours(found)
    if not before and not after:
        return None
    if sign in _NEED_VALUES and not (_is_value(before) and _is_value(after)):
        return ","
    if sign in "<>" and not (before and after):
        return None
    return f" {MATHS[sign]} "


def _dash(found: Match) -> str:
    before, after = _neighbours(found)
    return " minus " if found[0] == "-" and _is_value(before) and _is_value(after) else ","


def _letter(found: Match) -> str:
    hyphen = found.string[found.end() : found.end() + 1] == "-"
    return f" {GREEK[found[0]]}{'' if hyphen else ' '}"


def _neighbours(found: Match) -> tuple[str, str]:
    """The words before and after, empty where there is none; brackets count as their content."""
    before = re.search(r"([^\W_]+)[)\]'’\"”%]*\s?$", found.string[max(found.start() - 40, 0) : found.start()])
    after = re.match(r"\s?[(\[\-−'‘\"“$]*([^\W_]+)", found.string[found.end() : found.end() + 40])
    return (before[1] if before else ""), (after[1] if after else "")


def _is_value(word: str) -> bool:
    return len(word) == 1 or word[:1].isdigit()


MARKS: tuple[Rule, ...] = (
    rule(_ARROW, lambda found: f" {_ARROWS[found[0]]} "),
    rule(r"(?<=\s)[–—-]{1,3}(?=\s)|—|(?<=[^\W\d])(?:--|–)(?=[^\W\d])", _dash),
    rule(f"[{_BETWEEN}]", _between),
    rule(f"[{_ALWAYS}]", lambda found: f" {MATHS[found[0]]} "),
    rule(f"[{''.join(GREEK)}]", _letter),
    rule(r"[&@§%€£¥](?=\s?\w|\s|$)", lambda found: f" {NAMED[found[0]]} "),
    rule(r"(?<=\w)/(?=\w)", always(" ")),
    rule(r"(?<=\([^\W\d_])\s?\|\s?(?=[^\W\d_]\))", always(" given ")),
)
