"""Encodes sound for WebM: Opus, in runs with silence before and after them.

The mode without speech coding (`lowdelay`) knows nothing of what was before but what overlaps, and after silence that
is nothing: so what is encoded from silence to silence can be joined to any other such run, like a take of AAC.
Its packets are 960 samples, and takes begin at any multiple of 1,024: so a run's packets serve again only where it
lies as far behind the beginning of a packet as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from deckcast.encode.aac import SPARE, TRIES, pack
from deckcast.encode.libav import libav_errors, load
from deckcast.encode.mix import Sound, mix
from deckcast.model import SAMPLE_RATE
from deckcast.peaks import true_peak

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKET = 960
"""Samples: 20 ms."""
DELAY = 120
"""Samples by which what is heard comes after what was encoded: the pre-skip of RFC 7845, 5.1, in this mode."""
OPTIONS = {"application": "lowdelay", "frame_duration": "20", "vbr": "on"}
SILENCE = b"\xf8\xff\xfe"
"""A packet that says nothing: one channel, 20 ms, full band."""
HEADROOM = 0.4
"""dB by which the limit lies below what is wanted of the sound as it is heard."""


class Part(NamedTuple):
    """What is mixed together: so many samples, of which the middle counts."""

    sounds: tuple[Sound, ...]
    samples: int
    begin: int
    end: int


def configure(context: Any, bitrate: int) -> None:
    """Sets up a PyAV codec context: an encoder's, or the one that stands for a stream to be written."""
    context.layout = "mono"
    context.format = "flt"
    context.bit_rate = bitrate * 1000
    context.options = dict(OPTIONS)


def encode_run(parts: Sequence[Part], before: int, packets: int, bitrate: int, peak: float) -> bytes:
    """`pack`ed packets of parts one after the other, with `before` samples of silence in front of them.

    What is heard has a true peak of at most `peak` dBTP: where it has not, all is encoded again, limited lower.
    Raises `EncoderError`.
    """
    ceiling = peak - HEADROOM
    made: list[bytes] = []
    for _ in range(TRIES):
        made = _encode(_mixed(parts, before, packets, ceiling), bitrate)[:packets]
        over = max(map(true_peak, _decoded(made))) - peak
        if over <= 0:
            break
        ceiling -= over + SPARE
    return pack(made)


def _mixed(parts: Iterable[Part], before: int, packets: int, ceiling: float) -> Iterator[NDArray[np.float32]]:
    """The samples of each packet."""
    import numpy as np

    waiting = np.zeros(before, np.float32)
    left = packets
    for part in parts:
        mixed = mix(part.sounds, part.samples, ceiling)[part.begin : part.end]
        waiting = np.concatenate((waiting, mixed))
        whole = min(len(waiting) // PACKET, left)
        yield from waiting[: whole * PACKET].reshape(-1, PACKET)
        waiting, left = waiting[whole * PACKET :], left - whole
    rest = np.zeros(left * PACKET, np.float32)
    rest[: min(len(waiting), len(rest))] = waiting[: len(rest)]
    yield from rest.reshape(-1, PACKET)


def _encode(blocks: Iterable[NDArray[np.float32]], bitrate: int) -> list[bytes]:
    av = load()
    with libav_errors("encode the sound"):
        context = av.CodecContext.create("libopus", "w")
        context.sample_rate = SAMPLE_RATE
        configure(context, bitrate)
        packets: list[bytes] = []
        for number, block in enumerate(blocks):
            frame = av.AudioFrame.from_ndarray(block[None], format="flt", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, number * PACKET
            packets += map(bytes, context.encode(frame))
        packets += map(bytes, context.encode(None))
    return packets


def _decoded(packets: Iterable[bytes]) -> Iterator[NDArray[np.float32]]:
    """What is heard, a second at a time."""
    import numpy as np

    av = load()
    with libav_errors("check the sound"):
        decoder = av.CodecContext.create("libopus", "r")
        decoder.sample_rate, decoder.layout = SAMPLE_RATE, "mono"
        found: list[NDArray[np.float32]] = []
        for packet in packets:
            for frame in decoder.decode(av.Packet(packet)):
                pcm = frame.to_ndarray().reshape(-1)
                found.append(pcm.astype(np.float32) / 32768 if pcm.dtype == np.int16 else pcm)
            if len(found) >= 50:
                yield np.concatenate(found)
                found = found[-1:]
        if found:
            yield np.concatenate(found)
