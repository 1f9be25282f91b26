"""`deckcast clean`: what goes, what stays, and that the next build makes nothing again."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from deckcast.cli import run
from deckcast.cli.clean import size
from deckcast.engines.store_folder import FolderStore
from faults.harness import chapter, deckcast

DAY = 24 * 3600.0


def lesson(output: Path, name: str, **files: str) -> Path:
    """A folder as a build leaves it."""
    folder = output / name
    (folder / "slides").mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text)
    (folder / "slides" / "001.png").write_text("png")
    told = {"files": {**{file: {} for file in files}, "slides/001.png": {}}}
    (folder / "manifest.json").write_text(json.dumps(told))
    return folder


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "output"


def test_a_chapters_lesson_goes_with_its_excerpts(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("01-one", "01-one@7-9", "01-one@draft", "01-one-more"):
        lesson(output, name, lesson="film")
    own = output / "01-one" / "mine.txt"
    own.write_text("not deckcast's")
    assert run(["clean", "01-one"]) == 0
    assert sorted(path.name for path in output.iterdir()) == [".deckcast", "01-one", "01-one-more"]
    assert [path.name for path in (output / "01-one").iterdir()] == ["mine.txt"]
    assert capsys.readouterr().out.count("removed ") == 3


def test_a_dry_run_removes_nothing(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = lesson(output, "one", lesson="film" * 500)
    assert run(["clean", "--all", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dry_run"] is True
    assert [one["name"] for one in told["lessons"]] == ["one"]
    assert told["lessons"][0]["bytes"] > 2000
    assert (folder / "lesson").is_file()


def test_a_manifest_cannot_name_files_elsewhere(output: Path) -> None:
    folder = lesson(output, "one")
    precious = output / "precious"
    precious.write_text("x")
    (folder / "manifest.json").write_text(json.dumps({"files": {"../precious": {}, "/etc/hostname": {}}}))
    assert run(["clean", "one"]) == 0
    assert precious.is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "there is no lesson of a chapter nowhere"),
        (["--unused", "soon"], "write it like 30d"),
        (["--most", "much"], "write it like 2GB"),
        (["--all", "one"], "--all is every lesson"),
    ],
)
def test_wrong_usage(output: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert run(["clean", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_store_on_the_web_is_left_alone(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(FolderStore(output / ".deckcast")) as copy:
        copy.put("ab" * 32, {}, {"one": b"copied"})
        copy.put("cd" * 32, {}, {"one": b"still to be sent"})
    owed = output / ".deckcast" / "owed"
    owed.mkdir()
    (owed / ("cd" * 32)).touch()
    (output.parent / "deckcast.toml").write_text('store = "memory://shared"\n')
    assert run(["clean", "--unused", "0d", "--most", "0"]) == 0
    assert "shared with others" in capsys.readouterr().err
    assert [path.stem for path in (output / ".deckcast" / "answers").rglob("*.json")] == ["cd" * 32]


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (52_400_000, "52 MB"), (3.2e9, "3.2 GB")]
)
def test_sizes_are_told_for_people(number: float, text: str) -> None:
    assert size(number) == text


@pytest.mark.slow
def test_nothing_that_a_built_lesson_needs_goes(tmp_path: Path) -> None:
    talk = chapter(tmp_path)
    assert deckcast("build", talk, cwd=tmp_path).returncode == 0
    deck = talk / "presentation.md"
    deck.write_text(deck.read_text().replace("three slides", "some slides"))
    assert deckcast("build", talk, cwd=tmp_path).returncode == 0
    store = tmp_path / "output" / ".deckcast"
    for path in store.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 90 * DAY,) * 2)

    done = deckcast("clean", cwd=tmp_path)
    assert "removed " in done.stdout
    again = deckcast("build", talk, "--check", cwd=tmp_path)
    assert "nothing was made again" in again.stdout, again.stderr

    assert deckcast("clean", "--all", cwd=tmp_path).returncode == 0
    left = [path for path in (tmp_path / "output").rglob("*") if path.is_file()]
    assert {path.parent.name for path in left} <= {".deckcast", "locks"}
    assert deckcast("build", talk, cwd=tmp_path).returncode == 0
