"""When each word of a recording is spoken, told by another voice that speaks the same text.

    recording ─▶ features ┐
                          ├─ path ─▶ words
    reference ─▶ track ───┘

The reference is a rendering whose word times are known. What it is heard to pause is left out of it, and the
recording may pause between any two words. The search runs once more with the words in reverse order: where that costs
about as much, what is heard is not what is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deckcast.align import features
from deckcast.align.path import Track, find
from deckcast.model import Speech, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KIND = "align-1"
"""Names what this file and its neighbours do, for keys of kept answers."""

SILENCE, NOISE = 0.35, 1.3
"""What it costs a frame to be no word: where it is silent, and where it sounds like speech."""
EDGE = 1.5
"""dB of clearness over which the one passes into the other."""
STEADY, LIVELY = 0.3, 0.8
"""Of the median change of speech: sound that changes less than the first is a hum, such as `um`, and costs as little as
silence; from the second on it is speech."""
CHANGE, AROUND = 4, 8
"""Frames on either side between which sound changes, and over which that is averaged."""
SLOWEST, FASTEST = 0.4, 2.5
"""Speed of the reference against the recording that is made up for beforehand."""
SHORTEST = 3
"""Frames that a word keeps, silent or not."""
WARPS = (0.9, 1.0, 1.12, 1.25)
"""By how much shorter the speaker's vocal tract may be than that of the reference; the one that fits best is taken."""
JOINT = 0.3
"""Seconds of silence between the sentences of a reference."""
WHOLE = 36_000_000
"""Frames times places up to which every pair is looked at; beyond, in two passes."""
COARSE = 6
"""Frames to one of the first of two passes."""
FIRST, SECOND = 90.0, 4.0
"""Seconds on either side of where speech has got to, in the first pass, and of what that found, in the second."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What was found out about a recording."""

    words: tuple[tuple[Word, ...], ...]
    """Of each sentence; times in seconds of the recording, from the first to the last in order."""
    ratio: float
    """Its cost against that of the same words in reverse order: well below 1 where both belong together."""


@dataclass(frozen=True)
class _Heard:
    """A sound, frame by frame."""

    powers: NDArray[np.float32]
    noise: NDArray[np.float32]
    clear: NDArray[np.float32]
    threshold: float
    hop: float
    """Samples from one frame to the next."""
    frames: int = 1
    """How many of the smallest are in one."""

    @property
    def spoken(self) -> NDArray[np.bool_]:
        return self.clear > self.threshold

    @property
    def level(self) -> NDArray[np.float32]:
        """The mean power of speech in each band, without the noise."""
        import numpy as np

        heard = self.powers[self.spoken]
        mean = heard.mean(axis=0) if len(heard) else self.powers.mean(axis=0)
        return np.asarray(np.maximum(mean - self.noise, self.noise * 0.01), np.float32)


def align(samples: NDArray[np.float32], reference: Sequence[Speech], *, judge: bool = True) -> Alignment | None:
    """The times of the reference's words in a recording at `features.RATE`; None where it is much too short for them.

    Each sentence of the reference has its words' times. Without `judge`, `ratio` is 0.
    """
    import numpy as np

    sound, words = joined(reference)
    if not words or not len(samples):
        return None
    heard = _listen(samples)
    spoken = _listen(sound)
    speed = float(np.clip(spoken.spoken.sum() / max(int(heard.spoken.sum()), 1), SLOWEST, FASTEST))
    spoken = _likest(heard, [_listen(sound, features.HOP * speed, warp) for warp in WARPS], words)
    path = _path(heard, spoken, words)
    if path is None:
        return None
    ratio = 0.0
    if judge:
        decoy = _path(heard, spoken, words, backwards=True)
        ratio = path.cost / decoy.cost if decoy is not None else 1.0
    found = iter(_moments(path, len(words)))
    return Alignment(
        tuple(tuple(Word(word.begin, word.end, *next(found)) for word in one.words) for one in reference), ratio
    )


