"""The voices of a lesson: the one of its settings, and those that slides and marks in the notes ask for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from deckcast.config import Value, resolve
from deckcast.errors import DeckcastError
from deckcast.model import Sentence, Step, Take
from deckcast.narrate.script import mark_at
from deckcast.ports import Voice
from deckcast.settings import Settings
from deckcast.spoken import Script

Opened: TypeAlias = tuple[Voice, str]
"""A voice, and why it is that one."""


class Voices:
    """Opens each voice when it is first asked for, and once. Asked by one thread."""

    def __init__(
        self,
        settings: Settings,
        open_voice: Callable[[Settings], Opened],
        given: Iterable[Value] = (),
        reference: Callable[[Settings], Voice | None] = lambda _: None,
    ) -> None:
        """`settings` are those of the lesson as a whole; a voice or rate that is `given` counts more than any mark.

        `reference` opens the voice that tells when words are spoken.
        """
        self._settings = settings
        self._given = frozenset(resolve(value) for value in given)
        self._open = open_voice
        self._opened: dict[tuple[str, str, float, bool], Opened] = {}
        self._asked: list[Settings] = []
        self._open_reference = reference
        self._references: list[Voice | None] = []
        self._recordings: dict[str, tuple[str, str]] = {}

    def main(self) -> Opened:
        """The voice that speaks unless something else is asked for. Raises `ConfigError` or `VoiceError`."""
        return self._ask(self._settings)

    def of(self, sentence: Sentence, settings: Settings) -> Voice:
        """Who speaks a sentence of a step with these settings. Raises `ConfigError` or `VoiceError`."""
        narration = settings.narration
        marked = {"voice": sentence.voice, "rate": sentence.rate}
        asked: dict[str, Any] = {
            name: value for name, value in marked.items() if value and ("narration", name) not in self._given
        }
        return self._ask(dataclasses.replace(settings, narration=dataclasses.replace(narration, **asked)))[0]

    @property
    def commanded(self) -> bool:
        """Whether a voice was given that counts more than what slides and marks say."""
        return ("narration", "voice") in self._given

    def reference(self) -> Voice | None:
        """The voice that tells when words of the lesson's language are spoken; None where there is none."""
        if not self._references:
            self._references.append(self._open_reference(self._settings))
        return self._references[0]

    def add_recording(self, identity: str, name: str, place: str) -> None:
        """A recording is heard: its `Utterance.voice`, its file as the author sees it, and where it is heard."""
        self._recordings[identity] = (name, place)

    def told(self, takes: Iterable[Take]) -> str:
        """Which voices spoke, and why each; which slides are recorded."""
        spoke = self._spoke(takes)
        whys = {voice.name: why for voice, why in reversed(self._opened.values()) if voice.identity in spoke}
        parts = [f"{name}: {whys[name]}" for name in reversed(whys)]
        heard = [self._recordings[identity][1] for identity in spoke if identity in self._recordings]
        return "; ".join([*parts, f"recorded: {', '.join(heard)}"] if heard else parts)

    def identity(self, takes: Iterable[Take]) -> str:
        """`Voice.identity` of those that spoke, and the files of recordings."""
        names = {identity: f"{identity} {name}" for identity, (name, _) in self._recordings.items()}
        return ", ".join(names.get(identity, identity) for identity in self._spoke(takes))

    def close(self) -> None:
        """Closes all that were opened."""
        for voice, _ in self._opened.values():
            voice.close()
        for reference in self._references:
            if reference is not None:
                reference.close()

    def openings(self) -> list[tuple[Settings, str, str]]:
        """With which settings each voice was opened, its identity, and why it was chosen."""
        return [
            (settings, voice.identity, why)
            for settings, (voice, why) in zip(self._asked, self._opened.values(), strict=True)
        ]

    def references(self) -> list[tuple[Settings, str]]:
        """With which settings the reference was opened, if it was, and its identity; empty where there is none."""
        return [(self._settings, one.identity if one is not None else "") for one in self._references]

    def _spoke(self, takes: Iterable[Take]) -> list[str]:
        """In the order of the lesson; the main one where nothing is said."""
        spoke = [utterance.voice for take in takes for utterance in take.utterances]
        return list(dict.fromkeys(spoke)) or [self.main()[0].identity]

    def _ask(self, settings: Settings) -> Opened:
        narration = settings.narration
        key = (" ".join(narration.voice.split()), settings.lesson.language, narration.rate, narration.online)
        if key not in self._opened:
            self._opened[key] = self._open(settings)
            self._asked.append(settings)
        return self._opened[key]


def opened(voices: Voices, script: Script, step: Step, sentence: Sentence, settings: Settings) -> Voice:
    """`Voices.of`, its errors placed at the mark or property that asks for the voice."""
    try:
        return voices.of(sentence, settings)
    except DeckcastError as error:
        if error.finding.where is not None:
            raise
        if sentence.voice:
            where = next(where for name, where in script.voices if name == sentence.voice)
            told = mark_at(step, where, sentence.voice)
        else:
            asking = step.properties.find("voice") or step.properties.find("rate")
            if asking is None:
                raise
            told = (asking.where, "", len(asking.value))
        error.finding = dataclasses.replace(error.finding, where=told[0], line=told[1], width=max(told[2], 1))
        raise
