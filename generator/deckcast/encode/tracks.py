"""How each track of a file is announced. Nothing is encoded: the contexts only stand for what was encoded before."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from deckcast.captions import Cue, write
from deckcast.cover import HEIGHT, WIDTH
from deckcast.encode import aac, opus, vp9
from deckcast.encode.packets import CAPTION, Packet
from deckcast.encode.still import Picture
from deckcast.errors import EncoderError
from deckcast.model import SAMPLE_RATE


class Track(Protocol):
    """One track of a file that is being written."""

    def add(self, container: Any) -> Any:
        """Adds the track to a PyAV container and gives its stream."""
        ...

    def check(self, stream: Any) -> None:
        """Raises `EncoderError` where the packets would not belong to the stream that was opened."""
        ...


@dataclass(frozen=True, slots=True)
class Pictures:
    """H.264."""

    picture: Picture
    parameters: bytes
    """SPS and PPS of the packets."""

    def add(self, container: Any) -> Any:
        stream = container.add_stream("libx264", rate=self.picture.fps)
        self.picture.configure(stream.codec_context)
        return stream

    def check(self, stream: Any) -> None:
        if bytes(stream.codec_context.extradata) != self.parameters:
            raise EncoderError(
                "the kept pictures were encoded by another version of x264", hint="build once with --force"
            )


@dataclass(frozen=True, slots=True)
class Sound:
    """AAC."""

    bitrate: int

    def add(self, container: Any) -> Any:
        stream = container.add_stream("aac", rate=SAMPLE_RATE)
        aac.configure(stream.codec_context, self.bitrate)
        return stream

    def check(self, stream: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Captions:
    """3GPP timed text (3GPP TS 26.245), the only text that MP4 players agree on."""

    def add(self, container: Any) -> Any:
        stream = container.add_stream("mov_text")
        stream.codec_context.subtitle_header = _STYLE
        stream.codec_context.time_base = Fraction(1, 1000)
        return stream

    def check(self, stream: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Cover:
    """A JPEG that players show for the file. It has no place in time."""

    def add(self, container: Any) -> Any:
        from av.stream import Disposition

        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        stream.disposition = Disposition.attached_pic
        return stream

    def check(self, stream: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class WebPictures:
    """VP9."""

    picture: Picture

    def add(self, container: Any) -> Any:
        stream = container.add_stream("libvpx-vp9", rate=self.picture.fps)
        vp9.configure(stream.codec_context, self.picture)
        return stream

    def check(self, stream: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class WebSound:
    """Opus."""

    bitrate: int

    def add(self, container: Any) -> Any:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE)
        opus.configure(stream.codec_context, self.bitrate)
        return stream

    def check(self, stream: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class WebCaptions:
    """WebVTT."""

    def add(self, container: Any) -> Any:
        stream = container.add_stream("webvtt")
        stream.codec_context.subtitle_header = _STYLE
        stream.codec_context.time_base = Fraction(1, 1000)
        return stream

    def check(self, stream: Any) -> None: ...


def web_text(cues: tuple[Cue, ...], clock: int) -> Iterator[Packet]:
    """The packets of `WebCaptions`."""
    ticks = clock // 1000
    for cue in cues:
        text = write.text(cue).encode()
        yield Packet(cue.start * ticks, CAPTION, (cue.stop - cue.start) * ticks, text, key=True)


def timed_text(cues: tuple[Cue, ...], clock: int) -> list[Packet]:
    """The packets of `Captions`: text behind its length. The time between two of them is filled when they are written.

    The first one says nothing, so that the track begins with the lesson.
    """
    found = []
    ticks = clock // 1000
    if cues and cues[0].start > 0:
        found.append(Packet(0, CAPTION, cues[0].start * ticks, bytes(2), key=True))
    for cue in cues:
        text = "\n".join(cue.lines).encode()
        data = struct.pack(">H", len(text)) + text
        found.append(Packet(cue.start * ticks, CAPTION, (cue.stop - cue.start) * ticks, data, key=True))
    return found


_STYLE = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""White at the foot of the picture, as libavcodec asks to be told; players use their own type."""
