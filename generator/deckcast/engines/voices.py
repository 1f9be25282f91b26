"""Which voice speaks a lesson, and why."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Sequence
from typing import Protocol, cast

from deckcast.engines.voice_folder import Fetched
from deckcast.errors import ConfigError, VoiceError
from deckcast.ports import Availability, Catalogue, Progress, Voice

VOICES = {
    "edge": "deckcast.engines.voice_edge:EdgeVoice",
    "piper": "deckcast.engines.voice_piper:PiperEngine",
    "kokoro": "deckcast.engines.voice_kokoro:KokoroEngine",
    "transformers": "deckcast.engines.voice_transformers:TransformersEngine",
    "flite": "deckcast.engines.voice_flite:FliteVoice",
    "espeak": "deckcast.engines.voice_espeak:EspeakVoice",
    "silent": "deckcast.engines.voice_silent:SilentVoice",
    "recorded": "deckcast.engines.voice_recorded:RecordedVoice",
    "fake": "deckcast.engines.voice_fake:FakeVoice",
}
"""Engine → its class, imported when asked for. Best first."""

AUTOMATIC = ("edge", "piper", "kokoro", "transformers", "flite", "espeak")
REFERENCES = ("espeak", "flite")
"""Those that know when each word begins and cost next to nothing, best first."""
ONLINE = frozenset({"edge"})
NEURAL = frozenset({"piper", "kokoro", "transformers"})
"""They speak with files that lie in a folder, which their classes are given."""
TESTS_ONLY = frozenset({"fake"})

_REASONS = {
    "edge": "the most natural voice, and online voices are allowed",
    "piper": "a neural voice whose files are here",
    "kokoro": "a neural voice whose files are here",
    "transformers": "a neural voice whose files are here",
    "flite": "the clearest offline voice for English",
    "espeak": "the offline voice that works here",
}


class VoiceEngine(Protocol):
    """A kind of voice: what every class in `VOICES` offers."""

    def __call__(self, variant: str = "", *, language: str = "en", rate: float = 1.0) -> Voice:
        """Raises `ConfigError` for a variant or language it has not, `VoiceError` where it does not work."""
        ...

    def availability(self, language: str) -> Availability:
        """Whether it works for the language, told without connecting to anything."""
        ...

    def catalogue(self, language: str, *, online: bool) -> Catalogue:
        """Its voices for the language, where it works. Connects only when `online`, and may raise `VoiceError` then."""
        ...


class NeuralEngine(VoiceEngine, Protocol):
    """A kind of voice whose files lie in a folder."""

    def found(self, language: str) -> Sequence[object]:
        """What the folder has for the language, whether it works or not."""
        ...

    def fetch(self, variant: str, progress: Progress) -> Fetched:
        """Downloads a voice into the folder, or makes sure that it is whole.

        Raises `ConfigError` for one that there is not, `VoiceError` where it cannot be had, `StorageError`.
        """
        ...


def engine(name: str, folder: str = "") -> VoiceEngine:
    """`folder` is that of neural voices, as configured. Raises `ConfigError` for a name that is not in the table."""
    if name not in VOICES:
        names = [known for known in ("auto", *VOICES) if known not in TESTS_ONLY]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{known}`' for known in names)}"
        raise ConfigError(f"unknown voice `{name}`", hint=hint)
    module, _, attribute = VOICES[name].partition(":")
    kind = getattr(importlib.import_module(module), attribute)
    return cast(VoiceEngine, kind(folder) if name in NEURAL else kind)


def neural(name: str, folder: str = "") -> NeuralEngine:
    return cast(NeuralEngine, engine(name, folder))


def choose(setting: str, language: str, *, online: bool, rate: float, folder: str = "") -> tuple[Voice, str]:
    """The voice for the whole lesson, and why it is that one, to be read after its name and a colon.

    `setting` is `auto`, an engine, or an engine and its own name for a voice: `flite slt`, `espeak de`. `online`
    is the user's yes to voices that send the notes to another company; `folder` is that of neural voices, as
    configured. Raises `ConfigError` for a setting that cannot be, `VoiceError` where no voice works; silence is never
    chosen unasked.
    """
    name, _, variant = setting.strip().partition(" ")
    if name in ("auto", ""):
        return _automatic(language, online=online, rate=rate, folder=folder)
    kind = engine(name, folder)
    if name in ONLINE and not online:
        raise ConfigError(
            f"`voice: {name}` sends the notes to another company's service, which nobody has allowed yet",
            hint="say yes with `online: true` (front matter or configuration) or `--online`, or use an offline voice",
        )
    voice = kind(variant.strip(), language=language, rate=rate)
    return voice, "as the settings say"


def reference(language: str) -> Voice | None:
    """The voice whose word times tell those of other voices and of recordings; None where no such voice works.

    espeak's speech is crisp, which alignment likes better than people do.
    """
    for name in REFERENCES:
        kind = engine(name)
        if kind.availability(language).works:
            return kind(language=language)
    return None


def survey(language: str, folder: str = "") -> tuple[tuple[str, Availability], ...]:
    """What works on this machine, best first."""
    return tuple((name, engine(name, folder).availability(language)) for name in VOICES if name not in TESTS_ONLY)


def fetch(setting: str, progress: Progress, folder: str = "") -> Fetched:
    """Downloads what a neural voice needs: `piper en_US-lessac-medium`. Nothing else ever downloads a voice."""
    name, _, variant = setting.strip().partition(" ")
    engine(name)
    if name not in NEURAL:
        raise ConfigError(
            f"`{name}` has no files to download", hint=f"these have: {', '.join(f'`{one}`' for one in sorted(NEURAL))}"
        )
    return neural(name, folder).fetch(variant.strip(), progress)


def _automatic(language: str, *, online: bool, rate: float, folder: str) -> tuple[Voice, str]:
    passed_over: list[str] = []
    mends: list[str] = []
    for name in AUTOMATIC:
        if name in ONLINE and not online:
            continue
        kind = engine(name, folder)
        if name in NEURAL and not neural(name, folder).found(language):
            continue  # nobody has got one: no reason to speak of it in every build
        there = kind.availability(language)
        if not there.works:
            passed_over.append(f"{name}: {there.reason}")
            mends += [there.mend] if there.mend else []
            continue
        voice = kind(language=language, rate=rate)
        instead = f"; `{mends[0]}` would give a clearer one" if mends else ""
        return voice, f"{_REASONS[name]}{instead}"
    raise VoiceError(
        f"no voice for `{language}` works on this machine ({'; '.join(passed_over)})",
        hint=" or ".join(f"`{mend}`" for mend in mends)
        or "allow online voices with `online: true`, or set `voice: silent`",
    )
