"""WAV files and sample rates. NumPy and soxr are imported when they are used."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

from deckcast.errors import StorageError
from deckcast.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def write_wav(pcm: bytes, rate: int) -> bytes:
    """A WAV file of one channel of signed 16-bit little-endian samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(pcm)
    return file.getvalue()


def read_wav(data: bytes) -> tuple[bytes, int]:
    """The samples of `write_wav`'s file and their rate. Raises `StorageError` for anything else."""
    try:
        with wave.open(io.BytesIO(data)) as wav:
            if (wav.getnchannels(), wav.getsampwidth()) != (1, 2):
                raise wave.Error("it has not one channel of 16 bit")
            return wav.readframes(wav.getnframes()), wav.getframerate()
    except (wave.Error, EOFError) as error:
        raise StorageError(f"a kept sound is damaged: {error}", hint="build once with --force") from error


def resampled(samples: int, rate: int, to: int = SAMPLE_RATE) -> int:
    """How many samples `resample` makes of so many at `rate`: rounded to the nearest, halves up."""
    return (2 * samples * to + rate) // (2 * rate)


def resample(pcm: bytes, rate: int, to: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """16-bit samples at `rate` as floats within -1 … 1 at another rate, `resampled(…)` of them."""
    import numpy as np

    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    samples /= 32768
    if rate == to:
        return samples
    import soxr

    wanted = resampled(len(samples), rate, to)
    made = soxr.resample(samples, rate, to, "HQ")[:wanted]
    exact = np.zeros(wanted, np.float32)
    exact[: len(made)] = made
    return exact