def joined(reference: Sequence[Speech]) -> tuple[NDArray[np.float32], list[tuple[float, float]]]:
    """The sentences one after the other at `features.RATE`, and the times of their words in seconds."""
    import numpy as np

    parts: list[NDArray[np.float32]] = []
    words: list[tuple[float, float]] = []
    silence = np.zeros(round(JOINT * features.RATE), np.float32)
    at = 0
    for one in reference:
        sound = resampled(one.pcm, one.rate)
        words += [(at / features.RATE + word.start, at / features.RATE + word.stop) for word in one.words]
        parts += [sound, silence]
        at += len(sound) + len(silence)
    return np.asarray(np.concatenate(parts) if parts else silence, np.float32), words


def resampled(pcm: bytes, rate: int) -> NDArray[np.float32]:
    """16-bit samples as floats at `features.RATE`."""
    import numpy as np

    samples = np.asarray(np.frombuffer(pcm, "<i2") / 32768, np.float32)
    if rate == features.RATE:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, rate, features.RATE, "HQ"), np.float32)


def speech_in(samples: NDArray[np.float32], *, gap: float = 0.08) -> tuple[tuple[float, float], ...]:
    """The stretches of a sound in which somebody speaks, in seconds; shorter gaps than `gap` are no pauses."""
    import numpy as np

    if not samples.any():
        return ()
    heard = _listen(samples)
    inside = np.concatenate([[False], heard.spoken, [False]])
    edges = np.flatnonzero(inside[1:] != inside[:-1]) * features.HOP / features.RATE
    stretches: list[tuple[float, float]] = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if stretches and start - stretches[-1][1] < gap:
            stretches[-1] = (stretches[-1][0], stop)
        else:
            stretches.append((start, stop))
    return tuple(stretches)


def _listen(samples: NDArray[np.float32], hop: float = features.HOP, warp: float = 1.0) -> _Heard:
    powers = features.powers(samples, hop, warp)
    noise = features.noise(powers)
    clear = features.clearness(powers, noise)
    return _Heard(powers, noise, clear, features.threshold(clear), hop)


@dataclass(frozen=True)
class _Way:
    """A path and the track that it goes through."""

    places: NDArray[np.int64]
    track: Track
    cost: float
    """Where every pair that the band allows was looked at: in two passes, of the first."""


def _likest(heard: _Heard, spoken: Sequence[_Heard], words: Sequence[tuple[float, float]]) -> _Heard:
    """The one of some renderings that costs least, looked at from afar."""
    ways = [_from_afar(heard, one, words) for one in spoken]
    costs = [(way.cost, at) for at, way in enumerate(ways) if way is not None]
    return spoken[min(costs)[1]] if costs else spoken[0]


def _from_afar(
    heard: _Heard, spoken: _Heard, words: Sequence[tuple[float, float]], *, backwards: bool = False
) -> _Way | None:
    """The path through frames of which each is `COARSE` others."""
    import numpy as np

    few = _coarser(heard)
    rows, idle, track = _compared(few, _coarser(spoken), words, backwards=backwards)
    aside = round(FIRST * features.RATE / features.HOP / COARSE)
    reached = np.cumsum(few.spoken) / max(int(few.spoken.sum()), 1)
    path = find(rows, idle, track, (reached * len(track)).astype(np.int64) - aside, 2 * aside)
    return None if path is None else _Way(path.places, track, path.cost)


def _path(
    heard: _Heard, spoken: _Heard, words: Sequence[tuple[float, float]], *, backwards: bool = False
) -> _Way | None:
    import numpy as np

    rows, idle, track = _compared(heard, spoken, words, backwards=backwards)
    if len(rows) * len(track) <= WHOLE:
        path = find(rows, idle, track)
        return None if path is None else _Way(path.places, track, path.cost)
    coarse = _from_afar(heard, spoken, words, backwards=backwards)
    if coarse is None or backwards:
        return coarse
    few_track = coarse.track
    inside = coarse.places - few_track.starts[few_track.word[coarse.places]]
    near = track.starts[few_track.word[coarse.places]] + inside * COARSE
    band = np.maximum.accumulate(np.repeat(near, COARSE)[: len(rows)])
    band = np.pad(band, (0, len(rows) - len(band)), mode="edge")
    aside = round(SECOND * features.RATE / features.HOP)
    path = find(rows, idle, track, band - aside, 2 * aside)
    return None if path is None else _Way(path.places, track, coarse.cost)


