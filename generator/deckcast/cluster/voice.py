"""`Voice` on a cluster: what opens a voice is sent to workers, which hold one that is the same on all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from deckcast.cluster.connection import Cluster
from deckcast.cluster.warm import borrowed
from deckcast.cluster.workers import Worker
from deckcast.engines import voices
from deckcast.errors import DeckcastError, VoiceError
from deckcast.model import Phonemes, Speech
from deckcast.ports import Voice
from deckcast.settings import Settings

HERE = frozenset({*voices.ONLINE, *voices.TESTS_ONLY, "silent", "recorded"})
"""Those that cost this machine next to nothing; an online one is to see one customer, not many."""
OPENING = 300.0
"""Seconds in which a worker must have opened a voice: it may be busy with other sentences."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a voice is opened, wherever that is."""

    kind: str
    """`voice`, or `reference`: the one that tells when words are spoken."""
    setting: str
    language: str
    rate: float
    folder: str

    def open(self) -> tuple[Voice | None, str]:
        """The voice, and why it is that one. Raises `ConfigError` or `VoiceError`."""
        if self.kind == "reference":
            return voices.reference(self.language), ""
        return voices.choose(self.setting, self.language, online=False, rate=self.rate, folder=self.folder)


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker says of a voice that it has opened."""

    identity: str
    name: str
    why: str
    sounds: bool
    """Whether it takes phonemes."""


def tell(recipe: Recipe) -> Told | None:
    """Runs on a worker. None where there is no such voice."""
    voice, why = recipe.open()
    if voice is None:
        return None
    try:
        return Told(voice.identity, voice.name, why, voice.lacks("a") is not None)
    finally:
        voice.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker, and what came of asking it for a voice."""

    worker: Worker
    answer: Told | DeckcastError | None


def speak(voice: Voice, text: str, phonemes: Sequence[Phonemes]) -> Speech:
    return voice.speak(text, phonemes)


def lacks(voice: Voice, ipa: str) -> tuple[str, ...] | None:
    return voice.lacks(ipa)


@dataclass(frozen=True, slots=True)
class WarmVoice:
    """A `ClusterVoice` where it has been sent to: speaks with the worker's own."""

    recipe: Recipe
    identity: str

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        with borrowed(self.recipe, self._open) as voice:
            return voice.speak(text, phonemes)

    def lacks(self, ipa: str) -> tuple[str, ...] | None:
        with borrowed(self.recipe, self._open) as voice:
            return voice.lacks(ipa)

    def _open(self) -> Voice:
        voice, _ = self.recipe.open()
        if voice is None or voice.identity != self.identity:
            has = "none" if voice is None else voice.identity
            if voice is not None:
                voice.close()
            raise VoiceError(f"a worker's voice has changed: it has {has} by now, not {self.identity}")
        return voice


class ClusterVoice:
    """A voice of all workers that have it. Where it is sent as an argument, a `WarmVoice` arrives."""

    def __init__(self, cluster: Cluster, recipe: Recipe, told: Told, asked: Sequence[Asked]) -> None:
        self._cluster = cluster
        self._recipe = recipe
        self._told = told
        self._asked = {one.worker.address for one in asked}
        having = [one.worker for one in asked if _has(one, told.identity)]
        self._having = {one.address for one in having}
        self._hosts = {one.facts.get("host") for one in having}
        self._lacking: dict[str, tuple[str, ...] | None] = {}

    @property
    def identity(self) -> str:
        return self._told.identity

    @property
    def name(self) -> str:
        return self._told.name

    @property
    def parallel(self) -> int:
        """As many as they speak at once, and as many more, so that nobody waits for the next."""
        return 2 * sum(one.offers("voice") for one in self._cluster.workers if self.speaks_on(one)) or 1

    def lacks(self, ipa: str) -> tuple[str, ...] | None:
        if not self._told.sounds:
            return None
        if ipa not in self._lacking:
            self._lacking[ipa] = self._call(lacks, ipa).result()
        return self._lacking[ipa]

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        speech: Speech = self._call(speak, text, tuple(phonemes)).result()
        return speech

    def close(self) -> None:
        """Workers close what nobody uses any more by themselves."""

    def speaks_on(self, worker: Worker) -> bool:
        """Whether a worker has this very voice. One that has come since then is as others of its machine are."""
        if worker.address in self._asked:
            return worker.address in self._having
        return worker.facts.get("host") in self._hosts

    def __reduce__(self) -> tuple[Any, ...]:
        return WarmVoice, (self._recipe, self._told.identity)

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self._cluster.submit(function, self, *arguments, resources={"voice": 1}, on=self.speaks_on)


