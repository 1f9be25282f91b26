"""`deckcast config`: every setting's value, and who says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deckcast.cli import run
from deckcast.cli.config import written
from deckcast.settings import TYPES, fields

DECK = """---
title: A deck
tail: 2s
lexicon.BERT: burt
---

# One

---
transition: fade

# Two
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deckcast.toml").write_text("tail = 1\n\n[video]\nsize = 720\n\n[lexicon]\nGIF = 'jif'\n")
    folder = tmp_path / "chapters" / "01-first"
    folder.mkdir(parents=True)
    (folder / "presentation.md").write_text(DECK)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["config", "show", "--json", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    return {one["name"]: one for one in told["settings"]}


def test_each_value_names_the_layer_that_won(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, "01-first", "--set", "fps=24")
    assert set(found) == set(fields())
    toml, deck = str(project / "deckcast.toml"), "chapters/01-first/presentation.md"
    assert (found["video.size"]["value"], found["video.size"]["origin"]) == (720, [f"{toml}:4"])
    assert (found["narration.tail"]["value"], found["narration.tail"]["origin"]) == (2.0, [f"{deck}:3"])
    assert found["video.fps"]["origin"] == ["the command line"]
    assert found["video.quality"]["origin"] == ["built in"]
    assert not found["video.quality"]["given"]


def test_words_of_several_layers_name_them_all(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lexicon = shown(capsys, "01-first")["narration.lexicon"]
    assert lexicon["value"] == {"GIF": "jif", "BERT": "burt"}
    assert [place.rpartition("/")[2] for place in lexicon["origin"]] == ["deckcast.toml:7", "presentation.md:4"]


def test_a_slide_has_settings_of_its_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "01-first", "--slide", "1")["slides.transition"]["value"] == "none"
    own = shown(capsys, "01-first", "--slide", "2")["slides.transition"]
    assert (own["value"], own["origin"]) == ("fade", ["chapters/01-first/presentation.md:10"])


def test_without_a_chapter_the_folder_speaks(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show", "--given"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["narration.lexicon", "narration.tail", "video.size"]
    assert lines[-1].split()[1:] == ["720", "deckcast.toml:4"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--slide", "1"], "--slide needs a chapter"),
        (["01-first", "--slide", "3"], "the deck has 2 slides"),
        (["01-frist"], "did you mean chapters/01-first?"),
        (["--set", "sieze=1"], "did you mean `size`?"),
    ],
)
def test_what_cannot_be_shown_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["config", "show", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_mistake_in_the_file_is_told_at_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "deckcast.toml").write_text("[video]\nsieze = 720\n")
    assert run(["config", "show"]) == 2
    assert "deckcast.toml:2:1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("fade", '"fade"'),
        (True, "true"),
        (3.0, "3"),
        (0.35, "0.35"),
        (("a", "b"), '["a", "b"]'),
        ((), "[]"),
        ((("BERT", "burt"),), '{ "BERT" = "burt" }'),
    ],
)
def test_values_are_written_as_in_the_file(value: object, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize("form", ["configuration", "front-matter"])
def test_the_schema_knows_every_setting(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "schema", form]) == 0
    schema = json.loads(capsys.readouterr().out)
    for name in fields():
        section, _, key = name.partition(".")
        assert schema["properties"][section]["properties"][key]["description"]
        assert key in schema["properties"]
        assert TYPES[name]
