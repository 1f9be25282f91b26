"""A lesson that stands is told without reading its deck, and nothing else is taken for one that stands."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import deckcast
from deckcast import project, standing
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.errors import VoiceError
from deckcast.model import Lesson, Phonemes, Speech
from deckcast.ports import Voice
from deckcast.workshop import Workshop

DECK = """\
---
title: Trees
size: 240
lexicon: {oak: oke}
---

# Trees

![a leaf](leaf.svg)

???

An oak has leaves. [voice fake anna]They fall.[/voice]
"""
LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle r="5"/></svg>'


class Named(FakeVoice):
    version = "1"

    @property
    def identity(self) -> str:
        return f"{super().identity} {self.version}"


@dataclass
class Place:
    """A folder with a chapter, and fakes that last over several builds."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    why: str = "it is a test"
    voice: type[FakeVoice] = Named
    reference: FakeVoice | None = None
    asked: list[str] = field(default_factory=list)

    def workshop(self) -> Workshop:
        def voice(settings: Any) -> tuple[Voice, str]:
            self.asked.append(settings.narration.voice)
            return self.voice(), self.why

        return Workshop(
            lambda *_: self.store,
            lambda *_: InlineExecutor(),
            lambda *_: FakeBrowser(),
            voice,
            lambda *_: FakeKernels(),
            lambda _: self.reference,
        )

    def build(self, **options: Any) -> Lesson:
        return deckcast.build("talk", output="out", workshop=self.workshop(), **options)

    def find(self, only: str = "", **given: Any) -> Lesson | None:
        return standing.find(project.find_chapter("talk"), Path("out"), only, given, self.workshop())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(standing, "SETTLED", -60.0)  # what a test writes is new
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "presentation.md").write_text(DECK)
    (tmp_path / "talk" / "leaf.svg").write_text(LEAF)
    (tmp_path / "deckcast.toml").write_text("")
    return Place(tmp_path)


def test_it_is_the_lesson_that_a_build_would_tell(place: Place) -> None:
    place.build()
    told = place.find()
    again = place.build()
    assert again.unchanged
    assert told is not None
    assert told.unchanged
    assert {stage.name for stage in told.stages} == {stage.name for stage in again.stages}
    for name in (
        "name",
        "title",
        "folder",
        "video",
        "files",
        "seconds",
        "slides",
        "words",
        "voice",
        "durations",
        "findings",
    ):
        assert getattr(told, name) == getattr(again, name), name


def test_damaged_work_is_told_once_and_made_again(place: Place) -> None:
    whole = place.build()
    video = whole.video.read_bytes()
    for name in place.store.contents:
        if name.startswith("blobs/"):
            place.store.contents[name] = b"damaged"
    whole.video.unlink()
    mended = place.build()
    assert mended.video.read_bytes() == video
    (told,) = (one for one in mended.findings if one.code == "store-damaged")
    assert "kept work was damaged, and was made again" in told.message
    stands = place.find()
    assert stands is not None
    assert stands.findings == place.build().findings == whole.findings


def test_the_voices_of_slides_and_marks_are_asked_too(place: Place) -> None:
    place.build()
    place.asked.clear()
    assert place.find()
    assert place.asked == ["auto", "fake anna"]


def touch(path: str, text: str) -> Callable[[Place], object]:
    def change(_: Place) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)

    return change


def same_size(path: str) -> Callable[[Place], object]:
    """Another content of the same length, and the old time."""

    def change(_: Place) -> None:
        before = Path(path).stat()
        data = Path(path).read_bytes()
        Path(path).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def renamed_voice(_: Place) -> None:
    Named.version = "2"


