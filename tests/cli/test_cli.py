from __future__ import annotations

import json
from pathlib import Path

import pytest

from deckcast.cli import _COMMANDS, run

DECK = "# One\n\n???\nHello.\n\n---\nname: two\n\n# Two\n\n--\n\n- more\n"


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "deck.md"
    path.write_text(DECK)
    return path


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("build", "run", "say", "voices", "parse", "doctor"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["biuld"], "Did you mean 'build'?"),
        (["xyzzy"], f"There are: {', '.join(_COMMANDS)}."),
        (["build", "--ouptut", "x"], "--output"),
        (["build", "nowhere"], "there is no chapter nowhere"),
        (["build"], "there is no chapters/*/presentation.md here"),
        (["build", "deck.md", "--set", "size"], "this is no NAME=VALUE"),
        (["build", "deck.md", "--set", "sieze=720"], "did you mean `size`?"),
        (["build", "deck.md", "--only", "7"], "there are no slides `7`"),
        (["build", "deck.md", "--only", "2-1"], "there are no slides `2-1`"),
        (["build", "deck.md", "--voice", "flight"], "did you mean `flite`?"),
        (["build", "deck.md", "--voice", "edge"], "online"),
        (["build", "deck.md", "./deck.md"], "would both become the lesson"),
        (["parse"], "Missing argument"),
    ],
)
def test_wrong_usage_is_told_with_a_way_out(
    deck: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


def test_parse_prints_an_outline(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "deck.md"]) == 0
    assert capsys.readouterr().out == "   1  One  (deck.md:1:1)\n   2  Two in 2 steps  (deck.md:7:1)\n"


def test_parse_prints_json_in_remarks_shape(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "deck.md", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    slides = told["slides"]
    assert len(slides) == 3
    assert [slide["properties"].get("name") for slide in slides] == [None, "two", None]
    assert "<h1" in slides[0]["html"]
    assert "Hello." in slides[0]["notes"][0]
    assert "# Two" in slides[2]["content"][0]

    assert run(["parse", "deck.md", "--json", "--stage", "parse"]) == 0
    slides = json.loads(capsys.readouterr().out)["slides"]
    assert "# Two" not in "".join(slides[2]["content"])


def test_a_deck_that_cannot_be_read_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(tmp_path / "gone.md")]) == 1
    assert "error[deck-unreadable]" in capsys.readouterr().err


def test_failures_are_json_too(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deck.write_text("# One\n\n![](gone.png)\n")
    assert run(["build", "deck.md", "--voice", "silent", "--json", "--set", "browser=/nowhere"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["lessons"] == []
    assert answer["diagnostics"][0]["code"] == "browser"


def test_doctor_names_everything_a_build_needs(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    names = {check["name"] for check in report["checks"]}
    assert {"Python", "video", "themes", "browser", "voice flite", "voice espeak", "disk"} <= names
    assert code == (0 if report["ok"] else 3)
    for check in report["checks"]:
        assert check["mark"] == "ok" or check["mend"] or check["name"].startswith(("voice", "disk")), check


def test_the_doctor_tells_a_missing_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DECKCAST_BROWSER", "/nowhere/chromium")
    assert run(["doctor"]) == 3
    out = capsys.readouterr().out
    assert "✖ browser" in out
    assert "mend it:" in out
    assert "cannot be built here yet" in out


def test_what_trips_over_an_interrupt_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise NameError("a module in halves")

    monkeypatch.setattr("deckcast.cli.group.main", interrupted)
    assert run([]) == 130
    assert "interrupted" in capsys.readouterr().err

    def broken(*_: object, **__: object) -> None:
        raise NameError("a mistake of ours")

    monkeypatch.setattr("deckcast.cli.group.main", broken)
    with pytest.raises(NameError):
        run([])
