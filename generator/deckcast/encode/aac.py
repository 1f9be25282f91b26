"""Encodes what is heard over one step, so that it can be joined to anything without being encoded again.

An AAC packet carries a window over two blocks of 1,024 samples, and each block is heard as the sum of two
windows. A take is therefore encoded with a block of digital silence on either side: at a join, both windows
that overlap hold silence. The encoder's first packet belongs to the time before the sound and is dropped.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from deckcast.encode.libav import libav_errors, load
from deckcast.model import AAC_BLOCK, SAMPLE_RATE
from deckcast.sound import read_wav, resample
from deckcast.timeline import blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OPTIONS = {"aac_coder": "fast", "aac_pns": "0"}
"""The fast coder is nearer to the source than the default one at the rates in question, and noise is not made up."""


def configure(context: Any, bitrate: int) -> None:
    """Sets up a PyAV codec context: an encoder's, or the one that stands for a stream to be written."""
    context.layout = "mono"
    context.format = "fltp"
    context.bit_rate = bitrate * 1000
    context.options = dict(OPTIONS)


def encode_take(sounds: tuple[tuple[int, int, bytes], ...], samples: int, bitrate: int) -> bytes:
    """`pack`ed packets: a silent one and those of the take of `samples`. Raises `EncoderError`.

    `sounds` are (first sample, length, WAV file) of its utterances.
    """
    import numpy as np

    take = np.zeros((blocks(samples) + 2) * AAC_BLOCK, np.float32)
    for start, length, wav in sounds:
        sound = resample(*read_wav(wav))[:length]
        begin = AAC_BLOCK + start
        take[begin : begin + len(sound)] += sound
    return pack(_encode(take, bitrate)[1:-1])


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
        for at in range(0, len(samples), AAC_BLOCK):
            block = samples[None, at : at + AAC_BLOCK]
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, at
            packets += context.encode(frame)
        packets += context.encode(None)
    return [bytes(packet) for packet in packets]
