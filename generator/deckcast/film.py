"""Films and animated pictures: what is in a file, and the picture that it shows at any of its seconds.

Films are decoded by PyAV, as they are read and one picture at a time; animated pictures by Pillow. Times count from
the first picture on. PyAV, NumPy and Pillow are imported when there is a film.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from deckcast.errors import EncoderError
from deckcast.unreadable import picture_errors

FILMS = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv"})
ANIMATED = frozenset({".gif", ".webp", ".png", ".apng"})
"""Pictures that may hold more than one."""
LONGEST = 600
"""Seconds of a film."""
LARGEST = 64 << 20
"""Bytes of one."""
MOST_PIXELS = 10_000_000_000
"""In all the pictures of an animated GIF, WebP or PNG: a small file may hold thousands of large ones."""
READ = {"format_whitelist": "mov,mp4,m4a,matroska,webm", "protocol_whitelist": "file"}
"""What a file is follows from its content: playlists would lead to other files, and into the network."""
_LEAST = 0.011
"""Seconds: a picture that is to show for less shows for `_USUAL`, as in browsers."""
_USUAL = 0.1
_EARLY = 1e-4
"""Seconds by which a picture may come before its time: containers round times to milliseconds or finer."""
_COARSE = 6e-4
"""The same where they are rounded to milliseconds."""
_SCALING = 0x4 | 0x2000 | 0x4000 | 0x40000 | 0x80000
"""libswscale's flags: bicubic, colours computed for every pixel (else all is darker by one), all colours read, rounded
accurately, the same bits on every processor."""


@dataclass(frozen=True, slots=True)
class About:
    """What is in a film's file."""

    seconds: float
    plays: int
    """How often it plays by itself; 0 for ever."""
    sounds: bool


class TroubleError(Exception):
    """Why a film cannot be shown; `hint` says what helps."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Pictures(Protocol):
    """The pictures of a film."""

    def at(self, seconds: float) -> Any:
        """The one that shows then, as a Pillow image in RGB or RGBA. Raises `TroubleError`.

        Times that only grow cost least.
        """
        ...

    def close(self) -> None: ...


def is_film(path: Path) -> bool:
    """Whether a file moves, by its name and, of pictures, by its first bytes. Whether it is whole, nobody knows yet."""
    suffix = path.suffix.lower()
    return suffix in FILMS or (suffix in ANIMATED and _moves(path))


def about(path: Path) -> About:
    """Raises `TroubleError` for what is no film that can be shown, is too long or too large; `OSError`."""
    short = f"cut it: ffmpeg -i {path.name} -t 60 {path.stem}-short.mp4"
    if path.stat().st_size > LARGEST:
        raise TroubleError(
            f"it has {path.stat().st_size >> 20} MB, and {LARGEST >> 20} are the most",
            f"make it smaller: ffmpeg -i {path.name} -vf scale=-2:1080 -crf 26 {path.stem}-small.mp4",
        )
    data = path.read_bytes()
    found = _about_film(data) if path.suffix.lower() in FILMS else _about_animation(data)
    if found.seconds > LONGEST:
        raise TroubleError(f"it lasts {found.seconds / 60:.0f} minutes, and {LONGEST // 60} are the most", short)
    return found


def pictures(data: bytes, begin: float = 0.0) -> Pictures:
    """The pictures of a film from some second on. Raises `TroubleError`."""
    return _Animation(data) if _is_picture(data) else _Film(data, begin)


def poster(data: bytes, begin: float) -> bytes:
    """The picture at a second, as a PNG. Raises `TroubleError`."""
    film = pictures(data, begin)
    try:
        file = io.BytesIO()
        film.at(begin).save(file, "PNG", compress_level=1)
        return file.getvalue()
    finally:
        film.close()


def pyav() -> ModuleType:
    try:
        import av
    except (ImportError, OSError) as error:
        raise EncoderError(
            f"the video libraries do not work here: {error}", hint="pip install --force-reinstall av"
        ) from error
    return av


def opened(data: bytes) -> Any:
    """A film's file in PyAV. Raises `TroubleError` where it has no pictures."""
    av = pyav()
    try:
        container = av.open(io.BytesIO(data), options=READ)
    except (av.FFmpegError, ValueError) as error:
        raise TroubleError("it is no film, or damaged") from error
    if not container.streams.video:
        container.close()
        raise TroubleError("it has sound, but no pictures", "sound alone: see `music` in docs/writing.md")
    return container


def origin(container: Any) -> float:
    """When its first picture shows, on the clock of the file."""
    stream = container.streams.video[0]
    return float((stream.start_time or 0) * stream.time_base)


