"""The bits that are read and changed in an H.264 stream, on headers written here."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.encode.h264 import (
    START,
    Parameters,
    byte_stream,
    nal_units,
    pictures_only,
    read_parameters,
    with_idr_pic_id,
)
from deckcast.errors import EncoderError

SPS = bytes.fromhex("67640028acb403c0113f2cd40404050000030001000003003c0f1832a0")
"""x264's for 1920×1080 at 30 fps: High profile, frame_num of 4 bits, pictures in the order of decoding."""
PPS = bytes.fromhex("68ee3cb0")


def ue(number: int) -> str:
    code = f"{number + 1:b}"
    return "0" * (len(code) - 1) + code


def se(number: int) -> str:
    return ue(2 * number - 1 if number > 0 else -2 * number)


def key_picture(idr_pic_id: int, qp_delta: int, deblocking: tuple[int, ...], bits: int, data: bytes) -> bytes:
    """A slice as the standard writes it: header, ones up to the byte, data, no start codes within."""
    header = ue(0) + ue(7) + ue(0) + "0" * bits + ue(idr_pic_id) + "00" + se(qp_delta)
    if deblocking:
        header += ue(deblocking[0]) + "".join(se(offset) for offset in deblocking[1:])
    header += "1" * (-len(header) % 8)
    payload = int(header, 2).to_bytes(len(header) // 8, "big") + data
    escaped = b""
    for byte in payload:
        if escaped.endswith(b"\0\0") and byte <= 3:
            escaped += b"\3"
        escaped += bytes([byte])
    return START + b"\x65" + escaped


def test_parameter_sets_say_how_slices_are_written() -> None:
    assert read_parameters(START + SPS + START + PPS) == Parameters(frame_num_bits=4, deblocking=True)
    assert Parameters(4, deblocking=True).period == 16


@pytest.mark.parametrize(
    ("stream", "what"),
    [
        (b"", "it has no parameter sets"),
        (START + SPS, "it has no parameter sets"),
        (START + SPS[:4] + START + PPS, "its headers are cut short"),
        (START + b"\x67\x42\x00\x28" + bytes([0b11111000]) + START + PPS, "its pictures are not in the order of"),
        (START + SPS + START + bytes([0x68, 0b11000000]), "it is not written with CABAC"),
    ],
)
def test_streams_written_in_another_way_are_refused(stream: bytes, what: str) -> None:
    with pytest.raises(EncoderError, match=re.escape(what)):
        read_parameters(stream)


@given(
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(-26, 25),
    st.one_of(st.just((1,)), st.tuples(st.sampled_from([0, 2]), st.integers(-6, 6), st.integers(-6, 6)), st.just(())),
    st.integers(4, 16),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 255]), max_size=40).map(lambda data: bytes([*data, 0x80])),
)
def test_only_the_number_of_a_key_picture_changes(
    old: int, new: int, qp_delta: int, deblocking: tuple[int, ...], bits: int, data: bytes
) -> None:
    parameters = Parameters(bits, deblocking=bool(deblocking))
    before = key_picture(old, qp_delta, deblocking, bits, data)
    after = key_picture(new, qp_delta, deblocking, bits, data)
    assert with_idr_pic_id(before, new, parameters) == after
    assert with_idr_pic_id(after, old, parameters) == before


def test_other_slices_than_key_pictures_are_refused() -> None:
    parameters = Parameters(4, deblocking=True)
    whole = key_picture(0, 0, (1,), 4, b"\x80")
    with pytest.raises(EncoderError, match="not one IDR slice"):
        with_idr_pic_id(whole + whole, 1, parameters)
    with pytest.raises(EncoderError, match="not one IDR slice"):
        with_idr_pic_id(START + b"\x41" + whole[5:], 1, parameters)
    with pytest.raises(EncoderError, match="not an I slice"):
        with_idr_pic_id(START + b"\x65" + bytes([0b11100000]), 1, parameters)


def test_messages_of_the_encoder_are_left_out() -> None:
    key = key_picture(0, 0, (1,), 4, b"\x80")
    assert pictures_only(b"\0\0\1\x06\x05\x01\x80" + key) == key


@given(st.lists(st.binary(min_size=1, max_size=9).map(lambda data: bytes(b % 250 + 4 for b in data)), max_size=5))
def test_units_come_out_of_a_byte_stream_as_they_went_in(units: list[bytes]) -> None:
    assert nal_units(byte_stream(units)) == units
    assert nal_units(byte_stream(units).replace(START, START[1:])) == units
