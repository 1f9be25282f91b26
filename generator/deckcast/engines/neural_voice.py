"""What piper, kokoro and transformers have in common: a voice whose model lives in a program of its own."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from importlib import metadata, util
from typing import Any

from deckcast.engines.phonemes import Mixed, mixed
from deckcast.engines.speech_worker import CannotLoad, Lease, Refused, WorkerFailed
from deckcast.engines.word_times import hang, words_in
from deckcast.errors import NarrationError, VoiceError
from deckcast.model import Phonemes, Speech


class NeuralVoice:
    """Speaks sentence by sentence through a worker."""

    def __init__(
        self,
        name: str,
        identity: str,
        program: str,
        settings: Mapping[str, Any],
        options: Mapping[str, Any],
        mend: str,
        sounds: Collection[str] | None = None,
    ) -> None:
        """`settings` load the model, `options` go with each sentence; `mend` is for a model that cannot be loaded.

        `sounds` are the characters of the IPA that the model knows, of one that takes words as IPA.
        """
        self._name = name
        self._identity = identity
        self._lease = Lease(program, settings)
        self._options = dict(options)
        self._mend = mend
        self._sounds = None if sounds is None else frozenset(sounds)

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

    def lacks(self, ipa: str) -> tuple[str, ...] | None:
        if self._sounds is None:
            return None
        return tuple(dict.fromkeys(one for one in _plain(ipa) if one != " " and one not in self._sounds))

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        # One character for one, so that offsets stay right.
        clean = "".join(" " if one.isspace() or unicodedata.category(one) in ("Cc", "Cs") else one for one in text)
        if not words_in(clean):
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        given = mixed(clean, phonemes, _bracketed)
        try:
            heard = self._lease.ask(
                given.text,
                {**self._options, "words": [(begin, _part(given, begin, end)) for begin, end in words_in(clean)]},
            )
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


_IPA = str.maketrans({"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ", "ʼ": "ˈ", ",": "ˌ", "-": " "})
_UNSAID = frozenset(".‿|‖\u0361\u035c\u200d")
"""Marks of syllables, phrases and ties."""


def _plain(ipa: str) -> str:
    """In the characters in which espeak-ng writes it, whose phonemes these models have learned."""
    apart = unicodedata.normalize("NFD", ipa).translate(_IPA)
    return " ".join("".join(one for one in apart if one not in _UNSAID).split())


def _bracketed(ipa: str) -> str:
    return " ".join(f"[[{word}]]" for word in _plain(ipa).split(" "))


def _part(given: Mixed, begin: int, end: int) -> str:
    """What stands for a stretch of the original."""
    places = given.origins[:-1]
    return given.text[bisect_left(places, begin) : bisect_left(places, end)]


def lacking(*modules: str) -> tuple[str, ...]:
    """Those that are not installed. Nothing is imported."""
    return tuple(module for module in modules if util.find_spec(module) is None)


def versions(*packages: str) -> str:
    """Names and versions of installed packages, for identities."""
    return " ".join(f"{package} {metadata.version(package)}" for package in packages)


def family(language: str) -> str:
    """`de` for `de-AT`."""
    return language.replace("_", "-").partition("-")[0].lower()
