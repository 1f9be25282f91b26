"""The small rooms of the spine: project, labels, lock, together, stages."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from deckcast import project
from deckcast.engines.executors import InlineExecutor
from deckcast.errors import AuthorError, DeckError, Several, UsageError, VoiceError
from deckcast.labels import label, labelled
from deckcast.lock import exclusive
from deckcast.model import Deck, Finding, Properties, Slide, Step, Where
from deckcast.together import Stoppable, together


@pytest.fixture
def chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("01-one", "02-two"):
        (tmp_path / "chapters" / name).mkdir(parents=True)
        (tmp_path / "chapters" / name / "presentation.md").write_text("# T\n")
    (tmp_path / "chapters" / "03-empty").mkdir()
    (tmp_path / "alone.md").write_text("# T\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_chapters_are_found_by_folder_file_and_name(chapters: Path) -> None:
    assert [chapter.name for chapter in project.all_chapters()] == ["01-one", "02-two"]
    assert project.find_chapter("chapters/01-one").deck == Path("chapters/01-one/presentation.md")
    assert project.find_chapter("01-one").name == "01-one"
    alone = project.find_chapter("alone.md")
    assert alone.name == chapters.name, "the lesson is named after the deck's folder"
    assert chapters / "templates" in project.find_chapter("01-one").templates


def test_what_is_not_there_is_told_with_the_nearest(chapters: Path) -> None:
    with pytest.raises(UsageError) as caught:
        project.find_chapter("chapters/01-on")
    assert caught.value.finding.hint == "did you mean chapters/01-one?"
    with pytest.raises(AuthorError, match=r"there is no presentation\.md"):
        project.find_chapter("chapters/03-empty")


def test_a_folder_without_chapters_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"no chapters/\*/presentation\.md"):
        project.all_chapters()


def deck_of(*lines: int) -> Deck:
    steps = [Step(n, n, "", Properties(), (), (), Where("deck.md", line)) for n, line in enumerate(lines, 1)]
    return Deck("deck.md", Path(), tuple(Slide(n, f"T{n}", (step,)) for n, step in enumerate(steps, 1)))


@pytest.mark.parametrize(
    ("line", "slide"), [(1, 'slide 1 "T1"'), (9, 'slide 1 "T1"'), (10, 'slide 2 "T2"'), (99, 'slide 3 "T3"')]
)
def test_findings_are_labelled_with_their_slide(line: int, slide: str) -> None:
    (found,) = label([Finding("x", "warning", "m", Where("deck.md", line, 5))], deck_of(1, 10, 20))
    assert found.slide == slide


def test_findings_elsewhere_are_left_alone() -> None:
    elsewhere = [Finding("x", "warning", "m", Where("theme.css", 15)), Finding("x", "warning", "m")]
    assert label(elsewhere, deck_of(1, 10)) == tuple(elsewhere)


def test_errors_that_pass_through_are_labelled() -> None:
    with pytest.raises(Several) as caught, labelled(deck_of(1, 10)):
        raise Several([DeckError("a", where=Where("deck.md", 3)), DeckError("b", where=Where("deck.md", 12))])
    assert [finding.slide for finding in caught.value.findings] == ['slide 1 "T1"', 'slide 2 "T2"']


def test_a_lock_makes_the_second_wait(tmp_path: Path) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        with exclusive(tmp_path / "locks" / "a", waiting.set):
            order.append("second")

    with exclusive(tmp_path / "locks" / "a", lambda: order.append("the first must not wait")):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_together_gives_both_results() -> None:
    assert together(lambda: 1, lambda: "a", lambda: None) == (1, "a")


def test_together_calls_the_other_off_when_one_fails() -> None:
    called_off = threading.Event()

    def fail() -> int:
        raise DeckError("here")

    def long() -> str:
        assert called_off.wait(10)
        raise CancelledError

    with pytest.raises(DeckError, match="here"):
        together(fail, long, called_off.set)


def test_together_hides_no_bug_in_the_other() -> None:
    def bug() -> str:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        together(lambda: 1, bug, lambda: None)


def test_together_tells_both_failures() -> None:
    done: list[str] = []

    def fail() -> int:
        raise DeckError("here")

    def fail_too() -> str:
        done.append("finished")
        raise VoiceError("beside")

    with pytest.raises(Several) as caught:
        together(fail, fail_too, lambda: None)
    assert done == ["finished"]
    assert [str(error) for error in caught.value.errors] == ["here", "beside"]


def test_together_abandons_the_other_when_interrupted() -> None:
    abandoned = threading.Event()

    def interrupted() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        together(interrupted, lambda: abandoned.wait(10), abandoned.set)
    assert abandoned.is_set()


def test_a_stopped_executor_takes_no_more() -> None:
    executor = Stoppable(InlineExecutor())
    assert executor.submit(lambda: 1).result() == 1
    executor.stop()
    with pytest.raises(CancelledError):
        executor.submit(lambda: 2)