def open_voice(cluster: Cluster, settings: Settings, here: Callable[[], tuple[Voice, str]]) -> tuple[Voice, str]:
    """The voice that most workers have, and why it is that one; `here` where none offers any, and for some voices.

    Raises `ConfigError` or `VoiceError` where workers offer voices, and none has this one.
    """
    narration = settings.narration
    engine = narration.voice.strip().partition(" ")[0] or "auto"
    if engine in HERE or (engine == "auto" and narration.online):
        return here()
    recipe = Recipe("voice", narration.voice, settings.lesson.language, narration.rate, narration.voice_folder)
    asked = _ask(cluster, recipe)
    told = _most(cluster, asked)
    if told is not None:
        return ClusterVoice(cluster, recipe, told, asked), told.why
    for one in asked:
        if isinstance(one.answer, DeckcastError):
            raise one.answer
    return here()


def open_reference(cluster: Cluster, settings: Settings, here: Callable[[], Voice | None]) -> Voice | None:
    """The reference voice that most workers have, None where none of them has one; `here` where none offers voices."""
    recipe = Recipe("reference", "", settings.lesson.language, 1.0, "")
    asked = _ask(cluster, recipe)
    told = _most(cluster, asked)
    if told is not None:
        return ClusterVoice(cluster, recipe, told, asked)
    return None if asked else here()


def _ask(cluster: Cluster, recipe: Recipe) -> list[Asked]:
    """What each worker that offers voices says of this one."""
    offering = cluster.offering("voice")
    if not offering:
        cluster.say("no worker offers voices: this machine speaks")
    futures = [
        (worker, cluster.submit(tell, recipe, resources={"voice": 1}, on=_only(worker.address))) for worker in offering
    ]
    asked: list[Asked] = []
    end = time.monotonic() + OPENING
    for worker, future in futures:
        try:
            asked.append(Asked(worker, future.result(max(end - time.monotonic(), 0))))
        except TimeoutError:
            future.cancel()
            asked.append(Asked(worker, VoiceError(f"it has not opened a voice within {OPENING:g} seconds")))
        except DeckcastError as error:
            asked.append(Asked(worker, error))
    return asked


def _most(cluster: Cluster, asked: Sequence[Asked]) -> Told | None:
    """The voice that speaks most sentences at once; which workers have another is said."""
    slots: dict[str, int] = {}
    told: dict[str, Told] = {}
    for one in asked:
        if isinstance(one.answer, Told):
            told[one.answer.identity] = one.answer
            slots[one.answer.identity] = slots.get(one.answer.identity, 0) + one.worker.offers("voice")
    if not told:
        return None
    identity = max(slots, key=lambda one: (slots[one], one))
    for one in asked:
        if not _has(one, identity):
            has = one.answer.identity if isinstance(one.answer, Told) else str(one.answer or "it has none")
            cluster.say(f"worker {one.worker.name} does not speak as {identity}: {has}")
    return told[identity]


def _has(one: Asked, identity: str) -> bool:
    return isinstance(one.answer, Told) and one.answer.identity == identity


def _only(address: str) -> Callable[[Worker], bool]:
    return lambda worker: worker.address == address
