"""Encodes pictures for WebM: VP9, whose packets may say "show again what was decoded", in one byte.

So a picture that stands is a key picture and that byte, again and again. A key picture fills all places for
pictures to refer to (VP9 bitstream specification, 6.2), so whatever place is named, it is the one that shows.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from deckcast.encode import motion, still
from deckcast.encode.libav import libav_errors, load
from deckcast.encode.span import Piece
from deckcast.encode.still import Picture
from deckcast.errors import EncoderError
from deckcast.model import Look

AGAIN = b"\x88"
"""frame_marker 2, profile 0, show_existing_frame 1, frame_to_show_map_idx 0 (6.2)."""
OPTIONS = {
    "deadline": "good",
    "cpu-used": "4",
    "lag-in-frames": "0",  # one packet a picture, and nothing looked at ahead
    "auto-alt-ref": "0",
    "row-mt": "0",
}
_FINER = 1.4
"""By which VP9's scale of quality is coarser than x264's."""
_MOST = 63


def options(picture: Picture) -> dict[str, str]:
    return {**OPTIONS, "crf": str(min(round(picture.quality * _FINER), _MOST))}


def configure(context: Any, picture: Picture) -> None:
    """Sets up a PyAV codec context: an encoder's, or the one that stands for a stream to be written."""
    picture.describe(context)
    context.bit_rate = 0  # quality alone counts
    context.options = options(picture)


def key_picture(png: bytes, picture: Picture) -> bytes:
    """`png` as one packed packet. Raises `EncoderError`."""
    av = load()
    with libav_errors("read a slide's picture"), av.open(io.BytesIO(png), format="png_pipe") as container:
        image = next(container.decode(video=0))
    with libav_errors("encode a slide's picture"):
        return _encode([still.in_video(image)], picture)


def moment(look: Look, picture: Picture, files: motion.Files) -> bytes:
    """A moment of something that moves, as a picture that stands still. Raises `EncoderError`."""
    with libav_errors("encode a picture"):
        return _encode([_in_video(motion.picture(look, picture.fps, files))], picture)


def span(piece: Piece, picture: Picture, files: motion.Files) -> bytes:
    """A piece of what moves: packed packets, the first a key picture. Raises `EncoderError`."""
    drawn = motion.frames(piece.recipe, piece.count, picture.fps, files, piece.begin, piece.end)
    with libav_errors("encode what moves"):
        return _encode(map(_in_video, drawn), picture)


def unpack(packed: bytes) -> tuple[bytes, ...]:
    packets = []
    at = 0
    while at < len(packed):
        (length,) = struct.unpack_from(">I", packed, at)
        packets.append(packed[at + 4 : at + 4 + length])
        at += 4 + length
    return tuple(packets)


def _encode(frames: Iterable[Any], picture: Picture) -> bytes:
    """Each packet after its length in four bytes."""
    av = load()
    context = av.CodecContext.create("libvpx-vp9", "w")
    configure(context, picture)
    context.time_base = Fraction(1, picture.fps)
    packets: list[bytes] = []
    number = 0
    for number, frame in enumerate(frames, 1):
        frame.pts, frame.time_base = number - 1, context.time_base
        packets += map(bytes, context.encode(frame))
    packets += map(bytes, context.encode(None))
    if len(packets) != number:
        raise EncoderError(f"libvpx made {len(packets)} packets of {number} pictures", hint="this is a bug: report it")
    return b"".join(struct.pack(">I", len(packet)) + packet for packet in packets)


def _in_video(pixels: motion.Pixels) -> Any:
    return still.in_video(load().VideoFrame.from_ndarray(pixels, format="rgb24"))
