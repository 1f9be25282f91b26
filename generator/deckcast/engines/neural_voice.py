"""What piper, kokoro and transformers have in common: a voice whose model lives in a program of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from typing import Any

from deckcast.engines.speech_worker import CannotLoad, Lease, Refused, WorkerFailed
from deckcast.engines.word_times import hang, words_in
from deckcast.errors import NarrationError, VoiceError
from deckcast.model import Phonemes, Speech


class NeuralVoice:
    """Speaks sentence by sentence through a worker."""

    def __init__(
        self, name: str, identity: str, program: str, settings: Mapping[str, Any], options: Mapping[str, Any], mend: str
    ) -> None:
        """`settings` load the model, `options` go with each sentence; `mend` is for a model that cannot be loaded."""
        self._name = name
        self._identity = identity
        self._lease = Lease(program, settings)
        self._options = dict(options)
        self._mend = mend

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def name(self) -> str:
        return self._name

    @property
    def parallel(self) -> int:
        """The model itself uses all processors."""
        return 1

    def close(self) -> None:
        self._lease.close()

    def lacks(self, ipa: str) -> None:
        return None

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        # One character for one, so that offsets stay right.
        clean = "".join(" " if one.isspace() or unicodedata.category(one) in ("Cc", "Cs") else one for one in text)
        if not words_in(clean):
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        try:
            heard = self._lease.ask(clean, self._options)
        except Refused as refused:
            raise NarrationError(
                f"{self.name} cannot speak this: {refused}",
                hint="write it in letters of the voice's language, or give its sound with `[say …]` or the `lexicon`",
            ) from refused
        except CannotLoad as failed:
            raise VoiceError(f"{self.name} cannot be loaded: {failed}", hint=self._mend) from failed
        except WorkerFailed as failed:
            raise VoiceError(
                f"{self.name} failed: {failed}",
                hint="build again (what is done is kept), or use another voice; `deckcast voices` lists them",
            ) from failed
        seconds = len(heard.pcm) / 2 / heard.rate
        words = () if heard.sounds is None else hang(text, heard.sounds, seconds)
        return Speech(heard.pcm, heard.rate, words)


def lacking(*modules: str) -> tuple[str, ...]:
    """Those that are not installed. Nothing is imported."""
    return tuple(module for module in modules if util.find_spec(module) is None)


def versions(*packages: str) -> str:
    """Names and versions of installed packages, for identities."""
    return " ".join(f"{package} {metadata.version(package)}" for package in packages)


def family(language: str) -> str:
    """`de` for `de-AT`."""
    return language.replace("_", "-").partition("-")[0].lower()
