"""Macros in formulas: those that formulas define for all behind them, and which ones a formula needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

DEFAULTS = {
    # what MathJax has, KaTeX has not, and decks use
    r"\mbox": r"\text",
    r"\mathds": r"\mathbb",
    r"\label": r"\@firstoftwo{}",
    r"\require": r"\@firstoftwo{}",
}

_DEFINITION = re.compile(
    r"\\(?P<how>newcommand|renewcommand|providecommand|DeclareMathOperator|[gx]?def)(?P<star>\*?)\s*"
    r"(?:\{\s*(?P<braced>\\(?:[A-Za-z]+|.))\s*\}|(?P<bare>\\(?:[A-Za-z]+|.)))\s*"
    r"(?:\[\d\]|(?:\#\d)+)?\s*(?=\{)"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)


def definitions(tex: str) -> tuple[dict[str, str], str]:
    """What a formula defines, and the formula with blanks in the place of that."""
    found: dict[str, str] = {}
    rest: list[str] = []
    at = 0
    for match in _DEFINITION.finditer(tex):
        end = _closing(tex, match.end())
        if match.start() < at or end is None:
            continue
        body = tex[match.end() + 1 : end - 1]
        if match["how"] == "DeclareMathOperator":
            body = rf"\operatorname{match['star']}{{{body}}}"
        found[match["braced"] or match["bare"]] = body
        rest += [tex[at : match.start()], " " * (end - match.start())]
        at = end
    return found, "".join([*rest, tex[at:]])


def needed(tex: str, macros: Mapping[str, str]) -> dict[str, str]:
    """The macros that a formula uses, also by way of others, sorted by name."""
    found: dict[str, str] = {}
    waiting = [tex]
    while waiting:
        for name in _COMMAND.findall(waiting.pop()):
            if name in macros and name not in found:
                found[name] = macros[name]
                waiting.append(macros[name])
    return dict(sorted(found.items()))


def named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Macros by their commands: `RR` is `\\RR`."""
    return {name if name.startswith("\\") else f"\\{name}": tex for name, tex in pairs}


def _closing(tex: str, begin: int) -> int | None:
    """Behind the brace that closes the one at `begin`."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, begin):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None
