"""The chapters that come with the project: free of findings, and built from their record alone. Nothing runs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from deckcast.checking import Checked, check
from deckcast.model import Severity
from deckcast.project import all_chapters, find_chapter

CHAPTERS = Path(__file__).parents[2] / "chapters"
DECKS = sorted(deck.parent.name for deck in CHAPTERS.glob("*/presentation.md"))
TOLD: set[Severity] = {"error", "warning"}


@pytest.fixture(scope="module", params=DECKS)
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Looked at without a browser; `make course` draws the slides."""
    return check(find_chapter(str(CHAPTERS / request.param)), browser=False, output=tmp_path_factory.mktemp("out"))


def test_a_chapter_is_free_of_findings(checked: Checked) -> None:
    assert [f"{one.where} {one.code}: {one.message}" for one in checked.findings if one.severity in TOLD] == []


def test_the_record_of_a_chapter_belongs_to_its_code(checked: Checked) -> None:
    assert [one.message for one in checked.findings if one.code == "cell-stale"] == []


def test_a_chapter_is_a_lesson_of_some_minutes(checked: Checked) -> None:
    assert 15 <= checked.slides <= 35
    assert 8 * 60 <= checked.seconds <= 22 * 60


def test_chapters_come_in_the_order_of_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHAPTERS.parent)
    assert [chapter.folder.name for chapter in all_chapters()] == DECKS
    assert [int(name[:2]) for name in DECKS] == sorted({int(name[:2]) for name in DECKS})


@pytest.mark.parametrize("path", sorted(CHAPTERS.rglob("*.py")), ids=lambda path: str(path.relative_to(CHAPTERS)))
def test_a_module_of_the_course_says_what_it_is(path: Path) -> None:
    """Viewers are sent there to read."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
