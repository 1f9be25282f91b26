"""One recording, taken apart: its words found, cut at the pauses between sentences. Runs on the executor.

The file is read twice, so that memory grows with what aligning and the pieces need, not with the whole of its samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckcast import align
from deckcast.errors import AssetError
from deckcast.model import SAMPLE_RATE, Word
from deckcast.narrate.speaking import Made
from deckcast.ports import Voice
from deckcast.sound import write_wav
from deckcast.sound_file import decoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FITS = 0.95
"""`Alignment.ratio` up to which text and recording belong together: right ones were 0.82 to 0.91, others from 0.97."""
FEWEST = 5
"""Words below which the ratio tells nothing."""
SLOWEST = 3.0
"""How much longer, or shorter, than the reference a recording may be that says the same."""
BEFORE, AFTER = 0.15, 0.25
"""Seconds of silence that stay at most before and after a step's words: breath, and the decay of the room."""
FADE = 0.01
"""Seconds over which a step's ends come and go, so that they do not click."""
PEAK = 0.98
"""How high the highest sample becomes: a soft recording would lose its finest steps when it becomes 16 bit."""


@dataclass(frozen=True, slots=True)
class _Pause:
    """Between two sentences, or at either end of the recording; in seconds. Of no length where there is none."""

    start: float
    stop: float
    cut: float
    """Where one sentence's sound ends and the other's begins."""


def cut(path: Path, name: str, texts: Sequence[Sequence[str]], reference: Voice | None) -> Made:
    """A recording as facts and blobs: a WAV file for each sentence of each step's `texts`, with its words' times.

    Without any text it is one piece without words. Sentences of one step follow each other without a gap; around those
    of a step no more silence stays than `BEFORE` and `AFTER`. `name` is the file's for messages. Raises `AssetError`
    where it cannot be played, `VoiceError` where the reference fails.
    """
    small, peak, count = _overview(path, name)
    speech = align.speech_in(small) or ((0.0, count / SAMPLE_RATE),)
    flat = [text for step in texts for text in step]
    words, why = _words(small, speech, flat, reference)
    words = words or [()]
    steps = [len(step) for step in texts] if flat else [1]
    inner = [_between(speech, one, other, small) for one, other in itertools.pairwise(words)]
    first, last = speech[0][0], speech[-1][1]
    pauses = [_Pause(0.0, first, 0.0), *inner, _Pause(last, count / SAMPLE_RATE, count / SAMPLE_RATE)]
    places = [(number, place) for number, length in enumerate(steps) for place in range(length)]
    ranges: list[tuple[int, int]] = []
    for (number, place), (before, after) in zip(places, itertools.pairwise(pauses), strict=True):
        start = max(before.stop - BEFORE, before.cut) if place == 0 else before.cut
        stop = min(after.start + AFTER, after.cut) if place == steps[number] - 1 else after.cut
        begin = min(max(round(start * SAMPLE_RATE), ranges[-1][1] if ranges else 0), count - 1)
        ranges.append((begin, max(min(round(stop * SAMPLE_RATE), count), begin + 1)))
    facts: list[list[dict[str, Any]]] = [[] for _ in steps]
    blobs: dict[str, bytes] = {}
    pieces = zip(places, ranges, words, _pieces(path, name, ranges, PEAK / peak), strict=True)
    for (number, place), (begin, end), told, sound in pieces:
        _fade(sound, begins=place == 0, ends=place == steps[number] - 1)
        blobs[f"{number}.{place}"] = _wav(sound)
        facts[number].append({"samples": end - begin, "words": [_placed(word, begin, end) for word in told]})
    return {"steps": facts, "fits": not why, "why": why, "wordless": not flat}, blobs


