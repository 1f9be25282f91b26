"""With which words of a narration the steps behind its own are to show. Pure.

Where the notes say `[click]`, with the word behind it. Steps for which no click is left show with the words that they
bring to the slide: where the voice first speaks of what is new on them. What speaks of nothing in particular
shows at even distances, with the word that is nearest.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from deckcast.model import SAMPLE_RATE, Frame, Step, Take

REACH = 15
"""Words behind the one with which a step shows that may still speak of it."""
LATER = 0.3
"""What such a word counts beside the one with which the step shows."""
LEAST = 0.5
"""What a step and the words must have in common: one word that is said twice and stands on no other step."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One word of the narration."""

    key: str
    start: int
    """Sample of the take."""


def reveal(steps: Sequence[Step], frames: Sequence[Frame], take: Take) -> tuple[int, ...]:
    """The sample of the take with which each step but the first is to show, in order, none before the one before.

    The first step is the one that speaks; `frames` hold what is to be read on each.
    """
    count = len(steps) - 1
    moments = list(take.clicks[:count])
    if len(moments) == count:
        return tuple(moments)
    since = moments[-1] if moments else 0
    words = [word for word in _words(take) if word.start > since or (not moments and word.start == since)]
    news = _news(steps, frames)[len(moments) :]
    end = max((one.start + one.samples for one in take.utterances), default=take.samples)
    return (*moments, *_spread(_matched(news, words), words, since, max(end, since)))


def _words(take: Take) -> list[_Spoken]:
    return [
        _Spoken(key, round(word.start * SAMPLE_RATE))
        for one in take.utterances
        for word in one.words
        for key in [_key(one.text[word.begin : word.end])]
    ]


def _key(word: str) -> str:
    """What words of one stem have in common, roughly: no ending, no marks, small letters."""
    letters = re.sub(r"[\W_]+", "", word).casefold()
    if len(letters) > 3 and letters.endswith("s") and not letters.endswith("ss"):
        letters = letters[:-1]
    return letters[:7]


def _news(steps: Sequence[Step], frames: Sequence[Frame]) -> list[frozenset[str]]:
    """What each step but the first brings: the words that were not on the slide before, and its focus."""
    found = []
    for step, frame, before in zip(steps[1:], frames[1:], frames, strict=False):
        new = Counter(re.findall(r"\w+", frame.text)) - Counter(re.findall(r"\w+", before.text))
        keys = map(_key, (*new, *re.findall(r"\w+", step.focus)))
        found.append(frozenset(key for key in keys if key))
    return found


def _matched(news: Sequence[frozenset[str]], words: Sequence[_Spoken]) -> list[int | None]:
    """The word with which each step shows, by its position, so that most is spoken of while it is new; or None."""
    said = Counter(word.key for word in words)
    shared = Counter(key for new in news for key in new)
    best: list[tuple[float, tuple[int | None, ...]]] = [(0.0, ())] * (len(words) + 1)
    """The best for the steps so far of which none shows with a word at or behind this one."""
    for new in news:
        weights = {key: 1 / (said[key] * shared[key]) for key in new if said[key]}
        here: list[tuple[float, tuple[int | None, ...]]] = [(best[0][0], (*best[0][1], None))]
        for at, word in enumerate(words):
            left = (best[at + 1][0], (*best[at + 1][1], None))
            top = here[-1] if here[-1][0] >= left[0] else left
            if word.key in weights:
                spoken = {one.key for one in words[at + 1 : at + REACH]} - {word.key}
                later = sum(weight for key, weight in weights.items() if key in spoken)
                score = weights[word.key] + LATER * later
                if score >= LEAST and best[at][0] + score > top[0]:
                    top = (best[at][0] + score, (*best[at][1], at))
            here.append(top)
        best = here
    return list(best[-1][1])


def _spread(found: Sequence[int | None], words: Sequence[_Spoken], begin: int, end: int) -> list[int]:
    """The moments of the words found, and between them those of steps for which none was: evenly, with words."""
    known = [(-1, begin), *((at, words[word].start) for at, word in enumerate(found) if word is not None)]
    moments: list[int] = []
    for (before, low), (after, high) in itertools.pairwise([*known, (len(found), end)]):
        gap = after - before
        between = sorted({word.start for word in words if low < word.start < high})
        for number in range(1, gap):
            even = low + (high - low) * number // gap
            at = number * (len(between) + 1) // gap - 1
            moments.append(between[at] if len(between) >= gap - 1 else even)
        if after < len(found):
            moments.append(high)
    return moments
