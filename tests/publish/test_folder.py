"""The folder of a lesson: what is written, left alone, removed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from deckcast.digest import sha256
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import StorageError
from deckcast.keep import Keeper
from deckcast.model import Deck, Encoded, Finding, Timeline
from deckcast.publish import publish
from deckcast.settings import LessonSettings, Settings
from deckcast.stages import Silence
from publish.said import lesson, picture, take

PICTURE = picture()
LONG = (
    "So many words are said here that this section of the lesson lasts longer than ten seconds, "
    "it really does, and then some more words follow until it is enough, and one more for good measure."
)


@dataclass
class Desk:
    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    settings: Settings = field(default_factory=lambda: Settings(lesson=LessonSettings(title="A lesson")))
    counts: tuple[int, int] = (0, 0)

    def publish(self, deck: Deck, timeline: Timeline) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
        keeper = Keeper(self.store, Silence(), "lesson")
        video = Encoded(self.folder / "lesson.mp4", "f" * 64, 1234, made=True)
        engines = {"voice": "fake 1"}
        made = publish(deck, timeline, self.settings, keeper, self.folder, [video], engines=engines)
        self.counts = keeper.counts("publish")
        return made

    def lesson(self, *titles: str, said: str = LONG) -> tuple[Deck, Timeline]:
        image = self.store.put(sha256(PICTURE), {}, {"png": PICTURE}).blobs["png"]
        return lesson([(title, [take(1, said), 1.0]) for title in titles], image=image)

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


TEXTS = ["captions.srt", "captions.vtt", "captions.words.vtt", "chapters.txt", "index.html", "manifest.json"]


def test_everything_is_written_and_told(desk: Desk) -> None:
    files, findings = desk.publish(*desk.lesson("One", "Two", "Three"))
    pictures = [f"slides/00{at}{step}.png" for at in (1, 2, 3) for step in ("", "-2")]
    small = [f"slides/00{at}-2.webp" for at in (1, 2, 3)]
    assert desk.names() == sorted([*TEXTS, *pictures, *small, "description.txt", "transcript.md"])
    assert [str(file.relative_to(desk.folder)) for file in files] == [
        "lesson.mp4", "captions.vtt", "captions.words.vtt", "captions.srt", "transcript.md", "chapters.txt",
        "description.txt", *pictures, *small, "index.html", "manifest.json",
    ]  # fmt: skip
    assert findings == ()
    assert (desk.folder / "slides/003-2.png").read_bytes() == PICTURE
    assert (desk.folder / "chapters.txt").read_text().splitlines()[0] == "0:00 One"


def test_the_manifest_tells_what_was_made_of_what(desk: Desk) -> None:
    deck, timeline = desk.lesson("One", "Two", "Three")
    desk.publish(deck, timeline)
    text = (desk.folder / "manifest.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["title"] == "A lesson"
    assert told["engines"] == {"voice": "fake 1"}
    assert told["video"]["frames"] == timeline.frames
    assert told["settings"]["narration"]["lead_in"] == 0.35
    assert [step["picture"] for step in told["steps"]][:2] == ["slides/001.png", "slides/001-2.png"]
    assert sum(step["frames"] for step in told["steps"]) == timeline.frames
    assert told["steps"][0]["narration"]["text"] == LONG
    assert "narration" not in told["steps"][1]
    assert told["files"]["lesson.mp4"] == {"sha256": "f" * 64, "size": 1234}
    for name in ("captions.vtt", "captions.words.vtt", "slides/002.png"):
        data = (desk.folder / name).read_bytes()
        assert told["files"][name] == {"sha256": sha256(data), "size": len(data)}
    assert str(desk.folder) not in text


def test_a_second_time_nothing_is_written(desk: Desk) -> None:
    first = desk.publish(*desk.lesson("One", "Two", "Three"))
    times = {name: (desk.folder / name).stat().st_mtime_ns for name in desk.names()}
    assert desk.counts == (1, 0)
    assert desk.publish(*desk.lesson("One", "Two", "Three")) == first
    assert desk.counts == (0, 1)
    assert {name: (desk.folder / name).stat().st_mtime_ns for name in desk.names()} == times


def test_only_what_changed_is_written(desk: Desk) -> None:
    desk.publish(*desk.lesson("One", "Two", "Three"))
    times = {name: (desk.folder / name).stat().st_mtime_ns for name in desk.names()}
    desk.publish(*desk.lesson("One", "Two!", "Three"))
    changed = {name for name in desk.names() if (desk.folder / name).stat().st_mtime_ns != times[name]}
    assert changed == {"chapters.txt", "description.txt", "index.html", "manifest.json", "transcript.md"}


def test_what_is_said_of_the_course_alone_makes_no_lesson_again(desk: Desk) -> None:
    desk.publish(*desk.lesson("One", "Two", "Three"))
    told = replace(desk.settings.publish, order=("b", "a"), course_description="All of it.", course_picture="a.png")
    desk.settings = replace(desk.settings, publish=told)
    desk.publish(*desk.lesson("One", "Two", "Three"))
    assert desk.counts == (0, 1)
    desk.settings = replace(desk.settings, publish=replace(told, base_url="https://example.org/"))
    desk.publish(*desk.lesson("One", "Two", "Three"))
    assert desk.counts == (1, 0)


def test_a_file_that_was_damaged_or_removed_is_written_again(desk: Desk) -> None:
    desk.publish(*desk.lesson("One", "Two", "Three"))
    before = {name: (desk.folder / name).read_bytes() for name in desk.names()}
    (desk.folder / "captions.vtt").write_text("mine")
    (desk.folder / "slides/002.png").unlink()
    desk.publish(*desk.lesson("One", "Two", "Three"))
    assert {name: (desk.folder / name).read_bytes() for name in desk.names()} == before


def test_what_no_longer_belongs_is_removed_and_nothing_else(desk: Desk) -> None:
    desk.publish(*desk.lesson("One", "Two", "Three"))
    for name in ("notes.txt", "slides/cover.png", "slides/mine-2.png"):
        (desk.folder / name).write_text("the author's own")
    (desk.folder / "slides/.002.png.part").write_text("left by a build that was killed")
    deck, timeline = desk.lesson("One", said="Hi.")
    _, findings = desk.publish(deck, timeline)
    assert desk.names() == [
        "captions.srt", "captions.vtt", "captions.words.vtt", "index.html", "manifest.json", "notes.txt",
        "slides/001-2.png", "slides/001-2.webp", "slides/001.png", "slides/cover.png", "slides/mine-2.png",
        "transcript.md",
    ]  # fmt: skip
    assert [finding.code for finding in findings] == ["chapters-few", "captions-short"]


def test_what_a_killed_build_left_is_removed_even_if_all_else_still_serves(desk: Desk) -> None:
    desk.publish(*desk.lesson("One"))
    names = desk.names()
    for name in ("slides/002.png", "slides/.003.png.part", ".manifest.json.part", "chapters.txt"):
        (desk.folder / name).write_text("half")
    desk.publish(*desk.lesson("One"))
    assert (desk.counts, desk.names()) == ((0, 1), names)


def test_without_words_there_are_no_captions(desk: Desk) -> None:
    desk.publish(*desk.lesson("One"))
    deck, timeline = lesson([("One", 3.0)], image=desk.lesson("One")[1].scenes[0].frame.image)
    desk.publish(deck, timeline)
    assert [name for name in desk.names() if "captions" in name] == []


def test_a_folder_that_cannot_be_written_is_told(desk: Desk) -> None:
    (desk.folder / "slides").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"cannot write .*slides/001\.png: "):
        desk.publish(*desk.lesson("One"))


def test_a_full_disk_is_told_and_leaves_no_half_file(desk: Desk) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (desk.folder / ".transcript.md.part").symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"transcript\.md: no space left on device"):
        desk.publish(*desk.lesson("One"))
    assert desk.names() == ["captions.srt", "captions.vtt", "captions.words.vtt"]
