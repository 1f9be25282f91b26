"""espeak-ng: speaks about a hundred languages without a network, less clearly than flite speaks English."""

from __future__ import annotations

import difflib
import importlib.util
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deckcast.engines.espeak_ipa import mnemonics, table
from deckcast.engines.phonemes import mixed
from deckcast.engines.speech_process import ProgramFailed, ask, cores, speak
from deckcast.engines.word_times import Sound, hang, words_in
from deckcast.errors import ConfigError, NarrationError, VoiceError
from deckcast.model import Phonemes, Speech
from deckcast.ports import Availability, Catalogue

PROGRAM = "espeak_program.py"
MEND = "pip install espeakng-loader"

WORDS_A_MINUTE = 140
"""espeak's own figure; on short sentences it really speaks a quarter more."""
VOLUME = 60
"""Of 100; at 100 the clearest timbre clips."""
PITCH = 50
CLEAREST = "klatt4"
"""The timbre with the fewest misheard English words."""


@dataclass(frozen=True, slots=True)
class Installed:
    """An espeak-ng library on this machine."""

    library: str
    data: str
    """Folder given to the library; empty where it knows its own."""
    version: str
    home: str
    """The folder of data that it really uses."""
    voices: tuple[tuple[str, str, tuple[tuple[int, str], ...]], ...]
    """(identifier, name, ((priority, language tag), …)) of each; a small priority number is the better match."""

    def find(self, tag: str) -> str:
        """The identifier of the voice for a language tag or a voice's own name; empty if there is none.

        `en` alone means US English, whose voice is the one that was measured.
        """
        wanted = tag.replace("_", "-").lower()
        for identifier, name, _ in self.voices:
            if wanted in (identifier.lower(), name.lower()):
                return identifier
        wanted = "en-us" if wanted == "en" else wanted
        while wanted:
            matches = [
                (priority, identifier)
                for identifier, _, languages in self.voices
                for priority, language in languages
                if language == wanted
            ]
            if matches:
                return min(matches)[1]
            wanted = wanted.rpartition("-")[0]
        return ""

    def timbres(self) -> tuple[str, ...]:
        """The names that may stand behind `+`."""
        folder = Path(self.home, "voices", "!v")
        return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    def speakers(self, language: str) -> tuple[tuple[str, str], ...]:
        """(tag or name that `find` knows, name) of each voice for a language's dialects, its own first."""
        own, family = self.find(language), language.replace("_", "-").lower().partition("-")[0]
        found = []
        for identifier, name, languages in self.voices:
            tags = [tag for _, tag in sorted(languages)]
            if identifier == own or any(tag.partition("-")[0] == family for tag in tags):
                short = next((tag for tag in (*tags, name) if self.find(tag) == identifier), identifier)
                found.append((identifier != own, short, name))
        return tuple((short, name) for _, short, name in sorted(found))

    def tags(self) -> tuple[str, ...]:
        return tuple(sorted({language for _, _, languages in self.voices for _, language in languages}))


def _libraries() -> Iterator[tuple[str, str]]:
    """(library, data folder) to try, in order. The wheel is found without importing it: nothing GPL runs here."""
    wheel = importlib.util.find_spec("espeakng_loader")
    for place in (wheel.submodule_search_locations or ()) if wheel is not None else ():
        suffix = ".dylib" if sys.platform == "darwin" else ".so"
        library = Path(place, f"libespeak-ng{suffix}")
        if library.is_file():
            yield os.fspath(library), os.fspath(Path(place, "espeak-ng-data"))
    yield ("libespeak-ng.1.dylib" if sys.platform == "darwin" else "libespeak-ng.so.1"), ""


@cache
def _installed() -> Installed:
    """The first library that works. Raises `ProgramFailed`."""
    failures = []
    for library, data in _libraries():
        try:
            head, *lines = ask(PROGRAM, ("probe", library, data), patience=20).decode().splitlines()
        except ProgramFailed as failed:
            failures.append(failed)
            continue
        version, _, home = head.partition("\t")
        return Installed(library, data, version, home, tuple(_voice(line) for line in lines))
    raise failures[0]


def _voice(line: str) -> tuple[str, str, tuple[tuple[int, str], ...]]:
    identifier, name, *tagged = line.split("\t")
    languages = ((int(priority), tag.lower()) for priority, _, tag in (item.partition(" ") for item in tagged))
    return identifier, name, tuple(languages)


@cache
def _phonemes(library: str, data: str, voice: str) -> Mapping[str, str]:
    """What the voice calls each sound of the IPA that it has. Raises `ProgramFailed`."""
    return table(ask(PROGRAM, ("phonemes", library, data, voice), patience=20).decode().splitlines())


