"""What shells are told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from deckcast.cli import run
from faults.harness import environment


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_DECKCAST_COMPLETE" in capsys.readouterr().out


def test_bash_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    run(["completion", "bash"])
    assert subprocess.run([bash, "-n"], input=capsys.readouterr().out, text=True).returncode == 0


def complete(folder: Path, words: str) -> list[str]:
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "from deckcast.cli import group; group(prog_name='deckcast')"],
        cwd=folder,
        env=environment(
            _DECKCAST_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split(" ")) - 1)
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_commands_and_chapters_are_completed(tmp_path: Path) -> None:
    for name in ("01-first", "02-second"):
        (tmp_path / "chapters" / name).mkdir(parents=True)
        (tmp_path / "chapters" / name / "presentation.md").write_text("# One\n")
    assert complete(tmp_path, "deckcast bu") == ["plain,build"]
    assert complete(tmp_path, "deckcast build 02") == ["plain,02-second"]
    assert complete(tmp_path, "deckcast build ./") == ["file,./"]
