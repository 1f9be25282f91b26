"""Holds kokoro's model: the program that `voice_kokoro.py` asks.

kokoro-onnx is MIT; it finds phonemes with phonemizer and espeak-ng, which are GPL-3.0-or-later.

settings: model, voices. options: voice, language (espeak's name of it), rate, words (offset and text of each).
Between `[[` and `]]` stands IPA.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from deckcast.engines.onnx_session import Session
from deckcast.engines.phoneme_times import word_times
from deckcast.engines.speech_worker_loop import Refused, Sounding, seed_of, serve

_GIVEN = re.compile(r"\[\[(.*?)\]\]")
_BEFORE_MARK = re.compile(r" (?=[,.;:!?…])")


class Speaker:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        kokoro: Any = import_module("kokoro_onnx")
        self._session = Session(Path(settings["model"]))
        self._kokoro = kokoro.Kokoro.from_session(self._session, settings["voices"])
        self._phonemizers: dict[str, Any] = {}

    def __call__(self, text: str, options: Mapping[str, Any]) -> Sounding:
        words = options["words"]
        spoken, *own = (self._phonemes(part, options["language"]) for part in (text, *(word for _, word in words)))
        if not spoken:
            raise Refused(f"there is nothing in `{text.strip()}` that it could say")
        self._session.seed(seed_of(text))
        samples, rate, timings = self._kokoro.create_timed(
            spoken, options["voice"], options["rate"], options["language"], is_phonemes=True
        )
        if not timings:
            return Sounding(samples, rate, None)
        times = word_times(own, [(one.phoneme, one.start, one.end) for one in timings])
        sounds = [(begin, *span) for (begin, _), span in zip(words, times, strict=True) if span is not None]
        return Sounding(samples, rate, sounds)

    def _phonemes(self, text: str, language: str) -> str:
        """As kokoro-onnx finds them, but without the marks of words in other languages."""
        parts = _GIVEN.split(text)  # every other one stood in brackets
        parts[::2] = (self._spelled(one, language) if one.strip() else one for one in parts[::2])
        found = " ".join(self._kokoro.tokenizer.known(" ".join(parts)).split())
        return _BEFORE_MARK.sub("", found)

    def _spelled(self, text: str, language: str) -> str:
        if language not in self._phonemizers:
            backend: Any = import_module("phonemizer.backend")
            self._phonemizers[language] = backend.EspeakBackend(
                language, preserve_punctuation=True, with_stress=True, language_switch="remove-flags"
            )
        return " ".join(self._phonemizers[language].phonemize([text]))


if __name__ == "__main__":
    serve(Speaker)
