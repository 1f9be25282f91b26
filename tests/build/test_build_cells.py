"""Whole builds of a deck with cells: what runs, what is replayed, what is made again, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import deckcast
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.errors import CellError, DeckcastError, TrustError
from deckcast.model import Lesson
from deckcast.ports import Browser, Kernels, Voice
from deckcast.stages import Silence
from deckcast.workshop import Workshop
from run.chapter import forge

DECK = """\
---
title: Sums
size: 240
---

# Two and two

```python exec name=sum
total = 2 + 2
print("the sum is", total)
```

???

Two and two make `{python} total`.

---

# Twice that

```python exec name=double
print("twice is", 2 * total)
```

???

Simple enough.

---

# The end

???

Goodbye.
"""


class Told(Silence):
    """Remembers what a build says."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}
        self.said: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made[what] = why

    def say(self, message: str) -> None:
        self.said.append(message)


@dataclass
class Machine:
    """A project folder with one chapter, and fakes that last over several builds."""

    folder: Path
    kernels: FakeKernels = field(default_factory=FakeKernels)
    store: MemoryStore = field(default_factory=MemoryStore)
    told: Told = field(default_factory=Told)

    @property
    def deck(self) -> Path:
        return self.folder / "chapters" / "sums" / "presentation.md"

    def edit(self, old: str, new: str) -> None:
        text = self.deck.read_text()
        assert old in text
        self.deck.write_text(text.replace(old, new))

    def build(self, **more: Any) -> Lesson:
        self.told = Told()

        def browser(*_: Any) -> Browser:
            return FakeBrowser()

        def voice(*_: Any) -> tuple[Voice, str]:
            return FakeVoice(), "it is a test"

        def executor(*_: Any) -> Executor:
            return InlineExecutor()

        def kernels(*_: Any) -> Kernels:
            return self.kernels

        shop = Workshop(lambda *_: self.store, executor, browser, voice, kernels)
        return deckcast.build(
            self.deck.parent, output=self.folder / "output", workshop=shop, progress=self.told, **more
        )

    def drawn(self) -> set[str]:
        return {what for what in self.told.made if what.startswith("picture of")}

    def spoken(self) -> set[str]:
        return {what for what in self.told.made if "sentence" in what}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A project in which the author works."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    project = tmp_path / "project"
    (project / "chapters" / "sums").mkdir(parents=True)
    (project / "deckcast.toml").write_text("")
    monkeypatch.chdir(project)
    one = Machine(project)
    one.deck.write_text(DECK)
    return one


def mode(name: str) -> dict[str, Any]:
    return {"settings": {"cells.mode": name}}


def test_the_lesson_shows_and_speaks_what_came_out(machine: Machine) -> None:
    lesson = machine.build()
    transcript = (lesson.folder / "transcript.md").read_text()
    assert "Two and two make 4." in transcript
    assert machine.kernels.ran == ['total = 2 + 2\nprint("the sum is", total)', 'print("twice is", 2 * total)']
    assert [stage.name for stage in lesson.stages][:2] == ["parse", "run"]
    assert machine.kernels.closed


def test_a_second_build_runs_nothing_and_makes_nothing(machine: Machine) -> None:
    machine.build()
    ran = len(machine.kernels.ran)
    lesson = machine.build()
    assert len(machine.kernels.ran) == ran
    assert lesson.unchanged
    assert any("record" in message for message in machine.told.said)


def test_a_word_of_prose_runs_no_cell(machine: Machine) -> None:
    machine.build()
    ran = len(machine.kernels.ran)
    machine.edit("Simple enough.", "As simple as that.")
    machine.build()
    assert len(machine.kernels.ran) == ran
    assert machine.drawn() == set()
    assert machine.spoken() == {"slide 2 sentence 1"}


def test_a_changed_cell_runs_all_and_only_slides_whose_outputs_differ_are_made_again(machine: Machine) -> None:
    machine.build()
    machine.edit("2 * total", "3 * total")
    machine.build()
    assert len(machine.kernels.ran) == 4, "the whole chapter runs in one session"
    assert machine.drawn() == {"picture of slide 2"}
    assert machine.spoken() == set()
    assert "source" in machine.told.made["slide 2 cell `double`"]


