"""A voice for tests: a tone a word, the same everywhere, and failures on demand."""

from __future__ import annotations

import array
import math
import sys
import threading
from collections.abc import Callable, Sequence

from deckcast.engines.word_times import words_in
from deckcast.errors import NarrationError, VoiceError
from deckcast.model import Phonemes, Speech, Word
from deckcast.ports import Availability, Catalogue

RATE = 8_000
EDGE = 0.1
"""Seconds of silence before the first word and after the last."""
GAP = 0.02
"""Seconds of silence after each word."""


UNKNOWN = "ʘǀǃǂǁ"
"""Sounds of the IPA that the fake has not: clicks."""


class FakeVoice:
    """Each word is a tone of its own pitch, as long as its letters; what was spoken is in `spoken` and `sounded`."""

    def __init__(
        self,
        variant: str = "",
        *,
        language: str = "en",
        rate: float = 1.0,
        parallel: int = 2,
        fails: Callable[[str], bool] | None = None,
    ) -> None:
        """`fails` tells for which texts `speak` raises `VoiceError`; without it, for none."""
        self._identity = f"fake 1 {variant} {language} rate {rate:g}"
        self._rate = rate
        self._parallel = parallel
        self._fails = fails
        self._lock = threading.Lock()
        self.spoken: list[str] = []
        self.closed = False
        self.sounded: list[tuple[Phonemes, ...]] = []

    @classmethod
    def availability(cls, language: str) -> Availability:  # noqa: ARG003 - any language
        return Availability(True, "tones, for tests")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:  # noqa: ARG003 - any language
        return Catalogue((("fake", "a tone a word"),))

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def name(self) -> str:
        return "fake"

    @property
    def parallel(self) -> int:
        return self._parallel

    def close(self) -> None:
        self.closed = True

    def lacks(self, ipa: str) -> tuple[str, ...] | None:
        return tuple(dict.fromkeys(one for one in ipa if one in UNKNOWN))

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        with self._lock:
            self.spoken.append(text)
            self.sounded.append(tuple(phonemes))
        if self._fails is not None and self._fails(text):
            raise VoiceError("the fake voice was told to fail", hint="tell it otherwise")
        words = words_in(text)
        if not words:
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words")
        pcm = array.array("h", bytes(2 * round(EDGE * RATE)))
        placed = []
        for begin, end in words:
            start = len(pcm)
            sounds = [one.ipa for one in phonemes if one.begin < end and begin < one.end]
            pcm.extend(_tone("".join(sounds) or text[begin:end], self._rate))
            placed.append(Word(begin, end, start / RATE, len(pcm) / RATE))
            pcm.frombytes(bytes(2 * round(GAP * RATE)))
        pcm.frombytes(bytes(2 * round(EDGE * RATE)))
        if sys.byteorder == "big":
            pcm.byteswap()
        return Speech(pcm.tobytes(), RATE, tuple(placed))


def _tone(word: str, rate: float) -> array.array[int]:
    pitch = 200 + 10 * (sum(word.encode()) % 30)
    samples = round(0.05 * len(word) / rate * RATE)
    return array.array("h", (round(12_000 * math.sin(2 * math.pi * pitch * i / RATE)) for i in range(samples)))
