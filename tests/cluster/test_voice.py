"""Sentences spoken by workers: with which voice, and what travels."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cluster.gang import CALM, Told, connected, gang
from deckcast.cluster import voice as cluster_voice
from deckcast.cluster import warm
from deckcast.cluster.connection import Cluster
from deckcast.cluster.deliver import worker_name
from deckcast.cluster.executor import ClusterExecutor, open_executor
from deckcast.cluster.voice import ClusterVoice, Recipe, WarmVoice, open_reference, open_voice
from deckcast.engines.voice_fake import FakeVoice
from deckcast.errors import ConfigError
from deckcast.narrate.speaking import speak
from deckcast.ports import Voice
from deckcast.settings import Settings

pytestmark = CALM


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gang({"voice": 1}, {"voice": 3}, {}) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def cluster(address: str, tmp_path: Path) -> Iterator[Cluster]:
    with connected(address, tmp_path) as found:
        yield found


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All machines have a voice, `fake`, that tells when words are spoken."""
    monkeypatch.setattr(Recipe, "open", lambda recipe: (FakeVoice(recipe.setting), "it is there"))
    yield
    warm.close_idle()


def settings(voice: str = "flite", **more: Any) -> Settings:
    base = Settings()
    return dataclasses.replace(base, narration=dataclasses.replace(base.narration, voice=voice, **more))


def nobody() -> Any:
    raise AssertionError("no worker speaks")


def test_sentences_are_spoken_as_here(cluster: Cluster) -> None:
    voice, why = open_voice(cluster, settings(), nobody)
    assert isinstance(voice, ClusterVoice)
    own = FakeVoice("flite")
    assert (voice.identity, voice.name, why) == (own.identity, own.name, "it is there")
    assert voice.parallel == 8  # four at once, and as many that wait
    assert voice.speak("Trees have roots.") == own.speak("Trees have roots.")
    assert voice.lacks("a") == own.lacks("a")
    assert {worker for worker, _ in cluster.tally} <= {"0", "1"}


def test_a_sentence_goes_whole_to_who_speaks_it(cluster: Cluster) -> None:
    voice, _ = open_voice(cluster, settings(), nobody)
    with open_executor(cluster, lambda: ThreadPoolExecutor(1)) as executor:
        assert isinstance(executor, ClusterExecutor)
        made = [executor.submit(speak, voice, f"Tree {number}.", ()) for number in range(6)]
        assert [one.result(60) for one in made] == [
            speak(FakeVoice("flite"), f"Tree {number}.", ()) for number in range(6)
        ]
    assert sum(count for (_, name), count in cluster.tally.items() if name == "speak") == 6


def test_files_and_voices_of_this_machine_stay_here(cluster: Cluster, tmp_path: Path) -> None:
    voice, _ = open_voice(cluster, settings(), nobody)
    with open_executor(cluster, lambda: ThreadPoolExecutor(1)) as executor:
        assert executor.submit(lambda path: path.name, tmp_path).result(60) == tmp_path.name
        assert executor.submit(lambda one: one.name, FakeVoice()).result(60) == FakeVoice().name
        assert executor.submit(lambda path, one: one.speak("Yes.").rate, tmp_path, voice).result(60) > 0
        assert executor.submit(_who).result(60) in ("0", "1", "2")
        assert executor.at_once == 6  # type: ignore[attr-defined]


def _who() -> str:
    return worker_name()


def test_it_travels_as_a_recipe(cluster: Cluster) -> None:
    voice, _ = open_voice(cluster, settings("flite slt", rate=1.2), nobody)
    there = pickle.loads(pickle.dumps(voice))
    assert there == WarmVoice(Recipe("voice", "flite slt", "en", 1.2, ""), voice.identity)


def test_most_voices_win_and_the_others_are_told(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recipe, "open", lambda _: (FakeVoice(f"of {worker_name()}"), "it is there"))
    said = Told()
    with connected(address, tmp_path, said) as cluster:
        voice, _ = open_voice(cluster, settings(), nobody)
        assert "of 1" in voice.identity
        for _ in range(6):
            voice.speak("Yes.")
        assert {worker for worker, name in cluster.tally if name == "speak"} == {"1"}
    assert said[1:] == [f"worker 0 does not speak as {voice.identity}: {FakeVoice('of 0').identity}"]


def test_what_is_wrong_with_a_voice_is_told_as_here(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> Any:
        raise ConfigError("unknown voice `flyte`", hint="did you mean `flite`?")

    monkeypatch.setattr(Recipe, "open", fails)
    with pytest.raises(ConfigError, match="unknown voice `flyte`"):
        open_voice(cluster, settings("flyte"), nobody)


@pytest.mark.parametrize("given", ["silent", "edge", "fake", "recorded"])
def test_some_voices_stay_here(cluster: Cluster, given: str) -> None:
    own: Voice = FakeVoice()
    assert open_voice(cluster, settings(given, online=True), lambda: (own, "")) == (own, "")
    assert open_voice(cluster, settings("auto", online=True), lambda: (own, "")) == (own, "")
    assert not cluster.tally


def test_the_reference(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    found = open_reference(cluster, settings(), nobody)
    assert isinstance(found, ClusterVoice)
    monkeypatch.setattr(cluster_voice.Recipe, "open", lambda _: (None, ""))
    assert open_reference(cluster, settings(), nobody) is None


def test_this_machine_speaks_where_nobody_else_does(tmp_path: Path) -> None:
    said, own = Told(), FakeVoice()
    with gang({}) as alone, connected(alone.scheduler_address, tmp_path, said) as cluster:
        assert open_voice(cluster, settings(), lambda: (own, "mine")) == (own, "mine")
        assert open_reference(cluster, settings(), lambda: own) is own
    assert said[1:] == ["no worker offers voices: this machine speaks"]
