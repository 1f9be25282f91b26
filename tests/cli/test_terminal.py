"""The command on a real terminal: wide and narrow, with and without colours."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Sequence
from pathlib import Path

import pytest

from faults.harness import chapter, command, environment

pytestmark = pytest.mark.slow

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def on_terminal(
    folder: Path, columns: int, *arguments: str, program: Sequence[str] = (), **changes: str
) -> tuple[int, str]:
    """Exit code, and all that was written, by a process whose streams are a terminal of that width.

    `program` may take the place of the command `deckcast`.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environ = environment(TERM="xterm-256color", COLUMNS="", LINES="", **changes)
    for name in ("COLUMNS", "LINES", *([] if "NO_COLOR" in changes else ["NO_COLOR"])):
        environ.pop(name, None)
    words = [*program, *arguments] if program else command(*arguments)
    with subprocess.Popen(
        words, cwd=folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # so Linux tells that the other side is closed
                break
            if not piece:
                break
            told += piece
        code = process.wait(120)
    os.close(ours)
    return code, told.decode("utf-8", "replace")


def widest(told: str) -> int:
    """Of the lines that a person sees, what was written over by bars included."""
    return max(len(line) for line in _CONTROL.sub("\n", told).split("\n"))


@pytest.mark.parametrize("columns", [80, 200])
def test_a_build_shows_bars_that_fit_and_ends_with_its_line(tmp_path: Path, columns: int) -> None:
    chapter(tmp_path)
    code, told = on_terminal(tmp_path, columns, "build", "talk")
    assert code == 0, told
    assert "\x1b[" in told
    assert "drawing pictures" in told
    lines = [line for line in _CONTROL.sub("\n", told).split("\n") if line.strip()]
    assert lines[-1].startswith("output/talk/lesson.mp4")
    assert widest(told.replace(lines[-1], "")) <= columns


@pytest.mark.parametrize("columns", [80, 200])
def test_findings_have_colours_unless_told_otherwise(tmp_path: Path, columns: int) -> None:
    talk = chapter(tmp_path)
    (talk / "red.svg").unlink()
    code, told = on_terminal(tmp_path, columns, "check", "talk", "--no-browser")
    assert code == 1
    assert "\x1b[1;31merror\x1b[0m[asset]" in told
    code, plain = on_terminal(tmp_path, columns, "check", "talk", "--no-browser", NO_COLOR="1")
    assert code == 1
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", told) == plain


@pytest.mark.parametrize("columns", [80, 200])
def test_help_is_set_in_the_width_of_the_terminal(tmp_path: Path, columns: int) -> None:
    code, told = on_terminal(tmp_path, columns, "build", "--help")
    assert code == 0
    assert widest(told) <= columns
    code, told = on_terminal(tmp_path, columns, "--help")
    assert "preview" in told
    assert widest(told) <= columns


def test_without_a_terminal_there_is_a_line_for_each_stage_and_no_control_character(tmp_path: Path) -> None:
    chapter(tmp_path)
    done = subprocess.run(
        command("build", "talk"), cwd=tmp_path, env=environment(NO_COLOR=""), capture_output=True, text=True, check=True
    )
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", done.stdout + done.stderr)
    assert len(done.stderr.splitlines()) < 12
