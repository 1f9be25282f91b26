"""What speech sounds like, ten milliseconds at a time: mel-frequency cepstra, and how far it stands out of the noise.

After Davis and Mermelstein (1980), with the changes that aligning two voices asks for: both are brought to the same
long-term spectrum, and the noise of one is added to the other before logarithms are taken, so that what the noise hides
in one counts for nothing in the other.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
"""Samples a second of all sound in here."""
HOP = 160
"""Samples from one frame to the next: 10 ms."""
WINDOW = 400
BANDS = 32
LOWEST, HIGHEST = 80.0, 7_600.0
"""Hz."""
COEFFICIENTS = 13
SPAN = 3
"""Frames on either side from which the slope of a coefficient is told."""
SLOPES = 1.2
"""Weight of the slopes' squares against those of the coefficients themselves."""
DEPTH = 45.0
"""dB below the loudest frames that are told apart."""
_SIZE = 512
_BLOCK = 2_000
"""Frames that are worked on together, so that memory does not grow with the sound's length."""


@cache
def _bank(warp: float) -> NDArray[np.float32]:
    """Triangular filters, evenly spaced in mel (O'Shaughnessy 1987), a column each; all frequencies over `warp`."""
    import numpy as np

    def mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(2595 * np.log10(1 + hertz / 700))

    low, high = mel(np.array([LOWEST, HIGHEST]))
    edges = np.linspace(low, high, BANDS + 2)
    at = mel(np.linspace(0, RATE / 2, _SIZE // 2 + 1) * warp)[:, None]
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


@cache
def _cosines() -> NDArray[np.float32]:
    import numpy as np

    place = (2 * np.arange(BANDS)[:, None] + 1) * np.arange(COEFFICIENTS)
    return np.asarray(np.cos(np.pi * place / (2 * BANDS)) * np.sqrt(2 / BANDS), np.float32)


def powers(samples: NDArray[np.float32], hop: float = HOP, warp: float = 1.0) -> NDArray[np.float32]:
    """The power in each mel band, a row a frame; frame n is about the moment `n * hop / RATE`.

    With a `warp`, as if the speaker's vocal tract were so much shorter (Lee and Rose 1996).
    """
    import numpy as np

    lifted = np.empty(len(samples) + 2 * WINDOW, np.float32)
    lifted[:] = 0
    inside = lifted[WINDOW // 2 : WINDOW // 2 + len(samples)]
    inside[:] = samples
    inside[1:] -= np.float32(0.97) * samples[:-1]
    count = int(len(samples) / hop) + 1
    begins = (np.arange(count) * hop).astype(np.int64)
    window = np.hanning(WINDOW).astype(np.float32)
    within = np.arange(WINDOW)
    bank = _bank(warp)
    made = np.empty((count, BANDS), np.float32)
    for first in range(0, count, _BLOCK):
        cut = lifted[begins[first : first + _BLOCK, None] + within] * window
        made[first : first + _BLOCK] = np.abs(np.fft.rfft(cut, _SIZE)).astype(np.float32) ** 2 @ bank
    return made


def noise(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """The power of each band where nobody speaks: what it falls to now and then, but no less than `DEPTH` allows."""
    import numpy as np

    width = min(5, len(found))
    sums = np.cumsum(np.pad(found.astype(np.float64), ((1, 0), (0, 0))), axis=0)
    smooth = (sums[width:] - sums[:-width]) / width
    loud = float(np.percentile(found.sum(axis=1), 95))
    least = max(loud * 10 ** (-DEPTH / 10) / BANDS, 1e-10)
    return np.maximum(np.percentile(smooth, 8, axis=0), least).astype(np.float32)


def clearness(found: NDArray[np.float32], floor: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each frame stands out of the noise, in dB, 30 at most, averaged over the bands."""
    import numpy as np

    ratio = 10 * np.log10(np.maximum(found, 1e-12) / (2 * floor))
    return np.asarray(np.clip(ratio, 0, 30).mean(axis=1), np.float32)


def threshold(clear: NDArray[np.float32]) -> float:
    """The clearness above which a frame is speech."""
    import numpy as np

    return 0.2 * float(np.percentile(clear, 90))


def cepstra(logs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cepstral coefficients of the logarithms of powers."""
    return logs @ _cosines()


def vectors(found: NDArray[np.float32], spoken: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Cepstra and their slopes, each with the mean and the variance of the frames that are speech taken out."""
    import numpy as np

    padded = np.pad(found, ((SPAN, SPAN), (0, 0)), mode="edge")
    count = len(found)
    slopes = sum(
        step * (padded[SPAN + step : SPAN + step + count] - padded[SPAN - step : SPAN - step + count])
        for step in range(1, SPAN + 1)
    ) / (2 * sum(step * step for step in range(1, SPAN + 1)))
    both = np.concatenate([found, slopes], axis=1)
    heard = both[spoken] if spoken.any() else both
    both = (both - heard.mean(axis=0)) / (heard.std(axis=0) + 1e-3)
    both[:, COEFFICIENTS:] *= np.sqrt(SLOPES)
    return np.asarray(both, np.float32)
