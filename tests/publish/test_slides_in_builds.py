"""`slides.html` as a build writes it."""

from __future__ import annotations

from pathlib import Path

from deckcast import build
from publish.fakes import Fakes

DECK = "# One\n\n???\nWords.\n\n---\n\n# Two\n"


def chapter(tmp_path: Path, text: str = DECK) -> Path:
    folder = tmp_path / "talk"
    folder.mkdir(exist_ok=True)
    (folder / "presentation.md").write_text(text)
    return folder


def test_a_lesson_has_its_deck_to_be_presented(tmp_path: Path) -> None:
    fakes = Fakes()
    lesson = build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    assert lesson.folder / "slides.html" in lesson.files
    before = (lesson.folder / "slides.html").read_bytes()
    again = build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    assert again.unchanged
    (lesson.folder / "slides.html").unlink()
    build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    assert (lesson.folder / "slides.html").read_bytes() == before


def test_notes_that_change_are_in_it_anew(tmp_path: Path) -> None:
    fakes = Fakes()
    lesson = build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    build(chapter(tmp_path, DECK.replace("Words", "Others")), output=tmp_path / "output", workshop=fakes.workshop())
    assert "Others." in (lesson.folder / "slides.html").read_text()
    assert len(fakes.shown) == 2  # no picture again


def test_it_goes_where_it_is_not_wanted(tmp_path: Path) -> None:
    fakes = Fakes()
    lesson = build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    without = build(
        chapter(tmp_path),
        output=tmp_path / "output",
        workshop=fakes.workshop(),
        settings={"publish.presentation": False},
    )
    assert lesson.folder / "slides.html" not in without.files
    assert not (lesson.folder / "slides.html").exists()
