"""No voice: silence as long as speech would take, for drafts and for machines that have nothing better."""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.engines.word_times import share, words_in
from deckcast.errors import ConfigError, NarrationError
from deckcast.model import Phonemes, Speech
from deckcast.ports import Availability, Catalogue

RATE = 16_000

# Fitted to flite's rms: within 10 % of its time on every three sentences of the sample (R² 0.98).
LETTER = 0.07
COMMA = 0.25
SENTENCE = 0.45


def estimate(text: str) -> float:
    """Seconds in which a person would speak the text."""
    letters = sum(character.isalnum() for character in text)
    commas = sum(text.count(mark) for mark in ",;:")
    ends = sum(text.count(mark) for mark in ".!?")
    return LETTER * letters + COMMA * commas + SENTENCE * max(ends, 1)


class SilentVoice:
    """Silence with word times in proportion to the words' lengths."""

    def __init__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> None:
        """Raises `ConfigError` for any variant: silence has none."""
        if variant:
            raise ConfigError(f"`silent` has no voice `{variant}`", hint="write `voice: silent`")
        self._rate = rate

    @classmethod
    def availability(cls, language: str) -> Availability:  # noqa: ARG003 - any language
        return Availability(True, "silence as long as speech would take; only when asked for")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:  # noqa: ARG003 - any language
        return Catalogue((("silent", "silence"),))

    @property
    def identity(self) -> str:
        return f"silent 1 rate {self._rate:g}"

    @property
    def name(self) -> str:
        return "silent"

    @property
    def parallel(self) -> int:
        return 64

    def close(self) -> None:
        """Nothing: there is nothing to let go of."""

    def lacks(self, ipa: str) -> tuple[str, ...]:
        return ()

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        words = words_in(text)
        if not words:
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        samples = round(estimate(text) / self._rate * RATE)
        return Speech(bytes(2 * samples), RATE, tuple(share(words, 0.0, samples / RATE)))