def _overview(path: Path, name: str) -> tuple[NDArray[np.float32], float, int]:
    """The recording at `align.RATE`, its highest sample, and how many samples it has at `SAMPLE_RATE`."""
    import numpy as np
    import soxr

    change = soxr.ResampleStream(SAMPLE_RATE, align.RATE, 1, "float32", "HQ")
    parts: list[NDArray[np.float32]] = []
    peak, count = 0.0, 0
    for samples in decoded(path, name):
        highest = float(np.abs(samples).max(initial=0))
        if not np.isfinite(highest):
            raise AssetError(f"{name} holds samples that are no numbers", hint="save it again as WAV or FLAC")
        peak = max(peak, highest)
        count += len(samples)
        parts.append(change.resample_chunk(samples))
    if peak == 0:
        raise AssetError(f"{name} is silent from beginning to end", hint="record it again, or take it away")
    parts.append(change.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(parts) * np.float32(PEAK / peak), peak, count


def _words(
    small: NDArray[np.float32], speech: Sequence[tuple[float, float]], texts: Sequence[str], reference: Voice | None
) -> tuple[Sequence[tuple[Word, ...]], str]:
    """The words of each sentence, and why they are not to be trusted, if so."""
    if not texts:
        return (), ""
    letters = align.by_letters(texts, speech)
    if reference is None:
        return letters, "there is no voice here to compare it with"
    spoken = [reference.speak(text) for text in texts]
    said = sum(len(one.pcm) / 2 / one.rate for one in spoken)
    heard = sum(stop - start for start, stop in speech)
    if not said / SLOWEST <= heard <= said * SLOWEST:
        return letters, f"{heard:.0f} s of speech, where about {said:.0f} s were expected"
    found = align.align(small, spoken)
    if found is None:
        return letters, "it is much too short"
    if found.ratio > FITS and sum(map(len, found.words)) >= FEWEST:
        return letters, f"likeness {found.ratio:.2f}: up to {FITS:.2f} is the same text"
    return found.words, ""


def _between(
    speech: Sequence[tuple[float, float]], one: Sequence[Word], other: Sequence[Word], small: NDArray[np.float32]
) -> _Pause:
    """The pause between two sentences: the longest from the last word of the one to the first of the other."""
    low = one[-1].start if one else other[0].start if other else 0.0
    high = max(other[0].stop if other else low, low)
    pauses = [
        (min(stop, high) - max(start, low), start, stop)
        for (_, start), (stop, _) in itertools.pairwise(speech)
        if start < high and stop > low
    ]
    if pauses:
        _, start, stop = max(pauses)
        return _Pause(start, stop, (start + stop) / 2)
    middle = _softest(small, other[0].start if other else high)
    return _Pause(middle, middle, middle)


def _softest(small: NDArray[np.float32], moment: float) -> float:
    """Where it is softest, over 5 ms, around the beginning of a word; for sentences that run into each other."""
    import numpy as np

    begin, end = (max(round((moment + aside) * align.RATE), 0) for aside in (-0.06, 0.03))
    width = align.RATE // 200
    window = small[begin:end].astype(np.float64) ** 2
    if len(window) <= width:
        return moment
    return (begin + int(np.argmin(np.convolve(window, np.ones(width), "valid"))) + width // 2) / align.RATE


def _pieces(path: Path, name: str, ranges: Sequence[tuple[int, int]], gain: float) -> Iterator[NDArray[np.float32]]:
    """Ranges of a file's samples, which follow each other, times `gain`."""
    import numpy as np

    waiting = iter(ranges)
    begin, end = next(waiting)
    parts: list[NDArray[np.float32]] = []
    at = 0
    for samples in decoded(path, name):
        while begin < at + len(samples):
            parts.append(samples[max(begin - at, 0) : max(end - at, 0)])
            if end > at + len(samples):
                break
            yield np.concatenate(parts) * np.float32(gain)
            parts.clear()
            following = next(waiting, None)
            if following is None:
                return
            begin, end = following
        at += len(samples)
    raise AssetError(f"{name} changed while it was read", hint="build again")


def _fade(samples: NDArray[np.float32], *, begins: bool, ends: bool) -> None:
    import numpy as np

    count = min(round(FADE * SAMPLE_RATE), len(samples) // 2)
    ramp = np.linspace(0, 1, count, endpoint=False, dtype=np.float32)
    if begins and count:
        samples[:count] *= ramp
    if ends and count:
        samples[-count:] *= ramp[::-1]


def _wav(samples: NDArray[np.float32]) -> bytes:
    import numpy as np

    return write_wav(np.rint(np.clip(samples * 32767, -32768, 32767)).astype("<i2").tobytes(), SAMPLE_RATE)


def _placed(word: Word, begin: int, end: int) -> list[Any]:
    """The word as a fact, its times counted from `begin` and none beyond `end`."""
    length = (end - begin) / SAMPLE_RATE
    start, stop = (min(max(moment - begin / SAMPLE_RATE, 0.0), length) for moment in (word.start, word.stop))
    return [word.begin, word.end, start, stop]
