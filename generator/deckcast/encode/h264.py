"""The few bits of an H.264 stream that we read and change. Pure; clauses refer to ITU-T H.264 (08/2021).

A picture that stays on screen for long is sent again and again, so that a viewer can seek. Two key pictures
in a row must differ in `idr_pic_id` (clause 7.4.3), and this module writes it without encoding again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from deckcast.errors import EncoderError

START = b"\0\0\0\1"
"""What stands before each NAL unit in a byte stream (annex B)."""

_SLICE_IDR, _SEI, _SPS, _PPS = 5, 6, 7, 8
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the parameter sets say about how slice headers are written."""

    frame_num_bits: int
    deblocking: bool
    """Whether a slice header speaks of the deblocking filter."""

    @property
    def period(self) -> int:
        """After how many pictures `frame_num` begins again."""
        return 1 << self.frame_num_bits


def nal_units(stream: bytes) -> list[bytes]:
    """The NAL units of a byte stream, without what stands between them."""
    return [unit for unit in re.split(b"\0\0\0?\1", stream) if unit]


def byte_stream(units: list[bytes]) -> bytes:
    return b"".join(START + unit for unit in units)


def kind(unit: bytes) -> int:
    """`nal_unit_type`."""
    return unit[0] & 0x1F


def pictures_only(stream: bytes) -> bytes:
    """`stream` without the messages (SEI) that an encoder leaves about itself."""
    return byte_stream([unit for unit in nal_units(stream) if kind(unit) != _SEI])


def read_parameters(stream: bytes) -> Parameters:
    """Reads the SPS and PPS of a byte stream. Raises `EncoderError` where they say something not known here."""
    units = {kind(unit): unit for unit in nal_units(stream)}
    if _SPS not in units or _PPS not in units:
        _unknown("it has no parameter sets")
    return Parameters(_read_sps(_Bits.of(units[_SPS])), _read_pps(_Bits.of(units[_PPS])))


def with_idr_pic_id(stream: bytes, number: int, parameters: Parameters) -> bytes:
    """The one-slice key picture `stream` with another `idr_pic_id` (slice header, clause 7.3.3)."""
    units = nal_units(stream)
    if len(units) != 1 or kind(units[0]) != _SLICE_IDR:
        _unknown("a key picture is not one IDR slice")
    unit = units[0]
    payload = _unescape(unit[1:])
    bits = _Bits(payload)
    bits.ue()  # first_mb_in_slice
    if bits.ue() % 5 != 2:
        _unknown("a key picture is not an I slice")
    bits.ue()  # pic_parameter_set_id
    bits.u(parameters.frame_num_bits)
    begin = bits.at
    bits.ue()  # idr_pic_id
    end = bits.at
    bits.u(2)  # no_output_of_prior_pics_flag, long_term_reference_flag
    bits.ue()  # slice_qp_delta
    if parameters.deblocking and bits.ue() != 1:  # disable_deblocking_filter_idc
        bits.ue()  # slice_alpha_c0_offset_div2
        bits.ue()  # slice_beta_offset_div2
    header = bits.text(0, begin) + _ue(number) + bits.text(end, bits.at)
    header += "1" * (-len(header) % 8)  # cabac_alignment_one_bit
    data = payload[(bits.at + 7) // 8 :]
    return START + unit[:1] + _escape(int(header, 2).to_bytes(len(header) // 8) + data)


def _read_sps(bits: _Bits) -> int:
    """The length of `frame_num` (clause 7.3.2.1.1)."""
    profile = bits.u(8)
    bits.u(16)  # constraint flags, level_idc
    bits.ue()  # seq_parameter_set_id
    if profile in _HIGH_PROFILES:
        if bits.ue() == 3:  # chroma_format_idc
            _unknown("its colour is not subsampled")
        bits.ue()  # bit_depth_luma_minus8
        bits.ue()  # bit_depth_chroma_minus8
        bits.u(1)  # qpprime_y_zero_transform_bypass_flag
        if bits.u(1):  # seq_scaling_matrix_present_flag
            _unknown("it has scaling matrices")
    frame_num_bits = bits.ue() + 4  # log2_max_frame_num_minus4
    if bits.ue() != 2:  # pic_order_cnt_type
        _unknown("its pictures are not in the order of decoding")
    return frame_num_bits


def _read_pps(bits: _Bits) -> bool:
    """Whether slice headers speak of deblocking (clause 7.3.2.2)."""
    bits.ue()  # pic_parameter_set_id
    bits.ue()  # seq_parameter_set_id
    if not bits.u(1):  # entropy_coding_mode_flag
        _unknown("it is not written with CABAC")
    bits.u(1)  # bottom_field_pic_order_in_frame_present_flag
    if bits.ue():  # num_slice_groups_minus1
        _unknown("it has slice groups")
    bits.ue()  # num_ref_idx_l0_default_active_minus1
    bits.ue()  # num_ref_idx_l1_default_active_minus1
    bits.u(3)  # weighted_pred_flag, weighted_bipred_idc
    for _ in range(3):  # pic_init_qp_minus26, pic_init_qs_minus26, chroma_qp_index_offset
        bits.ue()
    return bits.u(1) == 1


def _unknown(what: str) -> NoReturn:
    raise EncoderError(
        f"this version of x264 writes pictures in a way that deckcast does not know: {what}",
        hint="install the version of PyAV that deckcast was tested with: pip install 'av==18.1.0'",
    )


class _Bits:
    """Reads a NAL unit's payload bit by bit. Only the first bytes are ever looked at."""

    def __init__(self, payload: bytes) -> None:
        head = payload[:64]
        self._text = f"{int.from_bytes(head):0{8 * len(head)}b}" if head else ""
        self.at = 0

    @classmethod
    def of(cls, unit: bytes) -> _Bits:
        return cls(_unescape(unit[1:]))

    def text(self, begin: int, end: int) -> str:
        return self._text[begin:end]

    def u(self, count: int) -> int:
        """`count` bits as a number."""
        taken = self._text[self.at : self.at + count]
        if len(taken) < count:
            _unknown("its headers are cut short")
        self.at += count
        return int(taken, 2)

    def ue(self) -> int:
        """An Exp-Golomb code (clause 9.1). Signed ones are as long, so they can be skipped with it, too."""
        one = self._text.find("1", self.at)
        if one < 0:
            _unknown("its headers are cut short")
        zeros = one - self.at
        self.at = one
        return self.u(zeros + 1) - 1


def _ue(number: int) -> str:
    code = f"{number + 1:b}"
    return "0" * (len(code) - 1) + code


def _unescape(data: bytes) -> bytes:
    """Takes the emulation prevention bytes out (clause 7.4.1)."""
    return data.replace(b"\0\0\3", b"\0\0")


def _escape(data: bytes) -> bytes:
    return re.sub(b"\0\0(?=[\0-\3])", b"\0\0\3", data)
