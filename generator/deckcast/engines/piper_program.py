"""Holds a voice of piper (GPL-3.0-or-later): the program that `voice_piper.py` asks.

settings: model, config. options: speaker, rate, words (offset and text of each). Between `[[` and `]]` stands IPA.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from deckcast.engines.onnx_session import Session
from deckcast.engines.phoneme_times import Timed, word_times
from deckcast.engines.speech_worker_loop import Refused, Sounding, seed_of, serve

_GIVEN = re.compile(r"(\[\[.*?\]\])")
_MARKS = re.compile(r"\S+")


class Speaker:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._piper: Any = import_module("piper")
        patch: Any = import_module("piper.patch_voice_with_alignment")

        def align(model: Any) -> None:
            with suppress(ValueError):  # it has this output already, or tells no durations
                patch.add_alignment_output(model)

        self._session = Session(Path(settings["model"]), align)
        config: Any = import_module("piper.config")
        told = json.loads(Path(settings["config"]).read_text(encoding="utf-8"))
        self._voice = self._piper.PiperVoice(session=self._session, config=config.PiperConfig.from_dict(told))
        self._letters = self._voice.config.phoneme_type.value == "text"

    def __call__(self, text: str, options: Mapping[str, Any]) -> Sounding:
        numpy: Any = import_module("numpy")
        voice = self._voice
        spoken = self._known(text)
        how = self._piper.SynthesisConfig(
            speaker_id=options["speaker"], length_scale=voice.config.length_scale / options["rate"]
        )
        self._session.seed(seed_of(text))
        parts: list[Any] = []
        stream: list[Timed] | None = []
        at = 0
        for chunk in voice.synthesize(spoken, how, include_alignments=True):
            samples = numpy.atleast_1d(chunk.audio_float_array)
            if stream is not None:
                timed = self._timed(chunk, at)
                stream = None if timed is None else stream + timed
            parts.append(samples)
            at += len(samples)
        if not parts:
            raise Refused(f"there is nothing in `{text.strip()}` that it could say")
        rate = voice.config.sample_rate
        return Sounding(
            numpy.concatenate(parts), rate, None if stream is None else self._sounds(options["words"], stream)
        )

    def _known(self, text: str) -> str:
        """The text as piper is to be given it.

        Marks alone, between or behind words that are given as IPA, would be read by their names, so they are given so,
        too. For a voice that reads letters, it is written in those that it knows.
        """
        if not self._letters:
            parts = _GIVEN.split(text)
            return "".join(_MARKS.sub(r"[[\g<0>]]", one) if len(parts) > 1 and _is_marks(one) else one for one in parts)
        known = self._voice.config.phoneme_id_map
        spoken = "".join(one if _in(one, known) or len(one.lower()) > 1 else one.lower() for one in text)
        lost = dict.fromkeys(one for one in spoken if one.isalnum() and not _in(one, known))
        if lost:
            raise Refused(f"the voice has no sound for `{''.join(lost)}`")
        return spoken

    def _timed(self, chunk: Any, at: int) -> list[Timed] | None:
        """Its phonemes, `at` samples later; None where the model does not tell how long they are.

        piper gives up its own list at the first phoneme that the voice does not know, so the durations are shared out
        here, as it has made the ids: each phoneme's are followed by those of a pause.
        """
        durations = chunk.phoneme_id_samples
        if durations is None or len(durations) != len(chunk.phoneme_ids):
            return None
        known, rate = self._voice.config.phoneme_id_map, self._voice.config.sample_rate
        pad = len(known.get("_", ()))
        timed: list[Timed] = []
        place = len(known.get("^", ())) + pad
        moment = at + int(sum(durations[:place]))
        for phoneme in chunk.phonemes:
            if phoneme not in known:
                continue
            taken = len(known[phoneme]) + pad
            stop = moment + int(sum(durations[place : place + taken]))
            timed.append((phoneme, moment / rate, stop / rate))
            moment, place = stop, place + taken
        return timed if place + len(known.get("$", ())) == len(durations) else None

    def _sounds(self, words: Sequence[tuple[int, str]], stream: Sequence[Timed]) -> list[tuple[int, float, float]]:
        own = [[one for part in self._voice.phonemize(self._known(word)) for one in part] for _, word in words]
        times = word_times(own, stream)
        return [(begin, *span) for (begin, _), span in zip(words, times, strict=True) if span is not None]


def _is_marks(text: str) -> bool:
    return not any(one.isalnum() for one in text)


def _in(character: str, known: Mapping[str, Any]) -> bool:
    return all(one in known for one in unicodedata.normalize("NFD", character))


if __name__ == "__main__":
    serve(Speaker)
