"""Which browser is taken, and what is said when there is none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deckcast.engines import browser_find, browsers
from deckcast.errors import BrowserError


class Quiet:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None: ...
    def end(self, stage: str, note: str = "") -> None: ...
    def say(self, message: str) -> None:
        self.said.append(message)


def program(path: Path, output: str = "Chromium 150.0.7000.1 for test", status: int = 0) -> Path:
    """A small program that answers as a browser does when it is asked for its version, and counts how often."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\necho asked >> "$0.log"\necho "{output}"\nexit {status}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but the shell: no browser on the PATH, an empty home."""
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in (browsers.VARIABLE, "XDG_CACHE_HOME", "PLAYWRIGHT_BROWSERS_PATH", "LD_LIBRARY_PATH"):
        monkeypatch.delenv(name, raising=False)
    return tools


def test_the_headless_shell_is_taken_before_chrome(empty_machine: Path) -> None:
    program(empty_machine / "google-chrome")
    shell = program(empty_machine / "chromium-headless-shell")
    assert browser_find.find() == shell


def test_one_that_does_not_start_is_passed_over(empty_machine: Path) -> None:
    program(empty_machine / "chromium", "Command requires the chromium snap to be installed.", 1)
    chrome = program(empty_machine / "google-chrome")
    assert browser_find.find() == chrome


def test_the_setting_is_stronger_than_the_environment_and_both_than_what_is_found(
    empty_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(empty_machine / "chromium")
    named, other = program(tmp_path / "a" / "mine"), program(tmp_path / "b" / "other")
    monkeypatch.setenv(browsers.VARIABLE, str(other))
    assert browsers.locate(str(named), Quiet()) == named
    assert browsers.locate("", Quiet()) == other


def test_a_browser_that_playwright_has_downloaded_is_found(tmp_path: Path) -> None:
    root = tmp_path / "home" / ".cache" / "ms-playwright"
    program(root / "chromium_headless_shell-1100" / "chrome-linux" / "headless_shell")
    newest = program(root / "chromium_headless_shell-1200" / "chrome-linux" / "headless_shell")
    assert browser_find.find() == newest


def test_a_named_browser_that_is_not_there_is_an_error() -> None:
    with pytest.raises(BrowserError, match="names `nowhere`, and there is no such program"):
        browsers.locate("nowhere", Quiet())


def test_nothing_found_means_installing(tmp_path: Path) -> None:
    made = program(tmp_path / "made")
    assert browsers.locate("", Quiet(), install=lambda progress: made) == made


def test_the_version_is_asked_once_and_again_when_the_program_changes(tmp_path: Path) -> None:
    path = program(tmp_path / "browser")
    assert browser_find.identity(path) == browser_find.identity(path) == "chromium 150.0.7000.1"
    assert (tmp_path / "browser.log").read_text() == "asked\n"
    program(path, "Chromium 151.0.7100.2")
    os.utime(path, ns=(1, 1))
    assert browser_find.identity(path) == "chromium 151.0.7100.2"


def test_a_home_that_cannot_be_written_only_costs_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert browser_find.identity(program(tmp_path / "browser")) == "chromium 150.0.7000.1"


@pytest.mark.parametrize("memory", ["not json", "[]", ""])
def test_a_damaged_memory_is_made_anew(tmp_path: Path, memory: str) -> None:
    kept = tmp_path / "home" / ".cache" / "deckcast" / "browsers.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(memory)
    assert browser_find.identity(program(tmp_path / "browser")) == "chromium 150.0.7000.1"


def test_a_program_that_does_not_start_says_what_it_said(tmp_path: Path) -> None:
    path = program(tmp_path / "browser", "error while loading shared libraries: libnss3.so", 127)
    with pytest.raises(BrowserError, match="does not start: error while loading shared libraries: libnss3"):
        browser_find.identity(path)


def test_doctor_is_told_what_is_there_or_what_to_do(empty_machine: Path) -> None:
    lacking = browsers.availability("")
    assert not lacking.works
    assert lacking.mend
    path = program(empty_machine / "chromium")
    assert browsers.availability("").reason == f"chromium 150.0.7000.1 at {path}"
