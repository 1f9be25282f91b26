"""Encodes sound in pieces that can be joined without being encoded again.

An AAC packet carries a window over two blocks of 1,024 samples, and each block is heard as the sum of two
windows. A take is therefore encoded with a block of digital silence on either side: at a join, both windows
that overlap hold silence. The encoder's first packet belongs to the time before the sound and is dropped.
Where there is no silence to be had (`soundtrack.py`), a piece is encoded with what is heard around it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deckcast.encode.libav import libav_errors, load
from deckcast.encode.mix import Sound, mix
from deckcast.model import AAC_BLOCK, SAMPLE_RATE
from deckcast.peaks import true_peak
from deckcast.timeline import blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OPTIONS = {"aac_coder": "fast", "aac_pns": "0"}
"""The fast coder is nearer to the source than the default one at the rates in question, and noise is not made up."""

SPARE = 0.05
"""dB by which a take that came too high is limited lower than by what it was too high."""
TRIES = 4

_NEAR = 1.5
"""dB below the ceiling from which the encoder might bring sound to the peak: it added 17 % of the ceiling at most,
measured at 32 to 192 kbit/s with voices, music and noise."""
_FRAME = 256 * AAC_BLOCK
"""Samples that are handed to the encoder together, which takes them block by block: by themselves, each takes a third
longer."""


def configure(context: Any, bitrate: int) -> None:
    """Sets up a PyAV codec context: an encoder's, or the one that stands for a stream to be written."""
    context.layout = "mono"
    context.format = "fltp"
    context.bit_rate = bitrate * 1000
    context.options = dict(OPTIONS)


def headroom(bitrate: int) -> float:
    """dB by which the limit lies below what is wanted of the sound as it is heard, so that few takes are encoded twice.

    What speech came higher after encoding, at most: by 0.2 dB at 128 kbit/s, 0.4 at 64, mostly below 1.2 at 32.
    """
    return 0.15 + (32 / bitrate) ** 2


def encode_take(sounds: Sequence[Sound], samples: int, bitrate: int, peak: float) -> bytes:
    """`pack`ed packets: a silent one and those of the take of `samples`, whose true peak stays below `peak` dBTP.

    What is heard is not quite what was encoded. Where it comes higher than `headroom` allows for, the take is encoded
    again, limited lower by as much. Raises `EncoderError`.
    """
    import numpy as np

    ceiling = peak - headroom(bitrate)
    take = np.zeros((blocks(samples) + 2) * AAC_BLOCK, np.float32)
    packets: list[bytes] = []
    for _ in range(TRIES):
        take[AAC_BLOCK : AAC_BLOCK + samples] = mix(sounds, samples, ceiling)
        packets = _encode(take, bitrate)
        over = _peak(packets, take, bitrate, ceiling, peak) - peak
        if over <= 0:
            break
        ceiling -= over + SPARE
    return pack(packets[1:-1])


def encode_piece(sounds: Sequence[Sound], samples: int, before: int, packets: int, bitrate: int, peak: float) -> bytes:
    """`pack`ed packets of the middle of what is mixed of `sounds`: so many, behind the first `before` ones.

    What they are heard as keeps below `peak` dBTP, as in `encode_take`. Raises `EncoderError`.
    """
    ceiling = peak - headroom(bitrate)
    begin, end = before * AAC_BLOCK, (before + packets) * AAC_BLOCK
    made: list[bytes] = []
    for _ in range(TRIES):
        mixed = mix(sounds, samples, ceiling)
        made = _encode(mixed, bitrate)
        mixed[: begin - AAC_BLOCK] = mixed[end:] = 0  # what is only around it may come as high as it likes
        over = _peak(made, mixed, bitrate, ceiling, peak) - peak
        if over <= 0:
            break
        ceiling -= over + SPARE
    return pack(made[before : before + packets])


def encode_silence(bitrate: int) -> bytes:
    """The packet that says nothing, whatever comes before and after it. Raises `EncoderError`."""
    import numpy as np

    return _encode(np.zeros(4 * AAC_BLOCK, np.float32), bitrate)[2]


def pack(packets: list[bytes]) -> bytes:
    """Packets in one piece, each after its length in two bytes."""
    return b"".join(struct.pack(">H", len(packet)) + packet for packet in packets)


def unpack(packed: bytes) -> list[bytes]:
    packets = []
    at = 0
    while at < len(packed):
        (length,) = struct.unpack_from(">H", packed, at)
        packets.append(packed[at + 2 : at + 2 + length])
        at += 2 + length
    return packets


def _encode(samples: NDArray[np.float32], bitrate: int) -> list[bytes]:
    """n blocks become n + 1 packets; each but the first is heard as the block before the one it completes."""
    av = load()
    with libav_errors("encode the sound"):
        context = av.CodecContext.create("aac", "w")
        context.sample_rate = SAMPLE_RATE
        context.flags |= av.codec.context.Flags.bitexact  # or every 256th packet names the encoder
        configure(context, bitrate)
        packets = []
        for at in range(0, len(samples), _FRAME):
            block = samples[None, at : at + _FRAME]
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, at
            packets += context.encode(frame)
        packets += context.encode(None)
    return [bytes(packet) for packet in packets]


def _peak(packets: Sequence[bytes], samples: NDArray[np.float32], bitrate: int, ceiling: float, above: float) -> float:
    """The true peak of what is heard of encoded samples that were limited to `ceiling`, if it comes above `above`."""
    import numpy as np

    parts = heard_where_loud(packets, samples, bitrate, ceiling)
    apart = np.zeros(AAC_BLOCK, np.float32)
    return true_peak(np.concatenate([apart, *(run for part in parts for run in (part, apart))]), above)


def heard_where_loud(
    packets: Sequence[bytes], take: NDArray[np.float32], bitrate: int, ceiling: float
) -> list[NDArray[np.float32]]:
    """What is heard of the encoded `take` within `_NEAR` dB of `ceiling`, and one block more on either side."""
    import numpy as np

    high = np.abs(take).reshape(-1, AAC_BLOCK).max(axis=1) > 10 ** ((ceiling - _NEAR) / 20)
    near = high.copy()
    near[:-1] |= high[1:]
    near[1:] |= high[:-1]
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False)).tolist()
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    # A block is heard with the packet after the one that begins it; what comes with that one is of no use.
    decoded = decode([packet for begin, end in runs for packet in packets[begin : end + 1]], bitrate) if runs else take
    found = []
    at = 0
    for begin, end in runs:
        found.append(decoded[(at + 1) * AAC_BLOCK : (at + 1 + end - begin) * AAC_BLOCK])
        at += end - begin + 1
    return found


def decode(packets: Sequence[bytes], bitrate: int) -> NDArray[np.float32]:
    """The samples as a player hears them: one block a packet. Raises `EncoderError`."""
    import numpy as np

    av = load()
    with libav_errors("check the sound"):
        encoder = av.CodecContext.create("aac", "w")
        encoder.sample_rate = SAMPLE_RATE
        configure(encoder, bitrate)
        encoder.open()
        decoder = av.CodecContext.create("aac", "r")
        decoder.extradata = encoder.extradata
        heard = np.empty((len(packets), AAC_BLOCK), np.float32)
        frames = (frame for packet in packets for frame in decoder.decode(av.Packet(packet)))
        for block, frame in zip(heard, frames, strict=True):
            block[:] = np.frombuffer(frame.planes[0], np.float32, AAC_BLOCK)
    return heard.reshape(-1)
