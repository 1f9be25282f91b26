"""`deckcast init` and `deckcast new`: what is written, and that it builds as it is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from deckcast.cli import run
from faults.harness import deckcast


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_and_the_two_commands_that_come_next(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "lessons", "--author", 'Ada "A." Teacher']) == 0
    told = capsys.readouterr().out.splitlines()
    deck = here / "lessons/chapters/01-first-lesson/presentation.md"
    assert deck.is_file()
    assert tomllib.loads((here / "lessons/deckcast.toml").read_text())["lesson"]["author"] == "Ada 'A.' Teacher"
    assert (here / "lessons/.gitignore").read_text().startswith("output/")
    assert "@@" not in deck.read_text() + (here / "lessons/deckcast.toml").read_text()
    assert told[-2].startswith("  cd lessons && deckcast preview 01-first-lesson")
    assert told[-1].startswith("  cd lessons && deckcast build 01-first-lesson")


def test_an_author_that_is_not_told_is_not_written(here: Path) -> None:
    assert run(["init"]) == 0
    assert "author" not in tomllib.loads((here / "deckcast.toml").read_text())["lesson"]
    assert "author" not in (here / "chapters/01-first-lesson/presentation.md").read_text()


def test_a_chapter_is_named_after_its_folder(here: Path) -> None:
    assert run(["init"]) == 0
    assert run(["new", "02-hash-tables", "--theme", "dark"]) == 0
    text = (here / "chapters/02-hash-tables/presentation.md").read_text()
    assert 'title: "Hash tables"' in text
    assert "# Hash tables\n" in text
    assert "theme: dark" in text
    assert (here / "chapters/02-hash-tables/images/halving.svg").is_file()


def test_a_chapter_goes_into_the_project_above(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["init"]) == 0
    monkeypatch.chdir(here / "chapters" / "01-first-lesson")
    assert run(["new", "03-more"]) == 0
    assert (here / "chapters" / "03-more" / "presentation.md").is_file()


def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / ".gitignore").write_text("mine\n")
    assert run(["init"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == [".gitignore"], "so nothing else was written"
    (here / ".gitignore").unlink()
    assert run(["init"]) == 0
    assert run(["new", "01-first-lesson"]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["new", "02-more"], "deckcast init"),
        (["new", "../elsewhere"], "is no name for a chapter's folder"),
        (["new", ".hidden"], "is no name for a chapter's folder"),
        (["init", "--theme", "drak"], "did you mean `dark`?"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert run(arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_starter_builds_and_nothing_is_found_in_it(here: Path, theme: str) -> None:
    assert deckcast("init", "--theme", theme, cwd=here).returncode == 0
    if theme == "light":
        done = deckcast("build", "--json", "--set", "video.size=360", cwd=here)
        assert done.returncode == 0, done.stdout
        told = json.loads(done.stdout)
        assert told["diagnostics"] == []
    else:
        assert deckcast("run", "01-first-lesson", cwd=here).returncode == 0
    checked = deckcast("check", "--strict", cwd=here)
    assert checked.returncode == 0, checked.stdout
    assert "no findings" in checked.stderr
