"""From the sounds that an engine reports to the words of the text it was given.

Engines report more sounds than words (`2024` is four), fewer (`of the` is one), and none for some. So a
sound belongs to the word in which its offset falls, and a word without sounds shares its neighbour's time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from deckcast.align.letters import share, words_in
from deckcast.model import Word

__all__ = ["Sound", "hang", "share", "words_in"]


@dataclass(frozen=True, slots=True)
class Sound:
    """One word event of an engine."""

    offset: int
    """Of a character of the word, in the text."""
    start: float
    """Seconds from the beginning."""
    stop: float


def hang(text: str, sounds: Iterable[Sound], seconds: float) -> tuple[Word, ...]:
    """Every word of the text with its time: in order, without overlap, within `seconds`."""
    words = words_in(text)
    if not words:
        return ()
    begins = [begin for begin, _ in words]
    spans: dict[int, tuple[float, float]] = {}
    for sound in sounds:
        index = max(bisect_right(begins, sound.offset) - 1, 0)
        start, stop = spans.get(index, (sound.start, sound.stop))
        spans[index] = (min(start, sound.start), max(stop, sound.stop))
    spoken = _monotonic(spans, seconds) or {0: (0.0, seconds)}
    anchors = sorted(spoken)
    anchors[0] = 0  # words before the first sound share its time
    placed: list[Word] = []
    for anchor, following, span in zip(
        anchors, [*anchors[1:], len(words)], (spoken[key] for key in sorted(spoken)), strict=True
    ):
        placed += share(words[anchor:following], *span)
    return tuple(placed)


def _monotonic(spans: dict[int, tuple[float, float]], seconds: float) -> dict[int, tuple[float, float]]:
    """The spans cut to `seconds` and to each other: none begins before the one before it has ended."""
    cut: dict[int, tuple[float, float]] = {}
    earliest = 0.0
    for index in sorted(spans):
        start = min(max(spans[index][0], earliest), seconds)
        earliest = min(max(spans[index][1], start), seconds)
        cut[index] = (start, earliest)
    return cut
