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


def _library() -> Any:
    try:
        import av
    except (ImportError, OSError) as error:
        raise MachineError(
            f"sound files cannot be read here: {error}", hint="pip install --force-reinstall av"
        ) from error
    return av


def digest_of(path: Path, name: str) -> str:
    """SHA-256 of the file, which messages call `name`. Raises `AssetError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(name, error) from error


def decoded(path: Path, name: str) -> Iterator[NDArray[np.float32]]:
    """Runs of samples of the file's first sound, all channels mixed to one, at `SAMPLE_RATE`.

    Messages call the file `name`. Raises `AssetError` for a file without sound, and for one that cannot be read to its
    end.
    """
    av = _library()
    try:
        if not path.stat().st_size:
            raise AssetError(f"{name} is empty", hint=_HINT)
        with av.open(str(path), options=READ, metadata_errors="replace") as container:
            if not container.streams.audio:
                what = "pictures but no sound" if container.streams.video else "no sound"
                raise AssetError(f"{name} holds {what}", hint="put a sound file there, or take it away")
            yield from _read(name, container)
    except av.FFmpegError as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AssetError(f"{name} cannot be read as sound: {reason.lower()}", hint=_HINT) from error
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> AssetError:
    reason = (error.strerror or str(error)).lower()
    hint = "let yourself read it: `chmod u+r`" if isinstance(error, PermissionError) else _HINT
    return AssetError(f"cannot read {name}: {reason}", hint=hint)


READ = {
    # What a file is follows from its content: playlists would lead to other files, and into the network.
    "format_whitelist": "wav,w64,mp3,mov,mp4,m4a,flac,ogg,matroska,webm,aac,aiff,asf",
    "protocol_whitelist": "file",
}
_HINT = "does it play elsewhere? Save it again as WAV or FLAC"


def _read(name: str, container: Any) -> Iterator[NDArray[np.float32]]:
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
            raise AssetError(f"the sample rate of {name} changes on the way", hint=_HINT)
        seconds += frame.samples / rate
        if seconds > LONGEST:
            raise AssetError(f"{name} is longer than {LONGEST // 3600} hours", hint="one file speaks one slide")
        for one in flat.resample(frame):
            mono = one.to_ndarray().mean(axis=0, dtype=np.float32)
            yield change.resample_chunk(mono) if change is not None else mono
    if change is not None:
        yield change.resample_chunk(np.zeros(0, np.float32), last=True)
