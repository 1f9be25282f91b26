"""The author's own voice: it speaks nothing; `narrate/` plays the recordings that lie beside the deck."""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.errors import ConfigError, VoiceError
from deckcast.model import Phonemes, Speech
from deckcast.ports import Availability, Catalogue


class RecordedVoice:
    """Stands for the recordings; asked to speak, it says that one is missing."""

    def __init__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> None:
        """Raises `ConfigError` for any variant: which file is played follows from its name."""
        if variant:
            raise ConfigError(
                f"`recorded` has no voice `{variant}`",
                hint="write `voice: recorded`; a file's name tells its slide: `audio/007.wav`",
            )

    @classmethod
    def availability(cls, language: str) -> Availability:  # noqa: ARG003 - any language
        return Availability(True, "your own sound files, such as audio/007.wav beside the deck")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:  # noqa: ARG003 - any language
        about = "every slide with notes must have a recording"
        return Catalogue((("recorded", about),), "recordings that are there are played with any other `voice:`, too")

    @property
    def identity(self) -> str:
        return "recorded"

    @property
    def name(self) -> str:
        return "recorded"

    @property
    def parallel(self) -> int:
        return 1

    def close(self) -> None:
        """Nothing: there is nothing to let go of."""

    def lacks(self, ipa: str) -> tuple[str, ...]:
        return ()

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        raise VoiceError(f"there is no recording of `{text.strip()}`", hint="record it, or name another voice")
