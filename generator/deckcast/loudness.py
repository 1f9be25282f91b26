"""How loud sound is, as broadcasters measure it, in LUFS.

After ITU-R BS.1770-4, annex 1, which EBU R 128 builds on. One channel counts as one: heard from two loudspeakers it is
3 LU louder than it measures. NumPy is imported when it is used.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from deckcast.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHELF = (1.53512485958697, -2.69169619938638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
"""Numerator and denominator at 48 kHz of the filter that stands for the head: BS.1770-4, annex 1, table 1."""
HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
"""The same of the filter that leaves out what is felt rather than heard: table 2."""
OFFSET = -0.691
"""dB that make up for what both filters add to a tone of 997 Hz."""
HOP = SAMPLE_RATE // 10
"""Samples from the beginning of one gating block to that of the next."""
BLOCK = 4 * HOP
"""Samples of a gating block, 400 ms: what is shorter has no loudness of its own."""
SILENT = -70.0
"""LUFS: blocks below are not counted (the absolute gate)."""
QUIET = -10.0
"""LU below the mean of those: blocks below are not counted, either (the relative gate)."""

_SIZE = 1 << 16
"""Samples of a spectrum."""
_RINGING = 0.165
"""Seconds after which nothing is left of either filter's response in 64-bit numbers: at 48 kHz, the poles' radius is
0.995."""
REACH = _SIZE - 12 * HOP
"""The samples before others that count for how loud those are."""


def levels(samples: NDArray[np.floating], rate: int = SAMPLE_RATE) -> NDArray[np.float64]:
    """LUFS of every gating block at `rate` that touches the samples, with silence around them."""
    return gating(powers(samples, rate=rate))


def powers(
    samples: NDArray[np.floating], begin: int = 0, end: int | None = None, *, rate: int = SAMPLE_RATE
) -> NDArray[np.float64]:
    """Mean power of every tenth of a second from one sample to another, filtered.

    What is heard before counts, up to `REACH` samples of it at `SAMPLE_RATE`; what comes after does not.
    """
    import numpy as np

    end = len(samples) if end is None else end
    hop = rate // 10
    together = (_SIZE - round(_RINGING * rate)) // hop
    decay = _SIZE - together * hop
    hops = -(-(end - begin) // hop)
    power = np.zeros(hops)
    weights = _weights(rate)
    for first in range(0, hops, together):
        start = begin + first * hop - decay
        chunk = np.zeros(_SIZE)
        known = samples[max(start, 0) : min(start + _SIZE, end)]
        at = max(-start, 0)
        chunk[at : at + len(known)] = known
        heard = np.fft.irfft(np.fft.rfft(chunk) * weights, _SIZE)[decay:]
        count = min(together, hops - first)
        power[first : first + count] = np.square(heard).reshape(-1, hop).sum(axis=1)[:count] / hop
    return power


def gating(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """LUFS of every gating block that touches a run of such powers, with silence around them."""
    import numpy as np

    blocks = np.convolve(np.pad(power, 3), np.ones(4), "valid") / 4
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET + 10 * np.log10(np.maximum(blocks, 0)))


def gated(blocks: Iterable[float]) -> float | None:
    """The loudness in LUFS of a programme of such blocks; None if all of it is silent."""
    import numpy as np

    heard = np.fromiter((block for block in blocks if block >= SILENT), np.float64)
    if not len(heard):
        return None
    power = 10 ** (heard / 10)
    loud = power[heard >= 10 * math.log10(power.mean()) + QUIET]
    return 10 * math.log10(loud.mean())


@functools.cache
def _weights(rate: int) -> NDArray[np.complex128]:
    """Both filters' response at the frequencies of a spectrum of `_SIZE` samples at `rate`."""
    import numpy as np

    # The filters are made for one rate; at another one, a frequency's weight is what it is at that one.
    turns = np.minimum(np.arange(_SIZE // 2 + 1) / _SIZE * (rate / SAMPLE_RATE), 0.5)
    z = np.exp(-2j * np.pi * turns)

    def response(coefficients: tuple[Sequence[float], Sequence[float]]) -> NDArray[np.complex128]:
        over, under = (b0 + z * (b1 + z * b2) for b0, b1, b2 in coefficients)
        return np.asarray(over / under, np.complex128)

    return np.multiply(response(SHELF), response(HIGH_PASS), dtype=np.complex128)
