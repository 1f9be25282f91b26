"""Holds a model of the library transformers that speaks: the program that `voice_transformers.py` asks.

settings: model (a folder), vits (whether it is a VITS). options: speaker, rate, language,
words (offset and text of each).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from importlib import import_module, util
from typing import Any

from deckcast.engines.letters import in_letters
from deckcast.engines.phoneme_times import Timed, word_times
from deckcast.engines.speech_worker_loop import Refused, Sounding, seed_of, serve


def load(settings: Mapping[str, Any]) -> Vits | Other:
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    logging.getLogger("transformers").setLevel(logging.ERROR)
    pipe = transformers.pipeline(
        "text-to-speech", model=settings["model"], device=0 if torch.cuda.is_available() else -1
    )
    return Vits(torch, pipe) if settings["vits"] else Other(torch, pipe)


class Other:
    """Any model of the pipeline `text-to-speech`; when it says what is not known."""

    def __init__(self, torch: Any, pipe: Any) -> None:
        self._torch, self._pipe = torch, pipe

    def __call__(self, text: str, options: Mapping[str, Any]) -> Sounding:
        return self._heard(text, seed_of(text), {})

    def _heard(self, text: str, seed: int, parameters: Mapping[str, Any]) -> Sounding:
        self._torch.manual_seed(seed)
        with self._torch.inference_mode():
            heard = self._pipe(text, forward_params=dict(parameters))
        return Sounding(heard["audio"], int(heard["sampling_rate"]), None)


class Vits(Other):
    """VITS, which MMS speech models are too: it says how long it sounds each character."""

    def __init__(self, torch: Any, pipe: Any) -> None:
        super().__init__(torch, pipe)
        tokenizer = pipe.tokenizer
        if tokenizer.is_uroman and util.find_spec("uroman") is None:
            raise ImportError(
                "its tokenizer romanises the text with uroman, which is not installed: pip install uroman"
            )
        if tokenizer.phonemize and util.find_spec("phonemizer") is None:
            raise ImportError("its tokenizer needs phonemizer, which is not installed: pip install phonemizer")
        self._frames: list[float] = []
        self._length = 1.0
        pipe.model.duration_predictor.register_forward_hook(self._note)
        self._pace = float(pipe.model.config.speaking_rate)
        self._hop = math.prod(pipe.model.config.upsample_rates)

    def __call__(self, text: str, options: Mapping[str, Any]) -> Sounding:
        tokenizer, model = self._pipe.tokenizer, self._pipe.model
        words = options["words"]
        written = [self._written(word, options["language"]) for _, word in words]
        spoken = self._written(text, options["language"])
        prepared = self._prepared(spoken)
        if not any(one.isalnum() for one in prepared):
            raise Refused(f"there is nothing in `{text.strip()}` that it could say")
        model.speaking_rate = self._pace * options["rate"]
        self._length = 1.0 / model.speaking_rate
        chosen = {} if options["speaker"] is None else {"speaker_id": options["speaker"]}
        heard = self._heard(spoken, seed_of(text), chosen)
        stream = self._timed(prepared, heard.rate, with_blanks=tokenizer.add_blank)
        if stream is None:
            return heard
        times = word_times([self._prepared(one) for one in written], stream)
        sounds = [(begin, *span) for (begin, _), span in zip(words, times, strict=True) if span is not None]
        return Sounding(heard.samples, heard.rate, sounds)

    def _written(self, text: str, language: str) -> str:
        """In the characters that the tokenizer knows, since it leaves out all others without a word."""
        tokenizer = self._pipe.tokenizer
        if tokenizer.phonemize:
            return text
        if tokenizer.is_uroman:
            romaniser: Any = import_module("uroman")
            text = str(romaniser.Uroman().romanize_string(text))
        pad, unknown = tokenizer.pad_token, tokenizer.unk_token
        lettered = in_letters(text, {one for one in tokenizer.encoder if one not in (pad, unknown)}, language)
        if lettered.lost:
            raise Refused(f"the model has no sound for `{lettered.lost}`")
        return lettered.text

    def _prepared(self, text: str) -> str:
        return str(self._pipe.tokenizer.prepare_for_tokenization(text)[0])

    def _note(self, _module: Any, _inputs: Any, logarithms: Any) -> None:
        durations = self._torch.ceil(self._torch.exp(logarithms) * self._length)
        self._frames = [float(one) for one in durations.flatten().tolist()]

    def _timed(self, characters: Sequence[str], rate: int, *, with_blanks: bool) -> list[Timed] | None:
        """When each character sounds; a blank behind one is its own."""
        step = 2 if with_blanks else 1
        if len(self._frames) != len(characters) * step + (1 if with_blanks else 0):
            return None
        frames = self._frames[1:] if with_blanks else self._frames
        at = self._frames[0] if with_blanks else 0.0
        timed: list[Timed] = []
        for number, character in enumerate(characters):
            taken = sum(frames[number * step : (number + 1) * step])
            timed.append((character, at * self._hop / rate, (at + taken) * self._hop / rate))
            at += taken
        return timed


if __name__ == "__main__":
    serve(load)
