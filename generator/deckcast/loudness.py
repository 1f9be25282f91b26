"""How loud sound is, as broadcasters measure it: loudness in LUFS and true peak in dBTP, and a limiter for the latter.

After ITU-R BS.1770-4 (loudness in annex 1, true peak in annex 2), which EBU R 128 builds on. One channel counts as
one: heard from two loudspeakers it is 3 LU louder than it measures. NumPy and soxr are imported when they are used.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Sequence
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
_STRETCH = 1 << 16
"""Samples that are looked at together for peaks, so that memory does not grow with their number."""
_PART = 256
"""Samples whose highest one tells whether peaks between them are looked for."""
_MARGIN = 128
"""Samples on either side from which the resampler knows what is between two samples: its kernel reaches 92."""
_KERNEL = 2.81
"""Sum of the kernel's absolute values: no wave rises more than that above the highest sample near it."""
_RISE = 2.0
"""What a wave rises above the samples near it at most, unless it is made to: 6 dB. Voices and music reach 3."""
_HOLD = 1 / 400
"""Half of the limiter's window, in seconds. Longer ones turn down all that is between the spikes of a voice such as
espeak's, too: at 10 ms, it took 18.5 dB of gain to make it 9.4 LU louder, at 2.5 ms 14.5."""


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


def true_peak(samples: NDArray[np.float32], above: float = -math.inf) -> float:
    """dBTP: the highest that the wave comes to, between samples too, by four-fold oversampling; -inf for silence.

    A peak of less than `above` dBTP is told as that of the samples alone, where these are 6 dB below it.
    """
    import numpy as np

    peak = float(np.abs(samples).max(initial=0))
    for _, _, peaks in _stretches(samples, max(peak / _KERNEL, 10 ** (above / 20) / _RISE), 0):
        peak = max(peak, float(peaks.max(initial=0)))
    return 20 * math.log10(peak) if peak else -math.inf


def limit(samples: NDArray[np.float32], ceiling: float, rate: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """The samples with a true peak of at most `ceiling` dBTP, none of them moved; as they are where they keep it.

    The gain goes down before a peak and comes back after it, within 5 ms, along the mean of its least values. Only a
    wave that rises 6 dB above its samples could escape it.
    """
    import numpy as np

    highest = 10 ** (ceiling / 20)
    hold = round(_HOLD * rate)
    limited = samples
    for begin, _, peaks in _stretches(samples, highest / _RISE, 2 * hold):
        for first, last in _runs(peaks > highest, 4 * hold):
            low, high = max(first - 4 * hold, 0), min(last, len(peaks) - 4 * hold)
            near = peaks[low : high + 4 * hold]
            least = _least(highest / np.maximum(near, highest, dtype=np.float64), 2 * hold + 1)
            gain = _mean(_mean(least, hold + 1), hold + 1)
            if limited is samples:
                limited = samples.copy()
            limited[begin + low : begin + high] *= gain.astype(np.float32)
    return limited


def _runs(found: NDArray[np.bool_], gap: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each run in which less than `gap` samples lie between two that are found."""
    import numpy as np

    at = np.flatnonzero(found)
    if len(at):
        breaks = np.flatnonzero(np.diff(at) > gap)
        begins, ends = at[np.r_[0, breaks + 1]], at[np.r_[breaks, -1]] + 1
        yield from zip(begins.tolist(), ends.tolist(), strict=True)


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


def _stretches(samples: NDArray[np.float32], low: float, around: int) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """(begin, end, the wave's height from each sample to the next, from `around` samples before to as many after).

    Left out is what lies further than a part away from every sample above `low`.
    """
    import numpy as np
    import soxr

    for start, stop in _near(samples, low):
        for begin in range(start, stop, _STRETCH):
            end = min(begin + _STRETCH, stop)
            first, last = begin - around - _MARGIN, end + around + _MARGIN
            known = samples[max(first, 0) : last]
            wave = np.zeros(last - first, np.float32)
            wave[max(-first, 0) : max(-first, 0) + len(known)] = known
            finer = np.zeros(4 * len(wave), np.float32)
            made = soxr.resample(wave, 1, 4, "HQ")[: len(finer)]
            finer[: len(made)] = made
            quarters = np.abs(finer, out=finer).reshape(-1, 4)
            peaks = np.abs(wave)
            for quarter in range(4):
                np.maximum(peaks, quarters[:, quarter], out=peaks)
            yield begin, end, peaks[_MARGIN:-_MARGIN]


def _near(samples: NDArray[np.float32], low: float) -> Iterator[tuple[int, int]]:
    """Runs of samples, each as long as can be, that lie within two parts of one above `low`."""
    import numpy as np

    parts = np.zeros(-(-len(samples) // _PART) + 4, bool)
    padded = np.zeros((len(parts) - 4) * _PART, np.float32)
    np.abs(samples, out=padded[: len(samples)])
    parts[2:-2] = padded.reshape(-1, _PART).max(axis=1) > low if len(padded) else False
    near = parts[:-4] | parts[1:-3] | parts[2:-2] | parts[3:-1] | parts[4:]
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield begin * _PART, min(end * _PART, len(samples))


def _least(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The least of every `width` neighbours."""
    import numpy as np

    covered = 1
    while covered < width:
        step = min(covered, width - covered)
        values = np.minimum(values[:-step], values[step:])
        covered += step
    return values


def _mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean of every `width` neighbours."""
    import numpy as np

    total = np.concatenate(([0.0], np.cumsum(values)))
    return (total[width:] - total[:-width]) / width
