"""A whole build with the shipped fakes behind the ports: what is made, what is kept, what is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import deckcast
from deckcast.build import choose
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.errors import AuthorError, BrowserError, ConfigError, DeckcastError, Several, UsageError, VoiceError
from deckcast.model import Lesson
from deckcast.ports import Browser, Voice
from deckcast.stages import Silence
from deckcast.workshop import Workshop

DECK = """\
---
title: Trees
size: 240
---

# Trees

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


class Told(Silence):
    """Remembers what a build made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(what)


@dataclass
class Fakes:
    """Fakes that last over several builds, as a machine does."""

    store: MemoryStore = field(default_factory=MemoryStore)
    browsers: list[FakeBrowser] = field(default_factory=list)
    voices: list[FakeVoice] = field(default_factory=list)
    broken_section: str = ""
    fails: Callable[[str], bool] | None = None

    def workshop(self) -> Workshop:
        def browser(*_: Any) -> Browser:
            self.browsers.append(FakeBrowser(broken=self.broken_section))
            return self.browsers[-1]

        def voice(*_: Any) -> tuple[Voice, str]:
            self.voices.append(FakeVoice(fails=self.fails))
            return self.voices[-1], "it is a test"

        def executor(*_: Any) -> Executor:
            return InlineExecutor()

        return Workshop(lambda *_: self.store, executor, browser, voice)

    @property
    def shown(self) -> list[str]:
        """What the last build had photographed."""
        return self.browsers[-1].shown

    @property
    def spoken(self) -> list[str]:
        return self.voices[-1].spoken


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def build(tmp_path: Path, fakes: Fakes) -> Callable[..., Lesson]:
    """Writes the deck and builds it."""

    def run(deck: str = DECK, **options: Any) -> Lesson:
        talk = tmp_path / "talk"
        talk.mkdir(exist_ok=True)
        (talk / "presentation.md").write_text(deck)
        return deckcast.build(talk, output=tmp_path / "out", workshop=fakes.workshop(), **options)

    return run


def test_a_lesson_is_built_with_its_companions(build: Callable[..., Lesson], tmp_path: Path) -> None:
    lesson = build()
    assert lesson.video == tmp_path / "out" / "talk" / "lesson.mp4"
    assert lesson.video.stat().st_size > 1000
    assert lesson.name == "talk"
    assert lesson.title == "Trees"
    assert lesson.slides == 3
    assert len(lesson.durations) == 4
    assert lesson.seconds == pytest.approx(sum(lesson.durations))
    assert lesson.words == 12
    assert lesson.voice == "fake: it is a test"
    names = {path.name for path in lesson.files}
    assert {"lesson.mp4", "transcript.md", "captions.vtt", "captions.srt", "manifest.json"} <= names
    assert all(path.is_file() for path in lesson.files)
    assert not lesson.unchanged
    manifest = json.loads((lesson.folder / "manifest.json").read_text())
    assert str(tmp_path) not in json.dumps(manifest), "a manifest holds no path of the machine"


@pytest.mark.parametrize("fails", [None, lambda text: "deep" in text])
def test_voices_are_closed_however_a_build_ends(
    build: Callable[..., Lesson], fakes: Fakes, fails: Callable[[str], bool] | None
) -> None:
    fakes.fails = fails
    with suppress(VoiceError):
        build()
    assert [voice.closed for voice in fakes.voices] == [True]


def test_a_second_build_makes_nothing(build: Callable[..., Lesson], fakes: Fakes) -> None:
    first = build()
    before = {path: path.stat().st_mtime_ns for path in first.files}
    second = build()
    assert second.unchanged
    assert fakes.shown == []
    assert fakes.spoken == []
    assert {path: path.stat().st_mtime_ns for path in second.files} == before, "nothing is even written again"


def test_one_changed_slide_asks_for_one_slide_again(build: Callable[..., Lesson], fakes: Fakes) -> None:
    build()
    lesson = build(DECK.replace("- below", "- under the ground").replace("Roots are below.", "Roots are underground."))
    assert len(fakes.shown) == 2, "the slide's first step and the increment that shows it, too"
    assert fakes.spoken == ["Roots are underground."]
    made = {stage.name: stage.made for stage in lesson.stages}
    assert made["render"] == 2
    assert made["narrate"] == 1
    assert made["encode"] == 2 + 1 + 1 + 1, "two pictures, how loud all is, one take, and the file"


def test_a_changed_word_speaks_one_sentence_and_draws_nothing(build: Callable[..., Lesson], fakes: Fakes) -> None:
    build()
    build(DECK.replace("They also have leaves.", "They also have needles."))
    assert fakes.shown == []
    assert fakes.spoken == ["They also have needles."]


def test_a_slide_that_moves_or_goes_costs_only_numbers(build: Callable[..., Lesson], fakes: Fakes) -> None:
    deck = DECK.replace("size: 240", "size: 240\nslide_number: false")
    build(deck)
    build(deck.replace("\n---\n\n# The end\n", ""))
    assert fakes.shown == []
    assert fakes.spoken == []


def test_a_step_shows_in_the_frame_of_its_word(build: Callable[..., Lesson], fakes: Fakes) -> None:
    deck = "---\nsize: 240\n---\n# A\n\n???\nOne two [click]three four. Five.\n\n--\n\nmore\n\n---\n# B\n"
    lesson = build(deck)
    manifest = json.loads((lesson.folder / "manifest.json").read_text())
    first, second, _ = manifest["steps"]
    fps = manifest["video"]["fps"]
    words = (lesson.folder / "captions.words.vtt").read_text()
    assert "two <00:00:00.728>three" in words
    assert second["first_frame"] == int(0.728 * fps)
    assert "narration" in first
    assert "narration" not in second
    assert build(deck.replace("[click]", "")).unchanged is False
    assert fakes.spoken == [], "the same sentences"
    assert fakes.shown == [], "and the same pictures"


def test_force_makes_everything_again(build: Callable[..., Lesson], fakes: Fakes) -> None:
    build()
    lesson = build(force=True)
    assert fakes.shown == ["step-1", "step-2", "step-3", "step-4", "thumbnail"]
    assert len(fakes.spoken) == 4
    assert not lesson.unchanged


def test_an_excerpt_lies_beside_the_lesson(build: Callable[..., Lesson], tmp_path: Path, fakes: Fakes) -> None:
    whole = build()
    excerpt = build(only="2-3")
    assert excerpt.video == tmp_path / "out" / "talk@2-3" / "lesson.mp4"
    assert excerpt.slides == 2
    assert len(excerpt.durations) == 3
    assert whole.video.is_file()
    assert fakes.shown == [], "the excerpt's slides were drawn already"


def test_slide_properties_and_the_command_line_are_laid_over(build: Callable[..., Lesson]) -> None:
    deck = DECK.replace("\n# The end", "\nsilent: 7s\n\n# The end")
    assert build(deck).durations[-1] == pytest.approx(7.0)
    assert build(deck, settings={"narration.silent": "2s"}).durations[-1] == pytest.approx(2.0)


def test_mistakes_in_slide_properties_are_all_told_with_their_place(build: Callable[..., Lesson], fakes: Fakes) -> None:
    deck = DECK.replace("\n# The end", "\nsilent: long\ntail: -1\n\n# The end")
    with pytest.raises(DeckcastError) as caught:
        build(deck)
    places = [(finding.where.line, finding.slide) for finding in caught.value.findings if finding.where]
    assert places == [(32, 'slide 3 "The end"'), (33, 'slide 3 "The end"')]
    assert not fakes.browsers, "nothing was opened for a deck that cannot be built"


def test_the_browser_is_closed_whatever_happens(build: Callable[..., Lesson], fakes: Fakes) -> None:
    build()
    fakes.fails = lambda text: "deep" in text
    with pytest.raises(VoiceError):
        build(DECK.replace("And deep.", "And very deep."))
    assert all(browser.closed for browser in fakes.browsers)


def test_a_failing_voice_costs_no_finished_work(build: Callable[..., Lesson], fakes: Fakes) -> None:
    fakes.fails = lambda text: "deep" in text
    with pytest.raises(VoiceError) as caught:
        build()
    (finding,) = caught.value.findings
    assert finding.slide == 'slide 2 "Roots"'
    assert finding.where is not None
    assert finding.where.line == 28
    fakes.fails = None
    build()
    assert fakes.spoken == ["And deep."], "the other sentences and all pictures were kept"
    assert fakes.shown == []


def test_both_failures_are_told_when_two_engines_fail(build: Callable[..., Lesson], fakes: Fakes) -> None:
    build()
    section = fakes.browsers[0].shown[0]
    fakes.store = MemoryStore()
    fakes.broken_section = section
    fakes.fails = lambda text: True
    with pytest.raises(Several) as caught:
        build()
    assert {type(error) for error in caught.value.errors} == {BrowserError, VoiceError}
    assert caught.value.exit_code == 3


def test_missing_pictures_stop_the_build_before_the_browser(build: Callable[..., Lesson], fakes: Fakes) -> None:
    with pytest.raises(AuthorError) as caught:
        build(DECK.replace("- below", "![x](gone.png)"))
    assert "gone.png" in str(caught.value)
    assert fakes.shown == []


def test_settings_that_cannot_be_are_told_before_anything_is_opened(build: Callable[..., Lesson], fakes: Fakes) -> None:
    with pytest.raises(ConfigError, match="unknown setting"):
        build(settings={"colour": "red"})
    assert not fakes.browsers
    assert not fakes.voices


@pytest.mark.parametrize(
    ("only", "indexes"), [("", [1, 2, 3, 4]), ("2", [2, 3]), ("1,3", [1, 4]), ("1-3", [1, 2, 3, 4])]
)
def test_choosing_slides(only: str, indexes: list[int]) -> None:
    deck = deckcast.parse(DECK, "deck.md")
    assert [step.index for step in choose(deck, only)] == indexes


@pytest.mark.parametrize("only", ["0", "4", "2-1", "a", "1-", "1,,2", "-1", "٣"])
def test_slides_that_are_not_there(only: str) -> None:
    deck = deckcast.parse(DECK, "deck.md")
    with pytest.raises(UsageError, match="there are no slides"):
        choose(deck, only)


def test_a_draft_is_small_lies_elsewhere_and_leaves_the_lesson_as_it_is(
    build: Callable[..., Lesson], tmp_path: Path
) -> None:
    deck = DECK.replace("size: 240", "size: 1080")
    whole = build(deck)
    before = {path: path.stat().st_mtime_ns for path in whole.files}
    draft = build(deck, draft=True)
    assert draft.folder == tmp_path / "out" / "talk@draft"
    told = json.loads((draft.folder / "manifest.json").read_text())["video"]
    assert (told["height"], told["fps"]) == (720, 15)
    assert {stage.name: stage.made for stage in draft.stages}["narrate"] == 0, "what was spoken serves both"
    assert build(deck, draft=True, settings={"video.fps": 20}).unchanged is False
    again = build(deck)
    assert again.unchanged
    assert {path: path.stat().st_mtime_ns for path in again.files} == before
    assert build(deck, draft=True, only="2").folder.name == "talk@2@draft"


def test_slides_that_come_go_and_move_cost_what_is_new(tmp_path: Path, fakes: Fakes) -> None:
    """Counts what is made of seven slides without numbers, which tell on each slide how many there are."""
    talk = tmp_path / "talk"
    talk.mkdir()
    trees = ["oak", "ash", "elm", "fir", "yew", "fig", "palm"]
    slides = [f"\n## The {tree}\n\n{tree}\n\n???\n\nThis is the {tree}. Its {tree} leaves fall.\n" for tree in trees]
    options = {"video.size": 240, "video.fps": 10, "slides.slide_number": False}

    def made(*parts: str) -> tuple[int, int, list[str], set[str]]:
        """Pictures, sentences, what is encoded, and why."""
        (talk / "presentation.md").write_text("\n---\n".join(parts))
        told = Told()
        deckcast.build(talk, output=tmp_path / "out", workshop=fakes.workshop(), settings=options, progress=told)
        encoded = [piece for piece in told.made if piece.startswith(("video of", "sound of"))]
        return len(fakes.shown), len(fakes.spoken), encoded, set(told.made)

    pictures, sentences, encoded, _ = made(*slides)
    assert (pictures, sentences, len(encoded)) == (7, 14, 14)
    assert made(*slides)[:3] == (0, 0, [])
    at = 4
    assert made(*slides[:at], *slides[at + 1 :])[:3] == (0, 0, []), "one left out"
    assert made(*slides)[:3] == (0, 0, []), "and back"
    there, last = slides[: at - 1], slides[at + 1 :]
    assert made(*there, slides[at], slides[at - 1], *last)[:3] == (0, 0, []), "two change places"
    new = "\n## A new one\n\n- with a line\n\n???\n\nThis was not said before.\n"
    pictures, sentences, encoded, _ = made(*slides[:at], new, *slides[at:])
    assert (pictures, sentences, len(encoded)) == (1, 1, 2), "one put in"
    changed = slides[at].replace("\n## ", "\n## Now ", 1)
    pictures, sentences, encoded, _ = made(*slides[:at], changed, *slides[at + 1 :])
    assert pictures == 1
    assert (sentences, [piece for piece in encoded if piece.startswith("sound")]) == (0, [])
    assert len(encoded) == pictures


def test_a_dead_link_is_told_and_the_lesson_is_built_all_the_same(build: Callable[..., Lesson]) -> None:
    lesson = build(DECK.replace("- below", "- [below](#nowhere)"))
    assert [(one.severity, one.code, one.slide) for one in lesson.findings if one.severity != "note"] == [
        ("error", "link-anchor", 'slide 2 "Roots"')
    ]
    assert lesson.video.is_file()


def test_what_is_switched_off_is_not_told_by_a_build_either(build: Callable[..., Lesson]) -> None:
    lesson = build(
        DECK.replace("- below", "- [below](#nowhere) ** x ** <!-- check: off link-anchor deck-bold-blank -->")
    )
    assert [one.code for one in lesson.findings if one.severity != "note"] == []
