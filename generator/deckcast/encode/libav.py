"""The border to PyAV: how it is imported, named in keys, and how its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from deckcast.errors import EncoderError

OLDEST = 16
"""The first PyAV that writes chapters into MP4 files."""
_MEND = f"pip install --force-reinstall 'av>={OLDEST}'"


def load() -> ModuleType:
    """PyAV. Raises `EncoderError` with the command that mends it where it is missing, broken or too old."""
    try:
        import av
    except (ImportError, OSError) as error:
        raise EncoderError(f"the video libraries do not work here: {error}", hint=_MEND) from error
    if int(av.__version__.split(".")[0]) < OLDEST:
        raise EncoderError(f"PyAV {av.__version__} is too old: it must be {OLDEST} or newer", hint=_MEND)
    return av


def identity() -> str:
    """What encodes: part of the key of everything encoded, since another version may make other bytes."""
    av = load()
    codec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return f"PyAV {av.__version__}, libavcodec {codec}"


@contextmanager
def libav_errors(doing: str) -> Iterator[None]:
    """Turns PyAV's errors into `EncoderError`; the system's refusals (full disk, …) pass as the `OSError`s they are."""
    av = load()
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise EncoderError(
            f"cannot {doing}: {error}", hint="`deckcast doctor` tells which video libraries are installed"
        ) from error
