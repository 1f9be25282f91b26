"""`deckcast check` as people and programs meet it: output, exit codes, `--fix`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from check.words import checked
from deckcast.checking import check, edits
from deckcast.cli import run
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import DeckError
from deckcast.mending import mend
from deckcast.ports import Availability
from deckcast.project import find_chapter
from deckcast.workshop import Workshop

GOOD = "# Trees\n\n???\n\nA tree has a root, and from there all paths lead to its leaves.\n"
WARNS = GOOD + "\n---\n\n# Roots\n"
FAILS = "# Trees\n\n[see](#roots)\n\n???\n\nA tree has a root, and from there all paths lead to its leaves.\n"
ODD = """\
Class: middle

# Trees

.Center[x] .col-6[y]

---@

#Roots

[see](#Deep) `#Not`

```md
#Not
---
```

???

Roots are [click] deep, and they hold the tree. #Not a heading [click]

---
name: deep

# Deep

???

That is all there is to say.
""".replace("@\n", " \n")


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path / "deck.md"


def call(deck: Path, text: str, *options: str) -> int:
    deck.write_text(text, encoding="utf-8")
    return run(["check", "deck.md", "--no-browser", *options])


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GOOD, (), 0),
        (GOOD, ("--strict",), 0),
        (WARNS, (), 0),
        (WARNS, ("--strict",), 1),
        (FAILS, (), 1),
        ("", (), 1),
        ("---\ntitle: [\n---\n# A\n", (), 1),
        ("---\nsieze: 3\n---\n# A\n", (), 2),
        (GOOD, ("--set", "check.most_wrods=3"), 2),
        (GOOD, ("--set", "check.most_words=-3"), 2),
    ],
)
def test_exit_codes(deck: Path, text: str, options: tuple[str, ...], code: int) -> None:
    assert call(deck, text, *options) == code


def test_findings_stand_with_their_line_and_the_measures_below(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(deck, FAILS)
    captured = capsys.readouterr()
    assert captured.out == (
        "error[link-anchor]: no slide has the name `roots`\n"
        '  --> deck.md:3:7 (slide 1 "Trees")\n'
        "  |\n3 | [see](#roots)\n  |       ^^^^^^\n"
        "help: give it to one: `name: roots` at its top\n\n"
    )
    assert "1 slide · about 0:0" in captured.err
    assert "slides were not drawn" in captured.err
    assert captured.err.endswith("1 error\n")


def test_nothing_to_say(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(deck, GOOD, "-q")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "no findings\n")


def test_one_line_a_finding(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(deck, FAILS, "--output-format=concise")
    told = 'deck.md:3:7: error[link-anchor] no slide has the name `roots` (slide 1 "Trees")\n'
    assert capsys.readouterr().out == told


def test_annotations_of_github(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(deck, FAILS.replace("#roots", "#100%25"), "--output-format=github")
    assert capsys.readouterr().out == (
        "::error file=deck.md,line=3,col=7,endColumn=14,title=link-anchor::no slide has the name `100%25`"
        "%0Agive it to one: `name: 100%25` at its top\n"
    )


def test_json(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(deck, FAILS, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert told["ok"] is False
    assert told["lessons"][0]["slides"] == 1
    assert told["lessons"][0]["drawn"] is False
    assert [one["code"] for one in told["diagnostics"]] == ["link-anchor"]


def test_sarif(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Held against the types that pydantic-sarif makes of the published schema."""
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Schema

    call(deck, FAILS + "\n---\n\n# Roots\n\n---\n\n# End\n\n![](a b.png)\n", "--output-format=sarif")
    log = json.loads(capsys.readouterr().out)
    Schema.model_validate(log)
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert only["tool"]["driver"]["name"] == "deckcast"
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert len(only["results"]) >= 3
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for place in result["locations"]:
            region = place["physicalLocation"]["region"]
            assert place["physicalLocation"]["artifactLocation"] == {"uri": "deck.md"}
            assert region["startLine"] >= 1
            assert region["endColumn"] > region["startColumn"] >= 1


# ── mending ──────────────────────────────────────────────────────────────────────────────────────


def test_fix_mends_what_is_mechanical_and_nothing_else(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deck.write_bytes(ODD.replace("\n", "\r\n").encode())
    deck.chmod(0o640)
    run(["check", "deck.md", "--no-browser", "--fix"])
    fixed = (
        ODD.replace("Class:", "class:")
        .replace(".Center", ".center")
        .replace("--- \n", "---\n")
        .replace("#Roots", "# Roots")
        .replace("(#Deep)", "(#deep)")
        .replace("[click] ", "")
        .replace(" [click]", "")
    )
    assert deck.read_bytes().decode() == fixed.replace("\n", "\r\n")
    assert deck.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in deck.parent.iterdir()) == ["deck.md"]
    told = capsys.readouterr().err
    assert "mended deck.md:7: `--- ` → `---`  (deck-separator-blank)" in told
    assert told.count("mended ") == 7

    before = deck.stat()
    run(["check", "deck.md", "--no-browser", "--fix"])
    after = deck.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns), "nothing is left to mend"


def test_a_link_to_a_deck_is_followed_when_it_is_mended(deck: Path) -> None:
    real = deck.with_name("real.md")
    real.write_text("#Trees\n\n???\n\nA tree has a root, and from there all paths lead on.\n")
    deck.symlink_to(real)
    mend(find_chapter(deck), browser=False)
    assert deck.is_symlink()
    assert real.read_text().startswith("# Trees\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_deck_that_cannot_be_written_stays_as_it_is(deck: Path) -> None:
    deck.write_text("#Trees\n")
    deck.parent.chmod(0o500)
    try:
        assert run(["check", "deck.md", "--no-browser", "--fix"]) == 3
    finally:
        deck.parent.chmod(0o700)
    assert deck.read_text() == "#Trees\n"


def test_what_can_be_mended_is_counted(tmp_path: Path) -> None:
    result = checked(tmp_path, ODD)
    assert result.fixable == len(edits(result.findings)) > 0


# ── with a browser ───────────────────────────────────────────────────────────────────────────────


def shop(browser: FakeBrowser, store: MemoryStore, *, there: bool = True) -> Workshop:
    return Workshop(
        store=lambda _settings, _output: store,
        browser=lambda _settings, _progress: browser,
        browser_at_hand=lambda _settings: Availability(there, "no Chromium was found"),
    )


def test_each_slide_is_drawn_once_and_kept(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(GOOD + "\n--\n\nmore\n\n---\n\n# Roots\n\n???\n\nRoots are deep, and they hold the tree.\n")
    store = MemoryStore()
    first = FakeBrowser()
    assert check(deck, workshop=shop(first, store)).skipped == ""
    assert first.shown == ["step-2", "step-3"], "the fullest step of each"
    assert all(page.inspected for page in first.pages)
    second = FakeBrowser()
    check(deck, workshop=shop(second, store))
    assert second.shown == []


def test_without_a_browser_it_is_said(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(GOOD)
    browser = FakeBrowser()
    result = check(deck, workshop=shop(browser, MemoryStore(), there=False))
    assert (result.skipped, result.findings, browser.shown) == ("no Chromium was found", (), [])


def test_a_browser_that_fails_is_no_reason_to_tell_nothing(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(FAILS)
    result = check(deck, workshop=shop(FakeBrowser(broken="step-1"), MemoryStore()))
    assert "the browser failed" in result.skipped
    assert [one.code for one in result.findings] == ["link-anchor"]


def test_a_deck_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeckError):
        check(tmp_path / "deck.md", browser=False)
