"""Cuts what is said into captions that can be read.

Rules, as platforms ask for them: at most two lines of 42 characters (wide characters count twice), from 1 to 7
seconds, at most 20 characters a second, never two at once; a caption ends where a reader would pause. The best
way to cut is searched for a whole take at once: each caption has a cost, and the cheapest row of them is taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from deckcast.model import SAMPLE_RATE, Scene, Timeline, Utterance

LINE = 42
"""Characters."""
LINES = 2
SHORTEST, LONGEST = 1.0, 7.0
"""Seconds."""
READING = 20.0
"""Characters a second."""
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


@dataclass(frozen=True, slots=True)
class Chunk:
    """The smallest part of the text that is not cut: a word with its punctuation."""

    text: str
    glue: str
    """What stands between it and the chunk before: a blank, or nothing."""
    start: float
    stop: float
    """Seconds of the lesson."""
    closes: bool
    """True at the end of a sentence."""
    width: int


Lines: TypeAlias = tuple[Sequence[Chunk], ...]
"""What stands on each line of a caption."""


def cues(timeline: Timeline, language: str) -> tuple[Cue, ...]:
    """The captions of a lesson, in order, none over another."""
    english = language.lower().split("-")[0] == "en"
    found: list[Lines] = []
    for scene in timeline.scenes:
        chunks = tuple(_chunks(scene))
        found += (_lines(chunks[begin:end], english) for begin, end in _cut(chunks, english))
    return tuple(_timed(found, timeline))


def width(text: str) -> int:
    """How many columns `text` takes; wide characters (Chinese, Japanese, Korean, emoji) take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


# ── text into chunks ─────────────────────────────────────────────────────────────────────────────


def _chunks(scene: Scene) -> Iterator[Chunk]:
    for utterance in scene.take.utterances:
        parts = list(_parts(utterance.text))
        clock = _Clock(utterance, scene.onset / SAMPLE_RATE)
        for number, (begin, end, glue) in enumerate(parts):
            text = "".join(one for one in utterance.text[begin:end] if unicodedata.category(one) != "Cc")
            last = number == len(parts) - 1
            yield Chunk(text, glue if number else " ", clock.begin(begin), clock.end(end), last, width(text))


def _parts(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, glue) of each part: runs without white space, cut where no blank is needed or no line would do."""
    at = 0
    for run in text.split():
        begin = text.index(run, at)
        at = begin + len(run)
        glue, since = " ", begin
        for here in range(begin + 1, at):
            if _may_break(text[here - 1], text[here]) or width(text[since : here + 1]) > LINE:
                yield since, here, glue
                glue, since = "", here
        yield since, at, glue


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no blank parts: beside wide ones, but not before a comma."""
    if before.isascii() and after.isascii():
        return False
    wide = unicodedata.east_asian_width(before) in "WF" or unicodedata.east_asian_width(after) in "WF"
    opened = unicodedata.category(before) in ("Ps", "Pi")
    closing = unicodedata.category(after) in ("Pe", "Pf", "Po", "Lm", "Mn", "Mc")
    return wide and not opened and not closing


class _Clock:
    """When each character of an utterance is spoken; letters share their word's time evenly."""

    def __init__(self, utterance: Utterance, onset: float) -> None:
        self._onset = onset
        start = utterance.start / SAMPLE_RATE
        whole = (0, len(utterance.text), start, start + utterance.samples / SAMPLE_RATE)
        self._words = [(word.begin, word.end, word.start, word.stop) for word in utterance.words] or [whole]

    def begin(self, at: int) -> float:
        """When what stands at and after `at` begins."""
        for begin, end, start, stop in self._words:
            if at < end:
                return self._onset + start + self._share(at - begin, end - begin) * (stop - start)
        return self._onset + self._words[-1][3]

    def end(self, at: int) -> float:
        """When what stands before `at` ends."""
        for begin, end, start, stop in reversed(self._words):
            if at > begin:
                return self._onset + start + self._share(at - begin, end - begin) * (stop - start)
        return self._onset + self._words[0][2]

    @staticmethod
    def _share(part: int, whole: int) -> float:
        return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


# ── chunks into captions ─────────────────────────────────────────────────────────────────────────


def _cut(chunks: Sequence[Chunk], english: bool) -> list[tuple[int, int]]:
    """The cheapest way to cut, as (first chunk, one past the last) of each caption."""
    count = len(chunks)
    best = [0.0] + [inf] * count
    came = [0] * (count + 1)
    breaks = [_break(chunks, at, english) for at in range(count + 1)]
    for begin in range(count):
        for end in range(begin + 1, count + 1):
            if end > begin + 1 and not _fits(chunks, begin, end):
                break
            cost = best[begin] + _cost(chunks, begin, end) + breaks[end]
            if cost < best[end]:
                best[end], came[end] = cost, begin
    found = []
    end = count
    while end > 0:
        found.append((came[end], end))
        end = came[end]
    return found[::-1]


