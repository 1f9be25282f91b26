"""Decks that cannot be built: each told with file, line and one hint, exit code 1, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.harness import DECK, chapter, deckcast

pytestmark = pytest.mark.slow


def told(done: object, *parts: str) -> None:
    stderr = done.stderr  # type: ignore[attr-defined]
    assert done.returncode == 1, stderr  # type: ignore[attr-defined]
    for part in parts:
        assert part in stderr, stderr


def test_a_missing_deck(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    told(deckcast("build", tmp_path / "talk", cwd=tmp_path), "there is no presentation.md")


def test_an_empty_deck(tmp_path: Path) -> None:
    told(deckcast("build", chapter(tmp_path, ""), cwd=tmp_path), "presentation.md:1:1", "help:")


def test_a_deck_that_is_a_folder(tmp_path: Path) -> None:
    talk = tmp_path / "talk"
    (talk / "presentation.md").mkdir(parents=True)
    told(deckcast("build", talk, cwd=tmp_path), "presentation.md")


def test_a_deck_that_is_not_utf8(tmp_path: Path) -> None:
    talk = chapter(tmp_path)
    (talk / "presentation.md").write_bytes(b"# Fine\n\ncaf\xe9\n")
    told(deckcast("build", talk, cwd=tmp_path), "presentation.md:3:4", "UTF-8")


def test_a_missing_picture(tmp_path: Path) -> None:
    done = deckcast("build", chapter(tmp_path, DECK.replace("red.svg", "rad.svg")), cwd=tmp_path)
    told(done, "rad.svg", "presentation.md:20:", 'slide 2 "Pictures"', "^", "red.svg")


def test_a_corrupt_picture(tmp_path: Path) -> None:
    talk = chapter(tmp_path, DECK.replace("red.svg", "red.png"))
    (talk / "red.png").write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    told(deckcast("build", talk, cwd=tmp_path), "red.png", "presentation.md:20:")


def test_a_picture_outside_the_deck(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    done = deckcast("build", chapter(tmp_path, DECK.replace("red.svg", "../secret.svg")), cwd=tmp_path)
    told(done, "../secret.svg", "presentation.md:20:")


def test_a_missing_style_sheet_and_a_missing_theme(tmp_path: Path) -> None:
    talk = chapter(tmp_path, DECK.replace("video:", "css: nowhere.css\nvideo:"))
    told(deckcast("build", talk, cwd=tmp_path), "nowhere.css")
    done = deckcast("build", chapter(tmp_path), "--set", "theme=defualt", cwd=tmp_path)
    assert done.returncode == 2
    assert "default" in done.stderr


def test_a_template_that_does_not_work(tmp_path: Path) -> None:
    talk = chapter(tmp_path)
    theme = talk / "templates" / "themes" / "mine"
    theme.mkdir(parents=True)
    shipped = Path(__file__).parents[2] / "templates" / "themes" / "light"
    for path in shipped.iterdir():
        if path.is_file():
            (theme / path.name).write_bytes(path.read_bytes())
    (template,) = theme.glob("*.j2")
    template.write_text("{% for %}\n" + template.read_text())
    done = deckcast("build", talk, "--set", "theme=mine", cwd=tmp_path)
    told(done, template.name, ":1")


def test_front_matter_mistakes_are_all_told(tmp_path: Path) -> None:
    deck = DECK.replace("size: 360", "size: 36").replace("voice: {voice}", "voice: silent\ntitel: x")
    done = deckcast("build", chapter(tmp_path, deck), cwd=tmp_path)
    assert done.returncode == 2
    for part in ("unknown setting `titel`", "did you mean `title`?", "presentation.md:4:", "must lie from 240 to 2160"):
        assert part in done.stderr, done.stderr


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    deck = DECK.replace("![a red square](red.svg)", "![](one.png)\n\n![](two.png)")
    told(deckcast("build", chapter(tmp_path, deck), cwd=tmp_path), "one.png", "two.png", "2 errors")
