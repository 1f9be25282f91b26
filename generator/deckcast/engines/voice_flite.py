"""flite: small English voices that need no network; `rms` is the clearest of those that could be measured."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cache

from deckcast.engines.speech_process import ProgramFailed, ask, cores, speak
from deckcast.engines.transliterate import Ascii, to_ascii
from deckcast.engines.word_times import Sound, hang, words_in
from deckcast.errors import ConfigError, NarrationError, VoiceError
from deckcast.model import Phonemes, Speech
from deckcast.ports import Availability, Catalogue

PROGRAM = "flite_program.py"
MEND = "apt-get install libflite1"

VOICES = {
    "rms": "cmu_us_rms",
    "slt": "cmu_us_slt",
    "awb": "cmu_us_awb",
    "kal16": "cmu_us_kal16",
    "kal": "cmu_us_kal",
}
"""Our names, best first, and the libraries' own."""
ABOUT = {
    "rms": "a man from the United States, the clearest",
    "slt": "a woman from the United States",
    "awb": "a man from Scotland",
    "kal16": "an early, plainer voice",
    "kal": "the same, as over a telephone",
}


@cache
def _version(voice: str) -> str:
    """File names, with versions, of the libraries that hold the voice. Raises `ProgramFailed`."""
    return ask(PROGRAM, ("probe", VOICES[voice]), patience=20).decode().strip()


class FliteVoice:
    """Speaks with one of flite's voices, each sentence in a process of its own."""

    def __init__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> None:
        """Raises `ConfigError` for a voice or language that flite has not, `VoiceError` where it is not installed."""
        voice = variant or next(iter(VOICES))
        if voice not in VOICES:
            near = difflib.get_close_matches(voice, VOICES, n=1)
            known = ", ".join(f"`flite {name}`" for name in VOICES)
            hint = f"did you mean `flite {near[0]}`?" if near else f"there are {known}"
            raise ConfigError(f"flite has no voice `{voice}`", hint=hint)
        if not _is_english(language):
            raise ConfigError(
                f"flite speaks English only, and the lesson's language is `{language}`", hint="use `voice: espeak`"
            )
        try:
            version = _version(voice)
        except ProgramFailed as failed:
            raise VoiceError(f"flite does not work here: {failed}", hint=f"{MEND} (or use `voice: espeak`)") from failed
        self._voice = voice
        self._stretch = f"{1 / rate:.4f}"
        self._identity = f"flite {version} stretch {self._stretch}"

    @classmethod
    def availability(cls, language: str) -> Availability:
        if not _is_english(language):
            return Availability(False, "speaks English only")
        try:
            _version(next(iter(VOICES)))
        except ProgramFailed as failed:
            return Availability(False, str(failed), MEND)
        return Availability(True, "clear offline voices for English")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:  # noqa: ARG003 - it speaks English only
        return Catalogue(tuple((f"flite {voice}", ABOUT[voice]) for voice in VOICES if _has(voice)))

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def name(self) -> str:
        return f"flite {self._voice}"

    @property
    def parallel(self) -> int:
        return cores()

    def close(self) -> None:
        """Nothing: each sentence has had a process of its own."""

    def lacks(self, ipa: str) -> None:
        return None

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        ascii_text = to_ascii(text)
        if ascii_text.lost:
            raise NarrationError(
                f"flite cannot speak `{ascii_text.lost}`",
                hint="write it in Latin letters, or use `voice: espeak` with the lesson's `language`",
            )
        if not words_in(ascii_text.text):
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        try:
            spoken = speak(PROGRAM, ("speak", VOICES[self._voice], self._stretch), ascii_text.text)
        except ProgramFailed as failed:
            raise VoiceError(
                f"{self.name} failed: {failed}", hint="`deckcast doctor` tells what works here"
            ) from failed
        sounds = (_origin(ascii_text, sound) for sound in spoken.sounds)
        return Speech(spoken.pcm, spoken.rate, hang(text, sounds, len(spoken.pcm) / 2 / spoken.rate))


def _has(voice: str) -> bool:
    try:
        return bool(_version(voice))
    except ProgramFailed:
        return False


def _is_english(language: str) -> bool:
    return language.replace("_", "-").partition("-")[0].lower() == "en"


def _origin(ascii_text: Ascii, sound: Sound) -> Sound:
    last = len(ascii_text.origins) - 1
    return Sound(ascii_text.origins[min(sound.offset, last)], sound.start, sound.stop)
