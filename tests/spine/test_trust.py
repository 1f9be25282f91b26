"""Whose code may run."""

from __future__ import annotations

import json
import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deckcast import trust
from deckcast.errors import StorageError, TrustError
from deckcast.trust import LiveCode, check, is_trusted

CODE = LiveCode("aaa", 3, ("python", "bash", "python"), 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project where one works, a deck elsewhere, and a memory of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "project" / "chapters" / "one").mkdir(parents=True)
    (tmp_path / "project" / "deckcast.toml").write_text("")
    (tmp_path / "elsewhere").mkdir()
    for folder in ("project/chapters/one", "elsewhere"):
        (tmp_path / folder / "presentation.md").write_text("")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


def own(home: Path) -> Path:
    return home / "project" / "chapters" / "one" / "presentation.md"


def strange(home: Path) -> Path:
    return home / "elsewhere" / "presentation.md"


def test_decks_of_the_project_one_works_in_are_trusted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(own(home), CODE)
    monkeypatch.chdir(home / "project" / "chapters" / "one")
    check(own(home), CODE)
    check(Path("presentation.md"), CODE)
    assert not trust.memory().exists()


def test_a_deck_from_elsewhere_is_refused_with_three_ways_out(home: Path) -> None:
    with pytest.raises(TrustError) as caught:
        check(strange(home), CODE)
    finding = caught.value.finding
    assert caught.value.exit_code == 2
    assert str(strange(home)) in finding.message
    assert "3 cells (bash, python) and 2 inline values" in finding.message
    for way in ("--trust", "--exec=never", "deckcast.toml"):
        assert way in finding.hint


def test_what_would_run_is_told_in_words() -> None:
    assert str(LiveCode("", 1, ("python",))) == "1 cell (python)"
    assert str(LiveCode("", 0, (), 1)) == "1 inline value"


def test_trust_is_remembered_for_this_deck_and_this_code(home: Path) -> None:
    check(strange(home), CODE, allow=True)
    check(strange(home), CODE)
    assert is_trusted(strange(home), "aaa")
    assert not is_trusted(strange(home), "bbb")
    other = home / "elsewhere" / "copy.md"
    other.write_text("")
    assert not is_trusted(other, "aaa")


def test_both_states_of_a_deck_that_goes_back_and_forth_stay_trusted_but_not_endlessly_many(home: Path) -> None:
    for number in range(trust.KEPT + 1):
        check(strange(home), LiveCode(f"state {number}", 1, ()), allow=True)
    assert is_trusted(strange(home), "state 1")
    assert not is_trusted(strange(home), "state 0")


def test_links_lead_to_where_the_deck_is(home: Path) -> None:
    link = home / "project" / "chapters" / "two"
    link.symlink_to(home / "elsewhere")
    with pytest.raises(TrustError):
        check(link / "presentation.md", CODE)
    check(link / "presentation.md", CODE, allow=True)
    assert is_trusted(strange(home), "aaa")


def test_a_project_that_is_reached_by_a_link_is_the_same_project(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "link").symlink_to(home / "project")
    monkeypatch.chdir(home / "link")
    assert is_trusted(own(home), "aaa")
    assert is_trusted(home / "link" / "chapters" / "one" / "presentation.md", "aaa")


def test_a_folder_whose_name_only_begins_the_same_is_elsewhere(home: Path) -> None:
    (home / "project-2").mkdir()
    assert not is_trusted(home / "project-2" / "presentation.md", "aaa")


def test_a_deck_with_a_project_of_its_own_is_not_thereby_trusted(home: Path) -> None:
    (home / "elsewhere" / "deckcast.toml").write_text("")
    assert not is_trusted(strange(home), "aaa")


def test_without_a_project_nothing_is_trusted_unasked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "elsewhere")
    if trust.project() is None:  # nothing above the temporary folder is a project
        assert not is_trusted(strange(home), "aaa")
    (home / "elsewhere" / "pyproject.toml").write_text("[tool.deckcast]\n")
    assert is_trusted(strange(home), "aaa")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"decks": 3}',
        '{"decks": {"a": 3}}',
        "\udcff",
        "[" * 100_000,
        '{"decks": {"D": [1, null]}}',
    ],
)
def test_a_damaged_memory_trusts_nobody_and_is_mended(home: Path, text: str) -> None:
    trust.memory().parent.mkdir(parents=True)
    trust.memory().write_bytes(text.replace("D", str(strange(home))).encode(errors="surrogateescape"))
    assert not is_trusted(strange(home), "aaa")
    check(strange(home), CODE, allow=True)
    assert is_trusted(strange(home), "aaa")


def test_only_its_owner_reads_the_memory(home: Path) -> None:
    check(strange(home), CODE, allow=True)
    assert stat.S_IMODE(trust.memory().stat().st_mode) == 0o600
    assert {path.name for path in trust.memory().parent.iterdir()} == {"trusted.json", "trusted.lock"}
    assert json.loads(trust.memory().read_text())["decks"] == {str(strange(home)): ["aaa"]}


def test_builds_side_by_side_forget_nothing_that_another_remembers(home: Path) -> None:
    decks = [home / "elsewhere" / f"{number}.md" for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda deck: check(deck, CODE, allow=True), decks))
    assert all(is_trusted(deck, "aaa") for deck in decks)


def test_where_nothing_can_be_written_that_is_an_error(home: Path) -> None:
    (home / "config").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        check(strange(home), CODE, allow=True)
    assert caught.value.exit_code == 3
    assert not is_trusted(strange(home), "aaa")


def test_a_write_that_fails_leaves_the_old_memory(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(strange(home), CODE, allow=True)

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match="no space left"):
        check(strange(home), LiveCode("bbb", 1, ()), allow=True)
    assert is_trusted(strange(home), "aaa")
    assert {path.name for path in trust.memory().parent.iterdir()} == {"trusted.json", "trusted.lock"}


@pytest.mark.parametrize(
    ("platform", "place"),
    [("linux", ".config"), ("darwin", "Library/Application Support"), ("win32", "AppData/Roaming")],
)
@pytest.mark.parametrize("given", ["", "relative/folder"])
def test_the_memory_lies_in_the_usual_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, place: str, given: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", given)
    monkeypatch.delenv("APPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert trust.memory() == tmp_path / place / "deckcast" / "trusted.json"