@pytest.mark.parametrize(
    "change",
    [
        touch("talk/presentation.md", DECK + "\nMore.\n"),
        same_size("talk/presentation.md"),
        same_size("talk/leaf.svg"),
        touch("talk/new/file.csv", "1"),
        touch("deckcast.toml", "fps = 25"),
        touch("talk/deckcast.toml", ""),
        touch("templates/themes/default/theme.css", ""),
        touch("talk/templates/x.css", ""),
        same_size("out/talk/lesson.mp4"),
        touch("out/talk/transcript.md", ""),
        touch("out/talk/.lesson.mp4.part", "of a build that was killed"),
        lambda _: Path("out/talk/slides/001.png").unlink(),
        lambda _: Path("talk/leaf.svg").unlink(),
        lambda place: setattr(place, "why", "another one is there now"),
        renamed_voice,
        touch("out/.deckcast/standing/talk.json", '{"sha256": "", "facts": "{}"}'),
        touch("out/.deckcast/standing/talk.json", "[]"),
    ],
)
def test_whatever_changed_is_seen(
    place: Place, change: Callable[[Place], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Named, "version", "1")
    place.build()
    assert place.find()
    change(place)
    assert place.find() is None


def test_a_module_that_chapters_share_is_an_input(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.folder / "chapters").mkdir()
    (place.folder / "talk").rename(place.folder / "chapters" / "talk")
    for name in ("common/models.py", "tools.py", "other/presentation.md"):
        path = place.folder / "chapters" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    place.build()
    assert place.find() is not None
    (place.folder / "chapters" / "other" / "presentation.md").write_text("# Another chapter\n")
    assert place.find() is not None
    for name in ("common/models.py", "tools.py"):
        (place.folder / "chapters" / name).write_text("x = 1\n")
        assert place.find() is None, name
        place.build()
        assert place.find() is not None


def test_another_question_is_another_lesson(place: Place) -> None:
    place.build(settings={"video.fps": 25})
    assert place.find(**{"video.fps": 25})
    assert place.find(**{"video.fps": 24}) is None
    assert place.find() is None
    assert place.find("1", **{"video.fps": 25}) is None
    place.build(only="1")
    assert place.find("1")
    place.build(draft=True)
    assert standing.find(project.find_chapter("talk"), Path("out"), "", {"x": None}, place.workshop(), draft=True)
    assert place.find(**{"video.fps": 25}), "an excerpt is written elsewhere"


def test_how_many_tasks_there_were_at_once_makes_no_other_lesson(place: Place) -> None:
    place.build(settings={"build.jobs": 3})
    assert place.find() is not None
    assert place.find(jobs=2) is not None


def test_what_chapters_share_is_looked_at_once_for_all_of_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    job, out = project.find_chapter("talk"), Path("out")
    sights = standing.Sights()
    seen = standing.look(job, out, "", {}, sights=sights)
    assert seen == standing.look(job, out, "", {})
    looked: list[Path] = []
    real = standing._sight

    def sight(path: Path, leave_out: Path | None) -> tuple[str, int]:
        looked.append(path)
        return real(path, leave_out)

    monkeypatch.setattr(standing, "_sight", sight)
    Path("talk/presentation.md").write_text(DECK.replace("leaves", "roots"))
    assert standing.look(job, out, "", {}, sights=sights) != seen
    assert looked == [job.folder]


def test_a_build_that_fails_leaves_nothing_standing_that_does_not(place: Place) -> None:
    place.build()
    Path("talk/presentation.md").write_text(DECK.replace("leaves", "roots"))
    place.build()
    Path("talk/presentation.md").write_text(DECK)
    assert place.find() is None


def test_what_was_just_written_is_not_trusted_by_its_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "SETTLED", 60.0)
    place.build()
    assert place.find() is None


def test_a_deck_in_a_folder_of_very_many_files_is_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST", 3)
    for number in range(4):
        Path(f"talk/{number}.txt").write_text("")
    place.build()
    assert place.find() is None


def test_a_lesson_inside_its_chapters_folder_stands_too(place: Place) -> None:
    deckcast.build("talk", output="talk/out", workshop=place.workshop())
    assert standing.find(project.find_chapter("talk"), Path("talk/out"), "", {}, place.workshop())


CELL = "\n---\n\n# One\n\n```python exec needs=hub\nprint(1)\n```\n"


@pytest.mark.parametrize(
    ("mode", "more", "stands"),
    [
        ("auto", "", True),
        ("auto", CELL.replace(" needs=hub", ""), True),
        ("always", CELL.replace(" needs=hub", ""), False),
        ("verify", CELL.replace(" needs=hub", ""), False),
        ("auto", CELL, False),
        ("never", CELL, True),
    ],
)
def test_code_that_may_run_is_not_passed_over(place: Place, mode: str, more: str, stands: bool) -> None:
    Path("talk/presentation.md").write_text(DECK + more)
    for _ in range(2):  # the first one may write a record
        with suppress(VoiceError):
            place.build(settings={"cells.mode": mode}, trust=True)
    assert bool(place.find(**{"cells.mode": mode})) is stands


def test_no_deck_is_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.build()
    told = json.loads(Path("out/.deckcast/standing/talk.json").read_text())
    assert json.loads(told["facts"])["lesson"]["title"] == "Trees"
    monkeypatch.setattr("deckcast.parse.load", lambda *_: pytest.fail("the deck was read"))
    assert place.find()


class Untold(Named):
    """Tells no word's time."""

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        return replace(super().speak(text, phonemes), words=())


class Other(FakeVoice):
    @property
    def identity(self) -> str:
        return "another reference"


def test_words_found_by_another_voice_do_not_stand_when_that_is_exchanged(place: Place) -> None:
    place.voice, place.reference = Untold, FakeVoice()
    place.build()
    assert place.find() is not None
    for exchanged in (None, Other()):
        place.reference = exchanged
        assert place.find() is None
        place.build()
        assert place.find() is not None


def test_a_reference_that_nothing_was_compared_with_makes_no_difference(place: Place) -> None:
    place.build()
    place.reference = Other()
    assert place.find() is not None


def test_what_leads_to_a_lesson_is_written_again_after_a_build_that_was_killed_before_it_was(place: Place) -> None:
    def write_course() -> None:
        Path("out/index.html").write_text("all lessons")
        standing.lead(Path("out"), {"talk": standing.version(Path("out"), "talk")}, [Path("out/index.html")])

    place.build()
    assert not standing.is_led_to(Path("out"), "talk")
    write_course()
    assert standing.is_led_to(Path("out"), "talk")
    Path("talk/presentation.md").write_text(DECK.replace("leaves", "roots"))
    before = standing.version(Path("out"), "talk")
    place.build()
    assert not standing.is_led_to(Path("out"), "talk")
    standing.lead(Path("out"), {"talk": before}, [])  # of a build that read the lesson's manifest as it was
    assert not standing.is_led_to(Path("out"), "talk")
    write_course()
    assert standing.is_led_to(Path("out"), "talk")
    Path("out/index.html").unlink()
    assert not standing.is_led_to(Path("out"), "talk")