def _coarser(sound: _Heard) -> _Heard:
    """The same with `COARSE` frames in one."""
    import numpy as np

    count = max(len(sound.clear) // COARSE, 1)
    powers = np.resize(sound.powers, (count * COARSE, features.BANDS)).reshape(count, COARSE, features.BANDS)
    clear = np.resize(sound.clear, count * COARSE).reshape(count, COARSE)
    return _Heard(
        powers.mean(axis=1), sound.noise, clear.mean(axis=1), sound.threshold, sound.hop * COARSE, sound.frames * COARSE
    )


def _compared(
    heard: _Heard, spoken: _Heard, words: Sequence[tuple[float, float]], *, backwards: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32], Track]:
    """The recording's vectors, what it costs each of its frames to be no word, and the track of the reference."""
    import numpy as np

    here = features.cepstra(np.log(np.maximum(heard.powers, heard.noise / 2)))
    there = features.cepstra(np.log(spoken.powers * (heard.level / spoken.level) + heard.noise))
    rows = features.vectors(here, heard.spoken)
    return rows, _idle(heard, here), _track(features.vectors(there, spoken.spoken), spoken, words, backwards=backwards)


def _idle(heard: _Heard, cepstra: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    voiced = 1 / (1 + np.exp(-(heard.clear - heard.threshold) / EDGE))
    change, around = (max(frames // heard.frames, 1) for frames in (CHANGE, AROUND))
    padded = np.pad(cepstra[:, 1:], ((change, change), (0, 0)), mode="edge")
    moving = np.sqrt(((padded[2 * change :] - padded[: -2 * change]) ** 2).sum(axis=1))
    window = np.full(2 * around + 1, 1 / (2 * around + 1))
    moving = np.convolve(np.pad(moving, around, mode="edge"), window, "valid")
    usual = float(np.median(moving[heard.spoken])) if heard.spoken.any() else 0.0
    lively = np.clip((moving / max(usual, 1e-6) - STEADY) / (LIVELY - STEADY), 0, 1)
    return np.asarray(SILENCE + (NOISE - SILENCE) * voiced * lively, np.float32)


def _track(
    vectors: NDArray[np.float32], spoken: _Heard, words: Sequence[tuple[float, float]], *, backwards: bool
) -> Track:
    """The words' frames with a pause before each; what is silent at a word's end belongs to the pause."""
    import numpy as np

    seconds = spoken.hop / features.RATE
    clear = spoken.spoken
    last = len(vectors) - 1
    begins = [min(round(start / seconds), last) for start, _ in words]
    ends = [*begins[1:], len(vectors)]
    order = range(len(words) - 1, -1, -1) if backwards else range(len(words))
    frames: list[int] = []
    word: list[int] = []
    starts: list[int] = []
    for number, index in enumerate(order):
        begin, end = begins[index], max(ends[index], begins[index] + 1)
        while end - begin > SHORTEST // spoken.frames + 1 and not clear[end - 1]:
            end -= 1
        starts.append(len(frames))
        frames += [-1, *range(begin, end)]
        word += [number] * (end - begin + 1)
    starts.append(len(frames))
    where = np.array([*frames, -1])
    return Track(vectors[where], where < 0, np.array([*word, len(words)]), np.array(starts))


def _moments(way: _Way, count: int) -> list[tuple[float, float]]:
    """The times of each word; one that was passed over gets no time, where the one before it ends."""
    import numpy as np

    seconds = features.HOP / features.RATE
    spoken = np.flatnonzero(~way.track.pause[way.places])
    word = way.track.word[way.places][spoken]
    first = np.searchsorted(word, np.arange(count), "left")
    last = np.searchsorted(word, np.arange(count), "right")
    found: list[tuple[float, float]] = []
    for begin, end in zip(first, last, strict=True):
        if begin < end:
            found.append((float(spoken[begin]) * seconds, float(spoken[end - 1] + 1) * seconds))
        else:
            found.append((found[-1][1], found[-1][1]) if found else (0.0, 0.0))
    return found
