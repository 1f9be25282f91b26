"""`deckcast themes`: what is listed, and how a theme of one's own begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deckcast.cli import run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_theme_is_begun_and_then_listed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["themes", "--copy", "dark", "templates/themes/ours"]) == 0
    told = capsys.readouterr().out.split("\n")
    assert told[:2] == ["templates/themes/ours/theme.css", "templates/themes/ours/plots.mplstyle"]
    assert "`theme: ours`" in told[2]
    assert run(["themes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["dark", "light", "ours", "remark"]
    assert lines[2].endswith("(templates/themes/ours)")
    assert run(["themes", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["dark", "light", "ours", "remark"]


def test_themes_beside_a_chapter_are_listed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theme = here / "talk" / "templates" / "themes" / "near"
    theme.mkdir(parents=True)
    (theme / "theme.css").write_text("/* Of this talk. */")
    (here / "talk" / "presentation.md").write_text("# A")
    assert run(["themes", "talk"]) == 0
    assert "near    Of this talk" in capsys.readouterr().out


def test_nothing_is_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine").mkdir()
    assert run(["themes", "--copy", "light", "mine"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(["themes", "--copy", "lihgt", "new"]) == 2
    assert "did you mean `light`?" in capsys.readouterr().err
    assert not (here / "new").exists()
