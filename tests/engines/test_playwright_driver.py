"""Playwright's Node on machines where it does not run, played by small programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines import debian, playwright_driver
from deckcast.errors import BrowserError
from deckcast.stages import Silence

LACKS = '#!/bin/sh\necho "$0: error while loading shared libraries: libatomic.so.1: cannot open" >&2; exit 127\n'


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose Playwright lacks libatomic, with an empty PATH folder and no right to install."""
    own = program(tmp_path / "driver" / "node", LACKS)
    monkeypatch.setattr(playwright_driver, "_own_node", lambda: own)
    monkeypatch.setattr(debian, "may_install", lambda: False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    monkeypatch.setenv(playwright_driver.VARIABLE, "")
    if (Path("/bin/node")).exists():
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


@pytest.mark.slow
def test_the_real_one_runs_here() -> None:
    assert playwright_driver.availability().works


def test_a_missing_library_is_told_with_the_command(lacking: Path) -> None:
    with pytest.raises(BrowserError) as caught:
        playwright_driver.ensure(Silence())
    assert "libatomic.so.1" in str(caught.value)
    assert caught.value.finding.hint == debian.command("libatomic1")


@pytest.mark.parametrize(("version", "serves"), [("v20.1.0", True), ("v16.9.0", False), ("nonsense", False)])
def test_the_machines_own_node_serves_where_it_is_new_enough(lacking: Path, version: str, serves: bool) -> None:
    import os

    node = program(lacking / "bin" / "node", f"#!/bin/sh\necho {version}\n")
    if not serves:
        assert not playwright_driver.availability().works
        return
    playwright_driver.ensure(Silence())
    assert os.environ[playwright_driver.VARIABLE] == str(node)


def test_root_on_debian_has_it_installed(lacking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def install(packages: list[str], progress: object) -> None:
        asked.extend(packages)
        program(lacking / "driver" / "node", "#!/bin/sh\necho v24.0.0\n")

    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", install)
    playwright_driver.ensure(Silence())
    assert asked == ["libatomic1"]