def _fits(chunks: Sequence[Chunk], begin: int, end: int) -> bool:
    """Whether two lines and seven seconds are enough."""
    if chunks[end - 1].stop - chunks[begin].start > LONGEST:
        return False
    lines, column = 1, 0
    for chunk in chunks[begin:end]:
        wider = column + len(chunk.glue) * (column > 0) + chunk.width
        if wider > LINE:
            lines, wider = lines + 1, chunk.width
        column = wider
    return lines <= LINES


def _cost(chunks: Sequence[Chunk], begin: int, end: int) -> float:
    """What is bad about a caption of these chunks, besides where it ends."""
    cost = 10.0  # few captions are better than many
    start = chunks[begin].start
    free = chunks[end].start if end < len(chunks) else inf
    stays = max(chunks[end - 1].stop, min(free, start + SHORTEST)) - start
    if stays < SHORTEST:
        cost += 30 * (SHORTEST - stays)
    letters = sum(chunk.width + len(chunk.glue) for chunk in chunks[begin:end])
    if letters > READING * stays:
        cost += min(2 * (letters / max(stays, 0.1) - READING), 40)
    for here, after in zip(chunks[begin : end - 1], chunks[begin + 1 : end], strict=True):
        if here.closes:
            cost += 12  # a sentence shares a caption only where it would be too short alone
        if after.start - here.stop > PAUSE:
            cost += 25
    return cost


_PREPOSITIONS_AND_CONJUNCTIONS = """
and or but nor so yet because since although though while when where whereas if unless until that which who
whose than as of in on at by for from to with without into onto over under between through during before after
about against along among around behind beside beyond despite except inside like near outside per toward
"""
_DETERMINERS = "a an the this that these those my your his her its our their no not very"
_JOINING = frozenset(_PREPOSITIONS_AND_CONJUNCTIONS.split())
_LEADING = frozenset(_DETERMINERS.split())


def _break(chunks: Sequence[Chunk], at: int, english: bool) -> float:
    """How bad it is to end a line or a caption before chunk `at`."""
    if at in (0, len(chunks)) or chunks[at - 1].closes:
        return 0.0
    text = chunks[at - 1].text.rstrip("\"'”’»)]")
    if text.endswith((".", "!", "?", "…", "。", "！", "？")):
        return 1.0
    if text.endswith((",", ";", ":", "–", "—", "、", "，", "；", "：")):
        return 3.0
    if not english:
        return 10.0
    before, after = text.lower(), chunks[at].text.lower().strip("\"'“‘«([")
    if before in _LEADING:
        return 22.0
    if before in _JOINING:
        return 16.0
    return 6.0 if after in _JOINING else 10.0


def _lines(chunks: Sequence[Chunk], english: bool) -> Lines:
    """One line, or the two that read best: ended at a pause, and about equally long."""
    if width(_join(chunks)) <= LINE or len(chunks) == 1:
        return (chunks,)
    options = []
    for at in range(1, len(chunks)):
        first, second = _join(chunks[:at]), _join(chunks[at:])
        longest = max(width(first), width(second))
        uneven = abs(width(first) - width(second))
        options.append((max(longest - LINE, 0), _break(chunks, at, english) + uneven / 3, at))
    _, _, best = min(options)
    return chunks[:best], chunks[best:]


def _join(chunks: Sequence[Chunk]) -> str:
    return "".join(chunk.glue + chunk.text for chunk in chunks).strip()


def _words(chunks: Sequence[Chunk]) -> Iterator[tuple[int, int]]:
    """Where each chunk begins in their `_join`, and when it is spoken."""
    at = 0
    for chunk in chunks:
        at += len(chunk.glue) * (at > 0)
        yield at, round(chunk.start * 1000)
        at += len(chunk.text)


# ── when captions come and go ────────────────────────────────────────────────────────────────────


def _timed(found: Sequence[Lines], timeline: Timeline) -> Iterable[Cue]:
    """Lets each caption stay long enough to be read, as far as the next one and the lesson's end allow."""
    gap = GAP_FRAMES / timeline.fps
    free = 0
    for number, parts in enumerate(found):
        start, stop = parts[0][0].start, parts[-1][-1].stop
        lines = tuple(map(_join, parts))
        following = found[number + 1][0][0].start if number + 1 < len(found) else timeline.seconds + gap
        letters = sum(map(width, lines))
        wanted = max(stop + LINGER, start + SHORTEST, start + min(letters / READING, LONGEST))
        latest = max(min(following - gap, max(start + LONGEST, stop)), min(stop, following))
        begin = max(round(start * 1000), free)
        end = max(round(min(wanted, latest) * 1000), begin + 1)
        free = end
        yield Cue(begin, end, lines, tuple(tuple(_words(part)) for part in parts))
