"""Cleaning text that was copied from web pages, one step after the other. Every step takes lines and returns lines."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence

NOISE = ("cookies", "subscribe", "share |", "free")
"""Words that give away what belongs to the page and not to its text."""

ENGLISH = {"the", "on", "and", "of", "to"}


def without_markup(lines: Sequence[str]) -> list[str]:
    """Tags are taken out, and signs written as `&amp;` are turned back. No line is lost."""
    return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def sentences_only(lines: Sequence[str]) -> list[str]:
    """Menus, notices, advertisements and scraps of fewer than five words go."""
    return [line for line in lines if len(line.split()) >= 5 and not any(word in line.lower() for word in NOISE)]


def english_only(lines: Sequence[str]) -> list[str]:
    """A line without a single small English word is taken for another language."""
    return [line for line in lines if ENGLISH & set(words(line))]


def without_private_data(lines: Sequence[str]) -> list[str]:
    """Lines with an e-mail address or a telephone number go."""
    return [line for line in lines if not re.search(r"\S+@\S+|\d{3}-\d{4}", line)]


def without_twins(lines: Sequence[str]) -> list[str]:
    """Of lines with the same words, the first one stays."""
    return list({tuple(words(line)): line for line in reversed(lines)}.values())[::-1]


def without_near_twins(lines: Sequence[str], limit: float = 0.5) -> list[str]:
    """Of lines that share more than `limit` of their runs of three words, the first one stays."""
    kept: list[str] = []
    for line in lines:
        if all(likeness(line, other) <= limit for other in kept):
            kept.append(line)
    return kept


STEPS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "strip tags": without_markup,
    "drop menus, ads, scraps": sentences_only,
    "drop other languages": english_only,
    "drop private data": without_private_data,
    "drop duplicates": without_twins,
    "drop near-duplicates": without_near_twins,
}


def likeness(one: str, other: str) -> float:
    """The share of runs of three words that two lines have in common: 1 for the same words, 0 for nothing."""
    first, second = runs(words(one)), runs(words(other))
    return len(first & second) / len(first | second)


def words(line: str) -> list[str]:
    """Its words in small letters, without signs."""
    return re.findall(r"\w+", line.lower())


def runs(line: Sequence[str], size: int = 3) -> set[tuple[str, ...]]:
    """All runs of `size` neighbouring words."""
    return set(zip(*(line[at:] for at in range(size)), strict=False))


def report(lines: Iterable[str]) -> list[tuple[str, int, int]]:
    """For each step its name, how many lines it dropped, and how many are left."""
    left = list(lines)
    told = []
    for name, step in STEPS.items():
        before, left = left, step(left)
        told.append((name, len(before) - len(left), len(left)))
    return told
