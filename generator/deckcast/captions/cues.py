"""Cuts what is said into captions that can be read.

Rules, as platforms ask for them: at most two lines of 42 characters, from 1 to 7 seconds, at most 20 characters a
second, never two at once; a caption ends where a reader would pause. `limits.py` tells what differs by language. The
best way to cut is searched for a whole take at once: each caption has a cost, and the cheapest row of them is taken.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf
from typing import TypeAlias

from deckcast.captions.breaks import badness
from deckcast.captions.chunks import Chunk, chunks
from deckcast.captions.direction import directed
from deckcast.captions.graphemes import width
from deckcast.captions.limits import LINES, LONGEST, SHORTEST, Limits, family, is_right_to_left, limits
from deckcast.model import Timeline

LINGER = 0.3
"""Seconds that a caption stays after its last word, where there is time."""
GAP_FRAMES = 2
"""Video frames without a caption between two, where there is time: the eye notices the change."""
PAUSE = 0.6
"""Seconds of silence over which a caption should not last."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption; times in milliseconds of the lesson."""

    start: int
    stop: int
    lines: tuple[str, ...]
    words: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Of each line, (first character, when it is spoken) of every word, in order."""
    step: int = 0
    """`Step.index` of what it belongs to."""


Lines: TypeAlias = tuple[Sequence[Chunk], ...]
"""What stands on each line of a caption."""


@functools.lru_cache(maxsize=1)  # a build asks for every file that it puts captions into
def cues(timeline: Timeline, language: str) -> tuple[Cue, ...]:
    """The captions of a lesson, in order, none over another."""
    allowed = limits(language)
    found: list[Lines] = []
    for scene in timeline.scenes:
        found += _Take(tuple(chunks(scene, allowed)), allowed, family(language)).captions()
    return tuple(_timed(found, timeline, allowed, right_to_left=is_right_to_left(language)))


# ── chunks into captions ─────────────────────────────────────────────────────────────────────────


class _Take:
    """The chunks of one take, to be cut."""

    def __init__(self, parts: Sequence[Chunk], allowed: Limits, language: str) -> None:
        self._chunks = parts
        self._limits = allowed
        self._breaks = [self._break(at, language) for at in range(len(parts) + 1)]
        # Up to each chunk: columns, ends of sentences, long pauses.
        self._columns = [0, *accumulate(chunk.width + len(chunk.glue) for chunk in parts)]
        self._closed = [0, *accumulate(chunk.closes for chunk in parts)]
        pauses = (later.start - chunk.stop > PAUSE for chunk, later in pairwise(parts))
        self._pauses = [0, *accumulate(pauses), 0]

    def captions(self) -> Iterator[Lines]:
        for begin, end in self._cut():
            yield self._lines(begin, end)

    def _cut(self) -> list[tuple[int, int]]:
        """The cheapest way to cut, as (first chunk, one past the last) of each caption."""
        count = len(self._chunks)
        best = [0.0] + [inf] * count
        came = [0] * (count + 1)
        for begin in range(count):
            for end in self._ends(begin):
                cost = best[begin] + self._cost(begin, end) + self._breaks[end]
                if cost < best[end]:
                    best[end], came[end] = cost, begin
        found = []
        end = count
        while end > 0:
            found.append((came[end], end))
            end = came[end]
        return found[::-1]

    def _ends(self, begin: int) -> Iterator[int]:
        """Where a caption that begins there may end: two lines and seven seconds must be enough, but for one chunk."""
        lines, column, first = 1, 0, begin
        for end in range(begin + 1, len(self._chunks) + 1):
            chunk = self._chunks[end - 1]
            column += len(chunk.glue) * (end - 1 > first) + chunk.width
            if column + len(chunk.tail) > self._limits.line and end - 1 > first:
                lines, column, first = lines + 1, chunk.width, end - 1
            if end > begin + 1 and (lines > LINES or chunk.stop - self._chunks[begin].start > LONGEST):
                return
            yield end

    def _cost(self, begin: int, end: int) -> float:
        """What is bad about a caption of these chunks, besides where it ends."""
        cost = 10.0  # few captions are better than many
        start = self._chunks[begin].start
        free = self._chunks[end].start if end < len(self._chunks) else inf
        stays = max(self._chunks[end - 1].stop, min(free, start + SHORTEST)) - start
        if stays < SHORTEST:
            cost += 30 * (SHORTEST - stays)
        columns = self._columns[end] - self._columns[begin]
        if columns > self._limits.reading * stays:
            cost += min(2 * (columns / max(stays, 0.1) - self._limits.reading), 40)
        cost += 12 * (self._closed[end - 1] - self._closed[begin])  # sentences share one only where they are short
        return cost + 25 * (self._pauses[end - 1] - self._pauses[begin])

    def _break(self, at: int, language: str) -> float:
        """How bad it is to end a line or a caption before chunk `at`."""
        if at in (0, len(self._chunks)):
            return 0.0
        before, after = self._chunks[at - 1], self._chunks[at]
        if before.closes or not (before.text and after.text):
            return 0.0
        return badness(before.text, after.text, parted=bool(after.glue), language=language)

    def _lines(self, begin: int, end: int) -> Lines:
        """One line, or the two that read best: ended at a pause, and about equally long."""
        whole = self._chunks[begin:end]
        if width(joined(whole)) <= self._limits.line or len(whole) == 1:
            return (whole,)
        options = []
        for at in range(1, len(whole)):
            first, second = width(joined(whole[:at])), width(joined(whole[at:]))
            over = max(first - self._limits.line, 0) + max(second - self._limits.line, 0)
            options.append((over, self._breaks[begin + at] + abs(first - second) / 3, at))
        _, _, best = min(options)
        return whole[:best], whole[best:]


def joined(parts: Sequence[Chunk]) -> str:
    """The text of a line, with a hyphen where it ends within a word."""
    return "".join(chunk.glue + chunk.text for chunk in parts).strip() + (parts[-1].tail if parts else "")


def _words(parts: Sequence[Chunk]) -> Iterator[tuple[int, int]]:
    """Where each chunk begins in what they are `joined` to, and when it is spoken."""
    at = 0
    for chunk in parts:
        at += len(chunk.glue) * (at > 0)
        yield at, round(chunk.start * 1000)
        at += len(chunk.text)


# ── when captions come and go ────────────────────────────────────────────────────────────────────


def _timed(found: Sequence[Lines], timeline: Timeline, allowed: Limits, *, right_to_left: bool) -> Iterable[Cue]:
    """Lets each caption stay long enough to be read, as far as the next one and the lesson's end allow."""
    gap = GAP_FRAMES / timeline.fps
    free = 0
    for number, parts in enumerate(found):
        start, stop = parts[0][0].start, parts[-1][-1].stop
        lines = tuple(map(joined, parts))
        following = found[number + 1][0][0].start if number + 1 < len(found) else timeline.seconds + gap
        reading = sum(map(width, lines)) / allowed.reading
        wanted = max(stop + LINGER, start + SHORTEST, start + min(reading, LONGEST))
        latest = max(min(following - gap, max(start + LONGEST, stop)), min(stop, following))
        begin = max(round(start * 1000), free)
        end = max(round(min(wanted, latest) * 1000), begin + 1)
        free = end
        marks = [directed(line, right_to_left=right_to_left) for line in lines]
        yield Cue(
            begin,
            end,
            tuple(f"{before}{line}{after}" for line, (before, after) in zip(lines, marks, strict=True)),
            tuple(
                tuple((len(before) + at, moment) for at, moment in _words(part))
                for part, (before, _) in zip(parts, marks, strict=True)
            ),
            parts[0][0].step,
        )
