"""Stretches of written text with what is said for them, found by rules in order of precedence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Match: TypeAlias = re.Match[str]


@dataclass(frozen=True, slots=True)
class Atom:
    """A stretch of written text that is said as one."""

    begin: int
    end: int
    spoken: str
    ipa: str = ""
    """Its sounds, where the author gives them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a pattern says; `say` may give None to leave a match to later rules."""

    pattern: re.Pattern[str]
    say: Callable[[Match], str | None]


def rule(pattern: str, say: Callable[[Match], str | None]) -> Rule:
    return Rule(re.compile(pattern), say)


def always(spoken: str) -> Callable[[Match], str]:
    return lambda _: spoken


def scan(text: str, begin: int, end: int, rules: Iterable[Rule]) -> list[Atom]:
    """The atoms that the rules claim between `begin` and `end`, in order. The first rule to claim a place keeps it."""
    claimed: list[Atom] = []
    taken = bytearray(end - begin)
    for one in rules:
        for found in one.pattern.finditer(text, begin, end):
            first, last = found.start() - begin, found.end() - begin
            if first == last or any(taken[first:last]):
                continue
            spoken = one.say(found)
            if spoken is not None:
                claimed.append(Atom(found.start(), found.end(), spoken))
                taken[first:last] = b"\x01" * (last - first)
    return sorted(claimed, key=lambda atom: atom.begin)