def test_a_change_without_an_effect_draws_only_the_code_that_changed(machine: Machine) -> None:
    machine.build()
    machine.edit("total = 2 + 2", "total = 1 + 3")
    machine.build()
    assert machine.drawn() == {"picture of slide 1"}
    assert machine.spoken() == set()


def test_always_runs_again_and_equal_outputs_make_nothing_again(machine: Machine) -> None:
    machine.build()
    machine.build(**mode("always"))
    assert len(machine.kernels.ran) == 4
    assert machine.drawn() == machine.spoken() == set()


def test_without_a_kernel_the_record_is_replayed(machine: Machine) -> None:
    before = machine.build()
    machine.kernels = FakeKernels(languages=())
    shutil.rmtree(machine.folder / "output")
    machine.store = MemoryStore()
    lesson = machine.build()
    assert machine.kernels.kernels == []
    assert [stage.made for stage in lesson.stages if stage.name == "run"] == [0]
    assert lesson.words == before.words


def test_without_kernel_and_record_the_build_stops_and_says_how_to_go_on(machine: Machine) -> None:
    machine.kernels = FakeKernels(languages=())
    with pytest.raises(DeckcastError) as caught:
        machine.build()
    finding = caught.value.findings[0]
    assert finding.where is not None
    assert finding.where.line == 8
    assert "slide 1" in finding.slide
    assert "pip install" in finding.hint


def test_never_refuses_a_record_that_does_not_belong_to_the_code(machine: Machine) -> None:
    machine.build()
    ran = len(machine.kernels.ran)
    machine.edit("2 * total", "3 * total")
    with pytest.raises(CellError) as caught:
        machine.build(**mode("never"))
    assert len(machine.kernels.ran) == ran
    assert caught.value.findings[0].slide == 'slide 2 "Twice that"'


def test_verify_tells_what_came_out_differently(machine: Machine) -> None:
    machine.build()
    record = machine.deck.parent / "outputs" / "presentation.json"
    forge(record, "twice is 8", "twice is 9")
    lesson = machine.build(**mode("verify"))
    errors = [finding for finding in lesson.findings if finding.severity == "error"]
    assert len(errors) == 1
    assert errors[0].slide == 'slide 2 "Twice that"'
    assert "twice is 9" in record.read_text(), "the record stays as it is"


def test_a_failing_cell_shows_its_lines_its_output_and_its_traceback(machine: Machine) -> None:
    machine.edit('print("twice is", 2 * total)', 'print("so far", total)\nnumber = 1 / (total - 4)')
    with pytest.raises(CellError) as caught:
        machine.build()
    finding = caught.value.findings[0]
    assert finding.where is not None
    assert (finding.where.line, finding.slide) == (23, 'slide 2 "Twice that"')
    shown = [text for _, text in finding.details]
    assert "number = 1 / (total - 4)" in shown[0]
    assert "23" in shown[0]
    assert shown[1].strip() == "so far 4"
    assert "presentation.md:23" in shown[2]
    assert caught.value.exit_code == 1


def test_a_deck_from_elsewhere_runs_no_code_unasked(machine: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "downloads" / "sums"
    shutil.copytree(machine.deck.parent, elsewhere)
    stranger = Machine(tmp_path)

    def build(**more: Any) -> Callable[[], Lesson]:
        shutil.rmtree(tmp_path / "chapters", ignore_errors=True)
        (tmp_path / "chapters").mkdir()
        (tmp_path / "chapters" / "sums").symlink_to(elsewhere)
        return lambda: stranger.build(**more)

    with pytest.raises(TrustError) as caught:
        build()()
    assert stranger.kernels.kernels == []
    assert "--trust" in caught.value.findings[0].hint
    assert build(trust=True)().seconds > 0
    assert build(**mode("always"))().seconds > 0, "trusted once, trusted while its code stays as it is"
    stranger.edit("2 * total", "4 * total")
    with pytest.raises(TrustError):
        build()()


def test_a_deck_without_cells_starts_no_kernel_and_has_no_record(machine: Machine) -> None:
    machine.deck.write_text("# Hello\n\n```python\nprint(1)\n```\n\n???\n\nHello.\n")
    lesson = machine.build()
    assert machine.kernels.kernels == []
    assert not (machine.deck.parent / "outputs").exists()
    assert "run" not in [stage.name for stage in lesson.stages]