def _about_film(data: bytes) -> About:
    av = pyav()
    try:
        with opened(data) as container:
            stream = container.streams.video[0]
            last = 0.0
            usual = float(1 / stream.average_rate) if stream.average_rate else 0.0
            for packet in container.demux(stream):
                if packet.pts is not None:
                    long = float(packet.duration * packet.time_base) if packet.duration else usual
                    last = max(last, float(packet.pts * packet.time_base) + long)
            seconds = last - origin(container)
            sounds = bool(container.streams.audio)
        if seconds <= 0:
            raise TroubleError("it holds no pictures, or is damaged")
        film = _Film(data, 0.0)
        try:
            film.at(0.0)
        finally:
            film.close()
    except av.FFmpegError as error:
        raise TroubleError(f"it is damaged ({error.strerror or error})") from error
    return About(round(seconds, 6), 1, sounds)


def _about_animation(data: bytes) -> About:
    found = _Animation(data)
    plays = found.image.info.get("loop")
    if found.image.format == "GIF":
        plays = 1 if plays is None else plays + 1 if plays else 0
    return About(round(found.seconds, 6), int(plays or 0), False)


class _Film:
    def __init__(self, data: bytes, begin: float) -> None:
        self._container = opened(data)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "SLICE"
        self._origin = origin(self._container)
        self._early = _COARSE if float(self._stream.time_base) > _EARLY else _EARLY
        self._now: Any = None
        self._next: Any = None
        self._made: tuple[Any, Any] = (None, None)
        self._seek(begin)

    def at(self, seconds: float) -> Any:
        av = pyav()
        try:
            if self._now is None or self._time(self._now) > seconds + self._early:
                self._seek(seconds)
            while self._next is not None and self._time(self._next) <= seconds + self._early:
                self._now, self._next = self._next, next(self._frames, None)
        except av.FFmpegError as error:
            raise TroubleError(f"it is damaged ({error.strerror or error})") from error
        if self._made[0] is not self._now:
            self._made = (self._now, _image(self._now, float(self._stream.sample_aspect_ratio or 1)))
        return self._made[1]

    def close(self) -> None:
        self._container.close()

    def _seek(self, seconds: float) -> None:
        """Begins again at or before a second; at the very beginning where the file's index leads too far."""
        for target in dict.fromkeys((max(seconds, 0.0), 0.0)):
            where = int((target + self._origin) / self._stream.time_base)
            self._container.seek(where, stream=self._stream)
            self._frames = (frame for frame in self._container.decode(self._stream) if frame.pts is not None)
            self._now = next(self._frames, None)
            if self._now is not None and self._time(self._now) <= target + self._early:
                break
        if self._now is None:
            raise TroubleError("it holds no pictures, or is damaged")
        self._next = next(self._frames, None)

    def _time(self, frame: Any) -> float:
        return float(frame.pts * frame.time_base) - self._origin


def _image(frame: Any, shape: float) -> Any:
    """A decoded picture in RGB, upright, and with square pixels; `shape` is their width by their height."""
    from PIL import Image

    space = int(frame.colorspace)
    if space in (0, 2):  # not told: as players take it, by the size
        space = 1 if frame.height >= 720 else 5
    whole = frame.reformat(
        format="rgb24",
        src_colorspace=space,
        src_color_range=frame.color_range or "MPEG",
        dst_color_range="JPEG",
        interpolation=_SCALING,
        threads=1,
    )
    image = Image.fromarray(whole.to_ndarray())
    if shape != 1:
        image = image.resize((max(round(image.width * shape), 1), image.height), Image.Resampling.BICUBIC)
    turns = {
        90: Image.Transpose.ROTATE_90,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_270,
    }
    turn = turns.get(round(frame.rotation) % 360)
    return image.transpose(turn) if turn is not None else image


class _Animation:
    def __init__(self, data: bytes) -> None:
        from PIL import Image

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                self.image = Image.open(io.BytesIO(data))
                self._ends: list[float] = []
                end = 0.0
                for number in range(getattr(self.image, "n_frames", 1)):
                    if number * self.image.width * self.image.height > MOST_PIXELS:
                        raise TroubleError(
                            "its pictures have more than 10,000 million pixels together", "make it smaller"
                        )
                    self.image.seek(number)
                    self.image.load()
                    long = float(self.image.info.get("duration", 0)) / 1000
                    end += long if long >= _LEAST else _USUAL
                    self._ends.append(end)
        except picture_errors() as error:
            raise TroubleError(f"it is damaged ({error})") from error
        self.seconds = end
        self._made: tuple[int, Any] = (-1, None)

    def at(self, seconds: float) -> Any:
        number = next((at for at, end in enumerate(self._ends) if seconds < end - _EARLY), len(self._ends) - 1)
        if number != self._made[0]:
            self.image.seek(number)
            self._made = number, self.image.convert("RGBA")
        return self._made[1]

    def close(self) -> None:
        self.image.close()


def _is_picture(data: bytes) -> bool:
    return data[:6] in (b"GIF87a", b"GIF89a") or data[:8] == b"\x89PNG\r\n\x1a\n" or data[8:12] == b"WEBP"


def _moves(path: Path) -> bool:
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(path) as image:
            warnings.simplefilter("ignore")
            return bool(getattr(image, "is_animated", False))
    except picture_errors():
        return False  # whoever shows it tells why it cannot be shown
