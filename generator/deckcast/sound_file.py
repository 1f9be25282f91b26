"""Sound files of any kind that PyAV reads, such as WAV, MP3, M4A, FLAC and Ogg, as samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckcast.errors import AssetError, MachineError
from deckcast.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUFFIXES = frozenset(
    {"wav", "mp3", "m4a", "m4b", "mp4", "mov", "flac", "ogg", "oga", "opus", "webm", "mka", "aac", "aif", "aiff", "wma"}
)
LONGEST = 4 * 3600
"""Seconds of one file that are read at most."""
PEAK = 0.98
"""How high the highest sample becomes: a soft recording would lose its finest steps when it becomes 16 bit."""


def _library() -> Any:
    try:
        import av
    except (ImportError, OSError) as error:
        raise MachineError(
            f"sound files cannot be read here: {error}", hint="pip install --force-reinstall av"
        ) from error
    return av


def digest_of(path: Path) -> str:
    """SHA-256 of the file. Raises `AssetError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AssetError(f"cannot read {path}: {(error.strerror or str(error)).lower()}", hint=_HINT) from error


def decoded(path: Path) -> NDArray[np.float32]:
    """The file's first sound, all channels mixed to one, at `SAMPLE_RATE`, its peak at `PEAK`.

    Raises `AssetError` for a file without sound, and for one that cannot be read to its end.
    """
    import numpy as np

    av = _library()
    try:
        with av.open(str(path), options=_READ, metadata_errors="replace") as container:
            if not container.streams.audio:
                what = "only pictures" if container.streams.video else "no sound"
                raise AssetError(f"{path.name} holds {what}", hint="put a sound file there, or take it away")
            parts = list(_read(path, container))
    except av.FFmpegError as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AssetError(f"{path.name} cannot be read as sound: {reason.lower()}", hint=_HINT) from error
    except OSError as error:
        raise AssetError(f"cannot read {path.name}: {(error.strerror or str(error)).lower()}", hint=_HINT) from error
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    peak = float(np.abs(samples).max(initial=0))
    if not np.isfinite(peak):
        raise AssetError(f"{path.name} holds samples that are no numbers", hint=_HINT)
    if peak == 0:
        raise AssetError(f"{path.name} is silent from beginning to end", hint="record it again, or take it away")
    samples *= np.float32(PEAK / peak)
    return samples


_READ = {
    # What a file is follows from its content: playlists would lead to other files, and into the network.
    "format_whitelist": "wav,w64,mp3,mov,mp4,m4a,flac,ogg,matroska,webm,aac,aiff,asf",
    "protocol_whitelist": "file",
}
_HINT = "does it play elsewhere? Save it again as WAV or FLAC"


def _read(path: Path, container: Any) -> Iterator[NDArray[np.float32]]:
    """Runs of samples of one channel at `SAMPLE_RATE`."""
    import numpy as np
    import soxr

    stream = container.streams.audio[0]
    flat: Any = None
    change: Any = None
    rate = 0
    seconds = 0.0
    for frame in container.decode(stream):
        if flat is None:
            flat = _library().AudioResampler(format="fltp")  # planes of floats; channels and rate stay as they are
            rate = frame.sample_rate
            change = soxr.ResampleStream(rate, SAMPLE_RATE, 1, "float32", "HQ") if rate != SAMPLE_RATE else None
        if frame.sample_rate != rate:
            raise AssetError(f"the sample rate of {path.name} changes on the way", hint=_HINT)
        seconds += frame.samples / rate
        if seconds > LONGEST:
            raise AssetError(f"{path.name} is longer than {LONGEST // 3600} hours", hint="one file speaks one slide")
        for one in flat.resample(frame):
            mono = one.to_ndarray().mean(axis=0, dtype=np.float32)
            yield change.resample_chunk(mono) if change is not None else mono
    if change is not None:
        yield change.resample_chunk(np.zeros(0, np.float32), last=True)
