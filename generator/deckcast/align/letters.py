"""Word times where nothing better is known: in proportion to letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deckcast.model import Word


def words_in(text: str) -> tuple[tuple[int, int], ...]:
    """Ranges of the text's words: runs without white space that hold a letter or digit."""
    runs = (found.span() for found in re.finditer(r"\S+", text))
    return tuple(run for run in runs if any(character.isalnum() for character in text[slice(*run)]))


def share(words: Sequence[tuple[int, int]], start: float, stop: float) -> list[Word]:
    """The time from `start` to `stop` divided among the words in proportion to their lengths."""
    total = sum(end - begin for begin, end in words)
    placed = []
    done = 0
    moment = start
    for begin, end in words:
        done += end - begin
        # Not start + (stop - start) at the end: rounding may carry that past `stop`.
        before, moment = moment, stop if done == total else start + (stop - start) * done / total
        placed.append(Word(begin, end, before, moment))
    return placed


def covered(text: str, words: Sequence[Word]) -> float:
    """The share of the text's letters and digits that lie in one of the words."""
    letters = sum(map(str.isalnum, text))
    return sum(sum(map(str.isalnum, text[word.begin : word.end])) for word in words) / max(letters, 1)


def by_letters(texts: Sequence[str], stretches: Sequence[tuple[float, float]]) -> tuple[tuple[Word, ...], ...]:
    """The words of some texts, one after the other, over the stretches in which somebody speaks."""
    total = sum(stop - start for start, stop in stretches)
    length = sum(end - begin for text in texts for begin, end in words_in(text))

    def moment(letters: int) -> float:
        left = total * letters / max(length, 1)
        for start, stop in stretches:
            if left <= stop - start:
                return start + left
            left -= stop - start
        return stretches[-1][1] if stretches else 0.0

    found: list[tuple[Word, ...]] = []
    done = 0
    for text in texts:
        words = []
        for begin, end in words_in(text):
            words.append(Word(begin, end, moment(done), moment(done + end - begin)))
            done += end - begin
        found.append(tuple(words))
    return tuple(found)
