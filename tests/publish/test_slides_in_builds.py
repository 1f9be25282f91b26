"""`slides.html` as a build writes it."""

from __future__ import annotations

from pathlib import Path

from deckcast import build
from deckcast.model import Lesson
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
    assert fakes.shown == ["step-1", "step-2", "thumbnail"]  # no picture again


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


def test_a_handout_is_made_where_it_is_wanted(tmp_path: Path) -> None:
    fakes = Fakes()
    wanted = {"publish.handout": "notes"}

    def made() -> Lesson:
        return build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop(), settings=wanted)

    lesson = made()
    assert lesson.folder / "handout.pdf" in lesson.files
    assert (lesson.folder / "handout.pdf").read_bytes().startswith(b"%PDF")
    assert "Words." in fakes.browsers[-1].papers[0].html
    assert "print" in [stage.name for stage in lesson.stages]
    assert made().unchanged
    assert sum(len(browser.papers) for browser in fakes.browsers) == 1
    assert all(browser.closed for browser in fakes.browsers)


def test_a_handout_that_was_exported_is_left_alone(tmp_path: Path) -> None:
    fakes = Fakes()
    lesson = build(chapter(tmp_path), output=tmp_path / "output", workshop=fakes.workshop())
    (lesson.folder / "handout.pdf").write_bytes(b"mine")
    build(chapter(tmp_path, DECK + "more"), output=tmp_path / "output", workshop=fakes.workshop())
    assert (lesson.folder / "handout.pdf").read_bytes() == b"mine"
