"""What is heard over one step as one run of samples: its utterances, each at its gain, no peak above the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from deckcast.keep import Keeper
from deckcast.loudness import limit
from deckcast.model import Take
from deckcast.sound import read_wav, resample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Gains: TypeAlias = Mapping[str, float]
"""dB of each voice, by `Utterance.voice`."""


class Sound(NamedTuple):
    """One utterance, ready to be mixed."""

    start: int
    """First sample in the take, at `SAMPLE_RATE`."""
    samples: int
    """Length at `SAMPLE_RATE`."""
    wav: bytes
    gain: float = 0.0
    """dB."""
    voice: str = ""
    """`Utterance.voice`."""


def sounds(take: Take, gains: Gains, keeper: Keeper) -> tuple[Sound, ...]:
    """The take's utterances. Raises `StorageError`."""
    return tuple(
        Sound(one.start, one.samples, keeper.read(one.sound), gains[one.voice], one.voice) for one in take.utterances
    )


def mix(parts: Sequence[Sound], samples: int, ceiling: float) -> NDArray[np.float32]:
    """The take of so many samples, with a true peak of at most `ceiling` dBTP. Raises `StorageError`."""
    import numpy as np

    take = np.zeros(samples, np.float32)
    for one in parts:
        sound = resample(*read_wav(one.wav))[: one.samples]
        take[one.start : one.start + len(sound)] += sound * np.float32(10 ** (one.gain / 20))
    return limit(take, ceiling)
