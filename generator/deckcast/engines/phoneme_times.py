"""From the times of phonemes to the times of words.

Models tell how long they sound each phoneme, but phonemes come without their letters: `of the` may be one run of
them, `2024` is four, and a word sounds otherwise among others than alone. So the phonemes of each word alone are laid
beside the sentence's, with as few differences as can be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

Timed = tuple[str, float, float]
"""A phoneme, when it begins, when it ends."""

_STRESS = frozenset("ˈˌ'")
_MARKS = _STRESS | frozenset("ːˑˀ|‿͡")
"""Stress, length and ties differ most between a word alone and among others."""


def word_times(words: Sequence[Sequence[str]], stream: Sequence[Timed]) -> tuple[tuple[float, float] | None, ...]:
    """When each word is said, given its own phonemes and the sentence's; None where nothing of it is heard."""
    sounded = _sounded(stream)
    owners = [(number, phoneme) for number, word in enumerate(words) for phoneme in word if _counts(phoneme)]
    spans: list[tuple[float, float] | None] = [None] * len(words)
    for at, owner in enumerate(_aligned([phoneme for _, phoneme in owners], [one[0] for one in sounded])):
        if owner is None:
            continue
        number = owners[owner][0]
        _, start, stop = sounded[at]
        known = spans[number]
        spans[number] = (start, stop) if known is None else (min(known[0], start), max(known[1], stop))
    return tuple(spans)


def _sounded(stream: Sequence[Timed]) -> list[Timed]:
    """Phonemes without marks, whose time goes to what they mark: stress to what follows, all others to what was."""
    sounded: list[Timed] = []
    begun: float | None = None
    for phoneme, start, stop in stream:
        if _counts(phoneme):
            sounded.append((phoneme, start if begun is None else begun, stop))
            begun = None
        elif phoneme in _STRESS:
            begun = start if begun is None else begun
        else:
            begun = None
            if sounded and sounded[-1][2] == start and (phoneme in _MARKS or unicodedata.combining(phoneme[:1])):
                sounded[-1] = (*sounded[-1][:2], stop)
    return sounded


def _counts(phoneme: str) -> bool:
    return any(one.isalnum() or unicodedata.category(one) in ("Lm", "Lo") for one in phoneme) and phoneme not in _MARKS


def _aligned(own: Sequence[str], heard: Sequence[str]) -> list[int | None]:
    """For each of `heard`, the index of what it stands for in `own`: the alignment of least edit distance.

    Needleman and Wunsch; something in the other's place is half as bad as something left out and something put in.
    """
    rows, columns = len(own), len(heard)
    costs = [list(range(columns + 1))]
    for row in range(1, rows + 1):
        above, line, phoneme = costs[-1], [row], own[row - 1]
        for column in range(1, columns + 1):
            same = above[column - 1] + (heard[column - 1] != phoneme)
            line.append(min(same, above[column] + 1, line[column - 1] + 1))
        costs.append(line)
    places: list[int | None] = [None] * columns
    row, column = rows, columns
    while row and column:
        cost = costs[row][column]
        if cost == costs[row - 1][column - 1] + (heard[column - 1] != own[row - 1]):
            row, column = row - 1, column - 1
            places[column] = row
        elif cost == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return places
