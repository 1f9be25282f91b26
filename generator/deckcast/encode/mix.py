"""Sounds as one run of samples: each at its gain, no peak above the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from deckcast.encode.soundtrack import Envelope
from deckcast.keep import Keeper
from deckcast.model import Take
from deckcast.peaks import limit
from deckcast.sound import read_wav, resample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Gains: TypeAlias = Mapping[str, float]
"""dB of each voice, by `Utterance.voice`."""


class Sound(NamedTuple):
    """One sound, ready to be mixed."""

    start: int
    """First sample in what is mixed, at `SAMPLE_RATE`; below 0 where it began before."""
    samples: int
    """Length at `SAMPLE_RATE`."""
    wav: bytes
    gain: float = 0.0
    """dB."""
    voice: str = ""
    """`Utterance.voice`."""
    envelope: Envelope = ()
    """Further gain; samples count as those of `start`."""


def sounds(take: Take, gains: Gains, keeper: Keeper) -> tuple[Sound, ...]:
    """The take's utterances. Raises `StorageError`."""
    return tuple(
        Sound(one.start, one.samples, keeper.read(one.sound), gains[one.voice], one.voice) for one in take.utterances
    )


def mix(parts: Sequence[Sound], samples: int, ceiling: float) -> NDArray[np.float32]:
    """So many samples of them, with a true peak of at most `ceiling` dBTP. Raises `StorageError`."""
    import numpy as np

    mixed = np.zeros(samples, np.float32)
    for one in parts:
        sound = resample(*read_wav(one.wav))[: one.samples]
        begin, end = max(one.start, 0), min(one.start + len(sound), samples)
        if begin >= end:
            continue
        heard = sound[begin - one.start : end - one.start] * np.float32(10 ** (one.gain / 20))
        if one.envelope:
            at, level = zip(*one.envelope, strict=True)
            heard *= (10 ** (np.interp(np.arange(begin, end), at, level) / 20)).astype(np.float32)
        mixed[begin:end] += heard
    return limit(mixed, ceiling)
