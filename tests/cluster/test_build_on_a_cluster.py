"""A whole build on a cluster in this process, with the shipped fakes: the same lesson, and nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import deckcast
from cluster.gang import CALM, gang
from deckcast.cli import run
from deckcast.cluster import connection, dask, drawing, facts, warm
from deckcast.cluster.connection import Cluster
from deckcast.cluster.voice import Recipe
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.voice_fake import FakeVoice
from deckcast.errors import ClusterError
from deckcast.model import Lesson
from deckcast.stages import Silence
from deckcast.workshop import Workshop

pytestmark = CALM
DECK = """\
---
title: Trees
size: 240
voice: flite
---

# Trees

![roots](roots.png)

???

Trees have roots. They also have leaves.

---

# Roots

- below

???

Roots are below.

--

- and deep

???

And deep.

---

# The end
"""


class Watched(Silence):
    """Remembers what was made, and does something at a moment of the build."""

    def __init__(self, at: str = "", does: Callable[[], None] = lambda: None) -> None:
        self.made: list[str] = []
        self._at = at
        self._does = does

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(f"{stage} {what}")
        if stage == self._at:
            self._at = ""
            self._does()


@pytest.fixture
def clusters(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Cluster]]:
    """Every connection that builds make; workers have fakes, as this machine has."""
    made: list[Cluster] = []

    class Remembered(Cluster):
        def __init__(self, *given: Any, **named: Any) -> None:
            made.append(self)
            super().__init__(*given, **named)

    monkeypatch.setattr(connection, "Cluster", Remembered)
    monkeypatch.setattr(drawing, "open_browser", lambda *_: FakeBrowser())
    monkeypatch.setattr(facts, "_browser", lambda: {"browser": FakeBrowser().identity})
    monkeypatch.setattr(Recipe, "open", lambda recipe: (FakeVoice(recipe.setting), "it is there"))
    yield made
    warm.close_idle()


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "talk"
    folder.mkdir()
    (folder / "presentation.md").write_text(DECK)
    Image.new("RGB", (40, 40), "green").save(folder / "roots.png")
    return folder


def build(talk: Path, output: str, address: str = "", told: Watched | None = None, **more: Any) -> Lesson:
    shop = Workshop(browser=lambda *_: FakeBrowser(), voice=lambda _: (FakeVoice("flite"), "it is there"))
    settings = {"build.cluster": address, **more} if address else more
    return deckcast.build(talk, output=output, progress=told, workshop=shop, settings=settings)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_lesson_is_the_same(talk: Path, clusters: list[Cluster]) -> None:
    here = build(talk, "here")
    with gang({"browser": 1}, {"voice": 1}) as cluster:
        told = Watched()
        there = build(talk, "there", cluster.scheduler_address, told)
        assert contents(there.folder) == contents(here.folder)
        did = clusters[0].tally
        assert {worker for worker, name in did if name == "shoot"} == {"0"}
        assert {worker for worker, name in did if name == "speak"} == {"1"}
        assert sum(count for (_, name), count in did.items() if name == "speak") == 4
        assert sum(count for (_, name), count in did.items() if name.startswith("encode")) > 0
        again = Watched()
        build(talk, "there", cluster.scheduler_address, again, **{"video.fps": 29})
        assert told.made
        assert not [one for one in again.made if one.startswith(("render", "narrate"))]  # kept


def test_what_was_finished_is_kept_when_the_scheduler_ends(
    talk: Path, clusters: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask, "CONNECT", 1.0)
    with gang({"browser": 1, "voice": 1}) as cluster:

        class Ending(Watched):
            def begin(self, stage: str, total: int) -> None:
                if stage == "encode":  # its tasks find nobody
                    cluster.close()

        told = Ending()
        with pytest.raises(ClusterError, match="does not answer any more") as raised:
            build(talk, "out", cluster.scheduler_address, told)
        assert raised.value.exit_code == 3
    again = Watched()
    lesson = build(talk, "out", told=again)
    assert lesson.video.is_file()
    assert not [one for one in again.made if one.startswith(("render", "narrate"))]


def test_an_interrupted_build_leaves_nothing_behind(talk: Path, clusters: list[Cluster]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with gang({"browser": 1, "voice": 1}) as cluster:
        with pytest.raises(KeyboardInterrupt):
            build(talk, "out", cluster.scheduler_address, Watched("encode", interrupt))
        assert not [one for one in threading.enumerate() if one.name.startswith("deckcast-cluster-watch")]
        assert clusters[0].client.status == "closed"
        for _ in range(100):
            if not cluster.scheduler.tasks:
                break
            threading.Event().wait(0.1)
        assert not cluster.scheduler.tasks
        lesson = build(talk, "out", cluster.scheduler_address)
    assert lesson.video.is_file()


def test_the_command_tells_that_nobody_answers(
    talk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask, "CONNECT", 1.0)
    assert run(["build", "talk", "-o", "out", "--cluster", "tcp://127.0.0.1:9"]) == 3
    told = capsys.readouterr().err
    assert "error[cluster]: nobody answers at tcp://127.0.0.1:9" in told
    assert "docs/cluster.md" in told
    assert "Traceback" not in told
    assert "distributed" not in told  # Dask's own log says nothing
