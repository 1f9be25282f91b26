"""Speaks standard input with flite: `flite_program.py speak VOICE STRETCH`, `flite_program.py probe VOICE`.

A program of its own, started afresh for each sentence by `speech_process.py`, which describes the answer.
It imports next to nothing, because its start is part of every sentence's cost.
"""

from __future__ import annotations

import ctypes
import os
import sys

TYPE_CHECKING = False  # as in `typing`, whose import would cost 5 ms
if TYPE_CHECKING:
    from typing import Any

SUFFIXES = (".so.1", ".so", ".1.dylib", ".dylib")


class Wave(ctypes.Structure):
    """`cst_wave` of flite's cst_wave.h."""

    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.c_void_p),
    )


class Voice(ctypes.Structure):
    """The beginning of `cst_voice` of flite's cst_voice.h."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


class Origin(ctypes.Structure):
    """`Dl_info` of dladdr(3)."""

    _fields_ = (
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("symbol", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


def load(name: str) -> ctypes.CDLL:
    failure = OSError(f"{name} was not found")
    for suffix in SUFFIXES:
        try:
            return ctypes.CDLL(name + suffix)
        except OSError as error:
            if suffix == SUFFIXES[0]:
                failure = error
    raise failure


def file_of(function: Any) -> str:
    """The base name of the file, links followed, that a loaded function came from: it carries the version."""
    origin = Origin()
    ctypes.CDLL(None).dladdr(ctypes.cast(function, ctypes.c_void_p), ctypes.byref(origin))
    return os.path.basename(os.path.realpath(os.fsdecode(origin.file or b"")))  # noqa: PTH119 - pathlib costs 10 ms


def open_library(voice: str) -> tuple[ctypes.CDLL, Any]:
    """The library and the function that makes the voice."""
    flite = load("libflite")
    register = getattr(load("libflite_" + voice), "register_" + voice)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    register.restype, register.argtypes = ctypes.POINTER(Voice), [pointer]
    for name, result, arguments in (
        ("flite_synth_text", pointer, [text, pointer]),
        ("utt_wave", ctypes.POINTER(Wave), [pointer]),
        ("utt_relation", pointer, [pointer, text]),
        ("relation_head", pointer, [pointer]),
        ("item_next", pointer, [pointer]),
        ("ffeature_float", ctypes.c_float, [pointer, text]),
        ("ffeature_string", text, [pointer, text]),
        ("feat_set_float", None, [pointer, text, ctypes.c_float]),
    ):
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    flite.flite_init()
    return flite, register


def sounds(flite: ctypes.CDLL, utterance: int, text: bytes) -> list[tuple[int, float, float]]:
    """(offset, start, stop) of each word of the utterance that has a sound."""
    found = []
    item = flite.relation_head(flite.utt_relation(utterance, b"Word"))
    offset, after = 0, 0
    while item:
        # All words of a token name it; the first one is known by having none before it in the token ("0").
        if flite.ffeature_string(item, b"R:Token.p.name") == b"0":
            token = flite.ffeature_string(item, b"R:Token.parent.name")
            place = text.find(token, after)
            if place >= 0:
                offset, after = place, place + len(token)
        start = flite.ffeature_float(item, b"R:SylStructure.daughter1.daughter1.R:Segment.p.end")
        stop = flite.ffeature_float(item, b"R:SylStructure.daughtern.daughtern.R:Segment.end")
        if stop > start:
            found.append((offset, start, stop))
        item = flite.item_next(item)
    return found


def main(job: str, voice: str, stretch: str = "1") -> None:
    flite, register = open_library(voice)
    if job == "probe":
        sys.stdout.write(f"{file_of(flite.flite_synth_text)} {file_of(register)}\n")
        return
    text = sys.stdin.buffer.read()
    speaker = register(None)
    flite.feat_set_float(speaker.contents.features, b"duration_stretch", float(stretch))
    utterance = flite.flite_synth_text(text, speaker)
    if not utterance:
        raise OSError("flite could not speak this text")
    wave = flite.utt_wave(utterance).contents
    heard = sounds(flite, utterance, text)
    out = sys.stdout.buffer
    out.write(b"%d %d\n" % (wave.sample_rate, len(heard)))
    for offset, start, stop in heard:
        out.write(b"%d %.6f %.6f\n" % (offset, start, stop))
    out.write(ctypes.string_at(wave.samples, 2 * wave.num_samples))
    out.flush()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, AttributeError) as error:
        sys.exit(str(error))
