"""Which voice speaks a lesson, and why."""

from __future__ import annotations

import difflib
import importlib
from typing import Protocol, cast

from deckcast.errors import ConfigError, VoiceError
from deckcast.ports import Availability, Catalogue, Voice

VOICES = {
    "edge": "deckcast.engines.voice_edge:EdgeVoice",
    "flite": "deckcast.engines.voice_flite:FliteVoice",
    "espeak": "deckcast.engines.voice_espeak:EspeakVoice",
    "silent": "deckcast.engines.voice_silent:SilentVoice",
    "fake": "deckcast.engines.voice_fake:FakeVoice",
}
"""Engine → its class, imported when asked for. Best first."""

AUTOMATIC = ("edge", "flite", "espeak")
ONLINE = frozenset({"edge"})
TESTS_ONLY = frozenset({"fake"})

_REASONS = {
    "edge": "the most natural voice, and online voices are allowed",
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


def engine(name: str) -> VoiceEngine:
    """Raises `ConfigError` for a name that is not in the table."""
    if name not in VOICES:
        names = [known for known in ("auto", *VOICES) if known not in TESTS_ONLY]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{known}`' for known in names)}"
        raise ConfigError(f"unknown voice `{name}`", hint=hint)
    module, _, attribute = VOICES[name].partition(":")
    return cast(VoiceEngine, getattr(importlib.import_module(module), attribute))


def choose(setting: str, language: str, *, online: bool, rate: float) -> tuple[Voice, str]:
    """The voice for the whole lesson, and why it is that one, to be read after its name and a colon.

    `setting` is `auto`, an engine, or an engine and its own name for a voice: `flite slt`, `espeak de`. `online`
    is the user's yes to voices that send the notes to another company. Raises `ConfigError` for a setting that
    cannot be, `VoiceError` where no voice works; silence is never chosen unasked.
    """
    name, _, variant = setting.strip().partition(" ")
    if name in ("auto", ""):
        return _automatic(language, online=online, rate=rate)
    kind = engine(name)
    if name in ONLINE and not online:
        raise ConfigError(
            f"`voice: {name}` sends the notes to another company's service, which nobody has allowed yet",
            hint="say yes with `online: true` (front matter or configuration) or `--online`, or use an offline voice",
        )
    voice = kind(variant.strip(), language=language, rate=rate)
    return voice, "as the settings say"


def survey(language: str) -> tuple[tuple[str, Availability], ...]:
    """What works on this machine, best first."""
    return tuple((name, engine(name).availability(language)) for name in VOICES if name not in TESTS_ONLY)


def _automatic(language: str, *, online: bool, rate: float) -> tuple[Voice, str]:
    passed_over: list[str] = []
    mends: list[str] = []
    for name in AUTOMATIC:
        if name in ONLINE and not online:
            continue
        kind = engine(name)
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