class EspeakVoice:
    """Speaks with espeak-ng, each sentence in a process of its own."""

    def __init__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> None:
        """`variant` is a language tag or one of espeak's voices, and may name a timbre: `de`, `en-gb+klatt4`, `+f2`.

        Raises `ConfigError` for a voice that espeak has not, `VoiceError` where it is not installed.
        """
        try:
            installed = _installed()
        except ProgramFailed as failed:
            raise VoiceError(f"espeak-ng does not work here: {failed}", hint=MEND) from failed
        tag, _, timbre = variant.partition("+")
        tag = tag or language
        voice = installed.find(tag)
        if not voice:
            near = difflib.get_close_matches(tag.lower(), installed.tags(), n=1)
            hint = (
                f"did you mean `espeak {near[0]}`?"
                if near
                else f"it has {len(installed.tags())} others, such as `espeak de`"
            )
            raise ConfigError(f"espeak-ng has no voice for `{tag}`", hint=hint)
        timbres = installed.timbres()
        if timbre and timbre not in timbres:
            near = difflib.get_close_matches(timbre, timbres, n=1)
            hint = f"did you mean `+{near[0]}`?" if near else f"there are {', '.join(timbres)}"
            raise ConfigError(f"espeak-ng has no timbre `+{timbre}`", hint=hint)
        if not timbre and voice.rpartition("/")[2].lower().startswith("en") and CLEAREST in timbres:
            timbre = CLEAREST
        self._voice = f"{voice}+{timbre}" if timbre else voice
        self._words_a_minute = round(WORDS_A_MINUTE * rate)
        self._installed = installed

    @classmethod
    def availability(cls, language: str) -> Availability:
        try:
            installed = _installed()
        except ProgramFailed as failed:
            return Availability(False, str(failed), MEND)
        if not installed.find(language):
            return Availability(False, f"has no voice for `{language}`")
        return Availability(True, f"espeak-ng {installed.version}, offline")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:  # noqa: ARG003 - it is never online
        try:
            installed = _installed()
        except ProgramFailed:
            return Catalogue(())
        found = tuple((f"espeak {short}", name) for short, name in installed.speakers(language))
        timbres = installed.timbres()
        note = f"a timbre may follow, as in `{found[0][0]}+f2`: {', '.join(timbres)}" if found and timbres else ""
        return Catalogue(found, note)

    @property
    def identity(self) -> str:
        return (
            f"espeak-ng {self._installed.version} {self._voice}"
            f" wpm {self._words_a_minute} pitch {PITCH} volume {VOLUME}"
        )

    @property
    def name(self) -> str:
        return f"espeak {self._voice.rpartition('/')[2].lower()}"

    @property
    def parallel(self) -> int:
        return cores()

    def close(self) -> None:
        """Nothing: each sentence has had a process of its own."""

    def lacks(self, ipa: str) -> tuple[str, ...]:
        return self._mnemonics(ipa)[1]

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        # One character for one, so that offsets stay right; a control character would end the text or change the voice.
        clean = "".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in text)
        if not words_in(clean):
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        kind = "mixed" if phonemes else "text"
        settings = (self._voice, str(self._words_a_minute), str(PITCH), str(VOLUME), kind)
        written = mixed(clean, phonemes, lambda ipa: f"[[{self._mnemonics(ipa)[0]}]]") if phonemes else None
        given = clean if written is None else written.text
        try:
            spoken = speak(PROGRAM, ("speak", self._installed.library, self._installed.data, *settings), given)
        except ProgramFailed as failed:
            raise self._failed(failed) from failed
        sounds = spoken.sounds
        if written is not None:
            origins, last = written.origins, len(given)
            sounds = tuple(Sound(origins[min(one.offset, last)], one.start, one.stop) for one in sounds)
        return Speech(spoken.pcm, spoken.rate, hang(text, sounds, len(spoken.pcm) / 2 / spoken.rate))

    def _mnemonics(self, ipa: str) -> tuple[str, tuple[str, ...]]:
        try:
            known = _phonemes(self._installed.library, self._installed.data, self._voice.partition("+")[0])
        except ProgramFailed as failed:
            raise self._failed(failed) from failed
        return mnemonics(ipa, known, last_stressed=self._voice.startswith("roa/fr"))

    def _failed(self, failed: ProgramFailed) -> VoiceError:
        return VoiceError(f"{self.name} failed: {failed}", hint="`deckcast doctor` tells what works here")
