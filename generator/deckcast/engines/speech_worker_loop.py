"""The other side of `speech_worker.py`: what a program does that holds a voice's model.

It is asked in lines of JSON on standard input:

    {"settings": {…}, "limit": seconds}                  first, once: load the model
    {"text": "…", "options": {…}, "limit": seconds}      then, for each sentence

and answers each with a line on standard output, the last kind followed by so many bytes of PCM:

    {"ready": true}
    {"failed": "why", "loading": whether it is the model that cannot be used}
    {"refused": "what the author must mend"}
    {"rate": samples a second, "sounds": [[offset, start, stop], …] or null, "bytes": n}

It ends when its input does, so that it never outlives the build, however that ends.
"""

from __future__ import annotations

import contextlib
import faulthandler
import hashlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

if TYPE_CHECKING:
    import numpy

_SPARE = 15.0
"""Seconds beyond its limit after which a program whose builder is gone ends itself, whatever holds it up."""
_QUIET = 1e-4
"""Of full scale: sound that never comes higher is none."""


class Refused(Exception):
    """The text cannot be spoken as it is; the message is for its author."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """What a model gives for a text."""

    samples: numpy.ndarray[Any, Any]
    """Full scale is 1; of several channels, the samples of each in a row of their own."""
    rate: int
    sounds: Sequence[tuple[int, float, float]] | None
    """(offset in the text, start, stop in seconds) of each word; None where that is not known."""


Speaking: TypeAlias = Callable[[str, Mapping[str, Any]], Sounding]
"""Speaks a text with its options."""


def serve(load: Callable[[Mapping[str, Any]], Speaking]) -> None:
    """Answers until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    first = requests.get()
    try:
        with _limited(first["limit"]):
            speak = load(first["settings"])
    except Exception as error:
        _answer(answers, {"failed": _said(error), "loading": True})
        return
    _answer(answers, {"ready": True})
    while True:
        request = requests.get()
        try:
            with _limited(request["limit"]):
                head, pcm = _made(speak(request["text"], request["options"]))
        except Refused as refused:
            head, pcm = {"refused": str(refused)}, b""
        except Exception as error:
            head, pcm = {"failed": _said(error)}, b""
        _answer(answers, head, pcm)


def seed_of(text: str) -> int:
    """A number of 32 bits for a text, so that what is drawn at random is the same each time."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4], "big")


def _listen(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)


@contextlib.contextmanager
def _limited(seconds: float) -> Any:
    """The interpreter's own watchdog, which needs nobody to let go of anything."""
    faulthandler.dump_traceback_later(seconds + _SPARE, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _made(sounding: Sounding) -> tuple[dict[str, Any], bytes]:
    import numpy

    samples = numpy.asarray(sounding.samples, dtype=numpy.float32)
    if samples.ndim > 1:  # channels × samples
        samples = samples.reshape(-1, samples.shape[-1]).mean(axis=0)
    if not samples.size or not numpy.isfinite(samples).all() or float(numpy.abs(samples).max()) < _QUIET:
        raise ValueError("the model answered without sound")
    pcm = (samples.clip(-1, 1) * 32767).round().astype("<i2").tobytes()
    return {"rate": sounding.rate, "sounds": sounding.sounds, "bytes": len(pcm)}, pcm


def _answer(answers: BinaryIO, head: Mapping[str, Any], pcm: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + pcm)
    answers.flush()


def _said(error: Exception) -> str:
    """One line: libraries' own messages often have many."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{line[:300]}" if line else type(error).__name__
