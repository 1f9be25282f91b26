"""Encodes a picture that stands still: one key picture, and the pictures after it that say 'as before'.

The pictures that repeat (P-skip) refer to nothing but the picture before them, so one set of them, encoded
once, follows any key picture of the same settings. All options below serve that: every key picture shares
the parameter sets, nothing is looked at ahead, and each is encoded by itself, so it depends on nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from deckcast.encode.h264 import nal_units, pictures_only, read_parameters
from deckcast.encode.libav import libav_errors, load
from deckcast.errors import EncoderError

_X264 = {
    "keyint": "infinite",
    "scenecut": "0",
    "bframes": "0",
    "ref": "1",
    "weightp": "0",
    "rc-lookahead": "0",
    "sync-lookahead": "0",
    "mbtree": "0",
    "stitchable": "1",
    "threads": "1",
    "lookahead-threads": "1",
    "slices": "1",
    "colorprim": "bt709",
    "transfer": "bt709",
    "colormatrix": "bt709",
    "fullrange": "off",
}
_BT709 = 1
_LIMITED = 1
_SCALING = 0x4 | 0x4000 | 0x40000 | 0x80000
"""libswscale's flags: bicubic, all colours read, rounded accurately, the same bits on every processor."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What all pictures of a lesson have in common; equal values share their parameter sets."""

    width: int
    height: int
    fps: int
    quality: int
    """x264's constant rate factor."""

    def options(self) -> dict[str, str]:
        return {
            "preset": "veryfast",
            "tune": "stillimage",
            "crf": str(self.quality),
            "forced-idr": "1",
            "x264-params": ":".join(f"{name}={value}" for name, value in _X264.items()),
        }

    def configure(self, context: Any) -> None:
        """Sets up a PyAV codec context: an encoder's, or the one that stands for a stream to be written."""
        self.describe(context)
        context.options = self.options()

    def describe(self, context: Any) -> None:
        """Tells a codec context what the pictures are."""
        context.width, context.height, context.pix_fmt = self.width, self.height, "yuv420p"
        context.framerate = Fraction(self.fps)
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED


@dataclass(frozen=True, slots=True)
class Repeats:
    """What repeats a key picture."""

    parameters: bytes
    """SPS and PPS of every picture of these settings, as a byte stream."""
    pictures: tuple[bytes, ...]
    """The 1st, 2nd … picture after a key picture; after the last one it begins again."""


def key_picture(png: bytes, picture: Picture) -> bytes:
    """`png` as one IDR slice in a byte stream. Raises `EncoderError`."""
    av = load()
    with libav_errors("read a slide's picture"), av.open(io.BytesIO(png), format="png_pipe") as container:
        image = next(container.decode(video=0))
    if (image.width, image.height) != (picture.width, picture.height):
        raise EncoderError(
            f"a slide's picture is {image.width}×{image.height} in a video of {picture.width}×{picture.height}",
            hint="build once with --force",
        )
    with libav_errors("encode a slide's picture"):
        _, (encoded,) = encode([in_video(image)], picture)
    return pictures_only(encoded)


def in_video(image: Any) -> Any:
    """An RGB picture of PyAV's in the colours of the video: 4:2:0, BT.709, limited range."""
    return image.reformat(
        format="yuv420p",
        dst_colorspace="ITU709",
        src_color_range="JPEG",
        dst_color_range="MPEG",
        interpolation=_SCALING,
    )


def repeats(picture: Picture) -> Repeats:
    """Encodes a flat clip and keeps what says 'as before'. Raises `EncoderError`."""
    av = load()
    with libav_errors("encode repeated pictures"):
        parameters, _ = encode([], picture)
        flat = []
        for _ in range(read_parameters(parameters).period + 1):
            frame = av.VideoFrame(picture.width, picture.height, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([128]) * plane.buffer_size)
            flat.append(frame)
        parameters, (_, *encoded) = encode(flat, picture)
    return Repeats(parameters, tuple(encoded))


def split(stream: bytes) -> tuple[bytes, ...]:
    """The pictures of a byte stream of one-slice pictures."""
    return tuple(b"\0\0\0\1" + unit for unit in nal_units(stream))


def encode(frames: Iterable[Any], picture: Picture) -> tuple[bytes, list[bytes]]:
    """The parameter sets, and one packet a frame; the first is a key picture. Frames are taken one after the other."""
    av = load()
    context = av.CodecContext.create("libx264", "w")
    picture.configure(context)
    context.time_base = Fraction(1, picture.fps)
    context.flags |= av.codec.context.Flags.global_header
    context.open()
    packets = []
    number = 0
    for number, frame in enumerate(frames, 1):
        frame.pts, frame.time_base = number - 1, context.time_base
        packets += context.encode(frame)
    if number:
        packets += context.encode(None)
    return bytes(context.extradata), [bytes(packet) for packet in packets]
