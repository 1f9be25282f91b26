"""Runs the small programs that hold the speech libraries, a fresh one for each sentence.

Three reasons, all measured or met: the libraries draw noise from state that outlives a call, so only the
first call of a process gives the same bytes every time; they are not thread-safe and end the process on
errors of their own; and espeak-ng is GPL, so it stays in a program of its own.

The program is given its settings as arguments and the text on standard input as UTF-8. It answers with

    <samples a second> <number of sounds>\\n
    <offset of the word in the text> <start> <stop>\\n       one line a sound, times in seconds
    <PCM: signed 16-bit little-endian, one channel>

and ends with 0, or with another code and one line on standard error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deckcast.engines.word_times import Sound
from deckcast.errors import VoiceError

PATIENCE = 60.0
"""Seconds a sentence may take, before `PATIENCE_A_CHARACTER` for each of its characters."""
PATIENCE_A_CHARACTER = 0.1
TRIES = 2
"""How often a sentence is tried: a system short of memory may end a program that did nothing wrong."""


@dataclass(frozen=True, slots=True)
class Spoken:
    pcm: bytes
    rate: int
    sounds: tuple[Sound, ...]


class ProgramFailed(VoiceError):
    """The program ended badly; the message is its own last line."""


class ProgramHung(ProgramFailed):
    """The program gave no answer in time, and would most likely give none another time."""


def cores() -> int:
    """Processor cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ask(program: str, arguments: Sequence[str], text: str = "", *, patience: float | None = None) -> bytes:
    """What the program answers. Raises `ProgramFailed`.

    A session of its own keeps Ctrl-C from the program, so that a sentence under way can be finished and kept.
    """
    path = Path(__file__).parent / program
    # No site-packages and no user settings: the start costs a third less, and nothing foreign can change the sound.
    command = [sys.executable, "-I", "-S", str(path), *arguments]
    limit = patience if patience is not None else PATIENCE + PATIENCE_A_CHARACTER * len(text)
    try:
        done = subprocess.run(
            command, input=text.encode("utf-8"), capture_output=True, timeout=limit, start_new_session=True, check=False
        )
    except subprocess.TimeoutExpired:
        raise ProgramHung(f"no answer within {limit:.0f} seconds") from None
    except OSError as error:
        raise ProgramFailed(f"cannot start {sys.executable}: {error.strerror or error}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        ended = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        raise ProgramFailed(said[-1] if said else f"ended with {ended}")
    return done.stdout


def speak(program: str, arguments: Sequence[str], text: str) -> Spoken:
    """The text as sound. Raises `ProgramFailed` when the answer is not whole, and was not when asked again."""
    for _ in range(TRIES - 1):
        try:
            return _speak(program, arguments, text)
        except ProgramHung:
            raise
        except ProgramFailed:
            continue
    return _speak(program, arguments, text)


def _speak(program: str, arguments: Sequence[str], text: str) -> Spoken:
    answer = ask(program, arguments, text)
    try:
        head, _, rest = answer.partition(b"\n")
        rate, count = (int(number) for number in head.split())
        sounds = []
        for _ in range(count):
            line, _, rest = rest.partition(b"\n")
            offset, start, stop = line.split()
            sounds.append(Sound(int(offset), float(start), float(stop)))
    except ValueError as error:
        raise ProgramFailed(f"answered something else than speech: {error}") from error
    if rate <= 0 or not rest or len(rest) % 2:
        raise ProgramFailed("answered without sound")
    return Spoken(rest, rate, tuple(sounds))
