"""Takes that can be joined to anything, through the real encoder."""

from __future__ import annotations

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from deckcast.encode import aac
from deckcast.encode.mix import Sound
from deckcast.model import AAC_BLOCK
from deckcast.peaks import true_peak
from deckcast.sound import resample, resampled, write_wav
from deckcast.timeline import blocks
from encode.lessons import RATE, speech
from encode.measure import decibels, lag


@given(st.lists(st.binary(max_size=800)))
def test_packets_come_out_as_they_went_in(packets: list[bytes]) -> None:
    assert aac.unpack(aac.pack(packets)) == packets


def decode(packets: list[bytes], bitrate: int = 128) -> NDArray[np.float32]:
    """As a player hears them: each packet is one block."""
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate = 48_000
    aac.configure(encoder, bitrate)
    encoder.open()
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = encoder.extradata
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    assert [frame.samples for frame in frames] == [AAC_BLOCK] * len(packets)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def take(seconds: float, seed: int, bitrate: int = 128) -> tuple[list[bytes], NDArray[np.float32]]:
    pcm = speech(seconds, seed).tobytes()
    samples = resampled(len(pcm) // 2, RATE)
    packed = aac.encode_take((Sound(0, samples, write_wav(pcm, RATE)),), samples, bitrate, -1.5)
    return aac.unpack(packed), resample(pcm, RATE)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.01, 0.5, 1.28, 3.0])
@pytest.mark.parametrize("bitrate", [64, 128])
def test_a_take_is_heard_one_block_after_its_first_packet(seconds: float, bitrate: int) -> None:
    packets, said = take(seconds, 7, bitrate)
    assert len(packets) == blocks(len(said)) + 1
    silence = aac.encode_silence(bitrate)
    heard = decode([silence] * 3 + packets + [silence] * 3, bitrate)
    at = 4 * AAC_BLOCK
    assert lag(heard, said, at) == 0
    assert decibels(said, heard[at : at + len(said)] - said) > 24


@pytest.mark.slow
def test_silence_is_silent_to_the_last_bit() -> None:
    silence = aac.encode_silence(128)
    assert not decode([silence] * 20).any()
    assert len(silence) < 10


@pytest.mark.slow
def test_joins_add_nothing_to_what_each_take_is_by_itself() -> None:
    """Each take is heard the same, to the last bit, whatever stands before it and after it: no click can arise."""
    silence = aac.encode_silence(128)
    first, second = take(1.0, 1)[0], take(0.7, 2)[0]
    apart = [decode([silence] * 2 + packets + [silence] * 2) for packets in (first, second)]
    joined = decode([silence] * 2 + first + second + [silence] * 2)
    begin, end = 3 * AAC_BLOCK, (2 + len(first)) * AAC_BLOCK
    assert np.array_equal(joined[begin:end], apart[0][begin:end])
    again = end + AAC_BLOCK
    assert np.array_equal(joined[again:], apart[1][3 * AAC_BLOCK :])
    alone = apart[0][end:again] + apart[1][2 * AAC_BLOCK : 3 * AAC_BLOCK]
    assert np.allclose(joined[end:again], alone, atol=1e-6)
    assert np.abs(alone).max() < 0.05


@pytest.mark.slow
def test_utterances_stand_where_the_take_has_them() -> None:
    one, two = speech(0.5, 3).tobytes(), speech(0.4, 4).tobytes()
    lengths = [resampled(len(pcm) // 2, RATE) for pcm in (one, two)]
    start = lengths[0] + 12_345
    sounds = (Sound(0, lengths[0], write_wav(one, RATE)), Sound(start, lengths[1], write_wav(two, RATE)))
    silence = aac.encode_silence(128)
    heard = decode([silence, *aac.unpack(aac.encode_take(sounds, start + lengths[1], 128, -1.5)), silence])
    assert lag(heard, resample(one, RATE), 2 * AAC_BLOCK) == 0
    assert lag(heard, resample(two, RATE), 2 * AAC_BLOCK + start) == 0
    gap = heard[2 * AAC_BLOCK + lengths[0] + 2048 : 2 * AAC_BLOCK + start - 2048]
    assert np.abs(gap).max() < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("bitrate", [32, 128])
def test_a_loud_take_is_limited_as_it_is_heard_and_not_moved(bitrate: int) -> None:
    pcm = speech(3.0, 5).tobytes()
    samples = resampled(len(pcm) // 2, RATE)
    sound = Sound(0, samples, write_wav(pcm, RATE), gain=12.0)
    heard = decode(aac.unpack(aac.encode_take((sound,), samples, bitrate, -1.5)), bitrate)
    assert -2.5 < true_peak(heard) <= -1.5
    assert lag(heard, resample(pcm, RATE), AAC_BLOCK) == 0


@pytest.mark.slow
def test_only_what_is_loud_is_heard_again_and_just_as_it_is_in_the_whole() -> None:
    take = np.zeros(40 * AAC_BLOCK, np.float32)
    loud = speech(1.0, 9)[:12_000].astype(np.float32) / 32768
    take[5_000 : 5_000 + len(loud)] = 0.05 * loud
    for at, level in ((20_000, 1.0), (24_300, 0.9), (35_000, 0.001)):
        take[at : at + 3000] = level * loud[:3000]
    packets = aac._encode(take, 128)
    whole = aac.decode(packets, 128)[AAC_BLOCK:]
    ceiling = 20 * np.log10(np.abs(take).max())
    parts = aac.heard_where_loud(packets, take, 128, ceiling)
    assert 0 < sum(map(len, parts)) < len(take) // 3
    found = [
        next(at for at in range(0, len(whole), AAC_BLOCK) if np.array_equal(part, whole[at : at + len(part)]))
        for part in parts
    ]
    kept = np.zeros(len(whole), bool)
    for at, part in zip(found, parts, strict=True):
        kept[at : at + len(part)] = True
    assert np.abs(whole[~kept]).max() < np.abs(take).max() / 2
    assert max(map(true_peak, parts)) == pytest.approx(true_peak(whole), abs=1e-3)
    assert aac.heard_where_loud(packets, 0 * take, 128, ceiling) == []
