"""Speaks standard input with espeak-ng: `espeak_program.py speak LIBRARY DATA VOICE WPM PITCH VOLUME KIND`,
where KIND is `text`, or `mixed` for text with phonemes between `[[` and `]]`.

`espeak_program.py probe LIBRARY DATA` prints the version and the data folder, then a line a voice: its identifier,
its name and its language tags, each tag with its priority before it, with tabs between. `phonemes LIBRARY DATA VOICE`
prints a line a phoneme: its name, and what it is in IPA between two `p` and between two `a`; the first line has no
name and tells of `a` alone. DATA is `espeak-ng-data`, or empty for the library's own.

A program of its own, started afresh for each sentence by `speech_process.py`, which describes the answer.
It imports next to nothing, because its start is part of every sentence's cost. espeak-ng is GPL-3.0-or-later;
nothing else of deckcast loads it.
"""

from __future__ import annotations

import array
import ctypes
import os
import struct
import sys

TYPE_CHECKING = False  # as in `typing`, whose import would cost 5 ms
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Names and values of espeak-ng's speak_lib.h.
AUDIO_OUTPUT_SYNCHRONOUS = 2
DONT_EXIT = 0x8000
RATE, VOLUME, PITCH = 1, 2, 3
CHARS_UTF8, PHONEMES = 1, 0x100
IPA = 2
VOWEL = 2
LIST_TERMINATED, WORD, END = 0, 1, 5

QUIET = 250
"""Of 32768: what is below this at the end of a clause is its pause, not its last word."""


class Event(ctypes.Structure):
    """`espeak_EVENT`."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class Voice(ctypes.Structure):
    """`espeak_VOICE`."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(Event))


def languages(at: int) -> Iterator[str]:
    """`5 en-us`, …: a list of (priority byte, text, zero byte), ended by a zero priority."""
    while at and (priority := ctypes.string_at(at, 1)[0]):
        tag = ctypes.string_at(at + 1)
        yield f"{priority} {tag.decode('utf-8', 'replace')}"
        at += len(tag) + 2


def probe(espeak: ctypes.CDLL) -> None:
    data = ctypes.c_char_p()
    espeak.espeak_Info.restype = ctypes.c_char_p
    version = espeak.espeak_Info(ctypes.byref(data)).decode()
    sys.stdout.write(f"{version}\t{(data.value or b'').decode()}\n")
    espeak.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(Voice))
    voices = espeak.espeak_ListVoices(None)
    index = 0
    while voices[index]:
        voice = voices[index].contents
        line = "\t".join((voice.identifier.decode(), voice.name.decode(), *languages(voice.languages)))
        sys.stdout.write(f"{line}\n")
        index += 1


def phonemes(espeak: ctypes.CDLL, voice: str) -> None:
    folder = ctypes.c_char_p()
    espeak.espeak_Info.restype = ctypes.c_char_p
    espeak.espeak_Info(ctypes.byref(folder))
    set_voice(espeak, voice)
    callback = CALLBACK(lambda *_: 0)
    espeak.espeak_SetSynthCallback(callback)
    synthesize(espeak, b"a", PHONEMES)  # what `[[` means is remembered from the last text that was spoken
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def ipa(names: str) -> str:
        text = ctypes.c_char_p(f"[[{names}]]".encode())
        return (espeak.espeak_TextToPhonemes(ctypes.byref(text), CHARS_UTF8, IPA) or b"").decode("utf-8", "replace")

    lines = [f"\t\t{ipa('a')}\n"]
    with open(os.path.join((folder.value or b"").decode(), "phontab"), "rb") as file:  # noqa: PTH118, PTH123
        names = mnemonics(file.read())
    lines += [f"{name}\t{ipa(f'p|{name}|p')}\t{ipa(f'a|{name}|a')}\n" for name in names]
    sys.stdout.buffer.write("".join(lines).encode())


def mnemonics(phontab: bytes) -> Iterator[str]:
    """The names of all phonemes of all languages, each once.

    The file holds tables: the number of entries in a byte, then 3 bytes and 32 of the table's name, then entries of 16
    bytes, that begin with a name of 4; their 12th byte is the kind of phoneme.
    """
    found: dict[str, None] = {}
    at = 4
    for _ in range(phontab[0]):
        count = phontab[at]
        at += 36
        for _ in range(count):
            name, kind = struct.unpack_from("4s7xB", phontab, at)
            at += 16
            text = name.rstrip(b"\0").decode("latin-1")
            if kind >= VOWEL and text.isascii() and text.isprintable() and text:
                found[text] = None
    return iter(found)


def set_voice(espeak: ctypes.CDLL, voice: str) -> None:
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        raise OSError(f"espeak-ng has no voice {voice}")


def synthesize(espeak: ctypes.CDLL, text: bytes, flags: int) -> None:
    espeak.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
        ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    if espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, CHARS_UTF8 | flags, None, None) != 0:
        raise OSError("espeak-ng could not speak this text")


def speak(espeak: ctypes.CDLL, rate: int, voice: str, wpm: str, pitch: str, volume: str, mixed: str) -> None:
    text = sys.stdin.buffer.read()
    pcm = array.array("h")
    marks: list[tuple[int, int]] = []  # (sample, offset of a word; -1 where a clause ends)

    def receive(samples: int | None, count: int, event: Any) -> int:
        if samples and count:
            pcm.frombytes(ctypes.string_at(samples, 2 * count))
        index = 0
        while event[index].type != LIST_TERMINATED:
            if event[index].type == WORD:
                marks.append((event[index].sample, event[index].text_position - 1))
            elif event[index].type == END:
                marks.append((event[index].sample, -1))
            index += 1
        return 0

    callback = CALLBACK(receive)
    espeak.espeak_SetSynthCallback(callback)
    set_voice(espeak, voice)
    for parameter, value in ((RATE, wpm), (PITCH, pitch), (VOLUME, volume)):
        espeak.espeak_SetParameter(parameter, int(value), 0)
    synthesize(espeak, text, PHONEMES if mixed == "mixed" else 0)
    heard = tuple(sounds(marks, pcm))
    out = sys.stdout.buffer
    out.write(b"%d %d\n" % (rate, len(heard)))
    for offset, start, stop in heard:
        out.write(b"%d %.6f %.6f\n" % (offset, start / rate, stop / rate))
    out.write(pcm.tobytes() if sys.byteorder == "little" else swapped(pcm))
    out.flush()


def sounds(marks: list[tuple[int, int]], pcm: array.array[int]) -> Iterator[tuple[int, int, int]]:
    """(offset, start, stop) in samples of each word. A clause's end comes after its pause, which is taken off."""
    ends = [*marks[1:], (len(pcm), -1)]
    for (start, offset), (stop, following) in zip(marks, ends):  # noqa: B905 - equal lengths by construction
        if offset < 0:
            continue
        stop = min(stop, len(pcm))
        if following < 0:
            while stop > start and abs(pcm[stop - 1]) < QUIET:
                stop -= 1
        if stop > start:
            yield offset, start, stop


def swapped(pcm: array.array[int]) -> bytes:
    pcm.byteswap()
    return pcm.tobytes()


def main(job: str, library: str, data: str, *arguments: str) -> None:
    espeak = ctypes.CDLL(library)
    rate = espeak.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data.encode() or None, DONT_EXIT)
    if rate <= 0:
        raise OSError(f"espeak-ng cannot read its data in {data or 'its own folder'}")
    if job == "probe":
        probe(espeak)
    elif job == "phonemes":
        phonemes(espeak, *arguments)
    else:
        speak(espeak, rate, *arguments)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, AttributeError) as error:
        sys.exit(str(error))
