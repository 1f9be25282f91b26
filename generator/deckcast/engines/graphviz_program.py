"""Lays out graphs with the program `dot` of Graphviz, where it is installed.

It gets the graph on its standard input, an empty folder to work in, and no fonts but those of the theme, so that it
measures words as slides show them and no file of this machine can get into a drawing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from deckcast.errors import GraphError
from deckcast.ports import Availability, LaidOut

PROGRAM = "dot"
SECONDS = 20.0
MOST = 4_000_000
"""Bytes of a drawing."""
_INSTALL = {
    "linux": "apt-get install graphviz",
    "darwin": "brew install graphviz",
    "win32": "winget install graphviz",
}
_WHERE = "https://graphviz.org/download/ has it for other systems"


class Graphviz:
    """`Graphs`. Nothing is looked for before it is asked."""

    def __init__(self, program: str = PROGRAM, *, seconds: float = SECONDS) -> None:
        self._name = program
        self._seconds = seconds

    @property
    def identity(self) -> str:
        return self._version

    @cached_property
    def _version(self) -> str:
        told = self._run(["-V"], "", os.environ.get("TMPDIR", os.sep)).said
        found = re.search(r"version ([\w.~+-]+)", told)
        if found is None:
            raise GraphError(
                f"`{self._program}` is no Graphviz that says its version: {told.strip()[:200]}", hint=_install()
            )
        return f"graphviz {found[1]}"

    def availability(self) -> Availability:
        try:
            return Availability(True, f"{self.identity} at {self._program}")
        except GraphError as error:
            return Availability(False, str(error), _INSTALL.get(sys.platform, ""))

    def lay_out(self, source: str, defaults: Sequence[str], fonts: Sequence[Path]) -> LaidOut:
        with tempfile.TemporaryDirectory(prefix="deckcast-graph-") as folder:
            _write_fonts(Path(folder), fonts)
            return self._run(["-Tsvg", *(f"-{one}" for one in defaults)], source, folder)

    @cached_property
    def _program(self) -> str:
        found = shutil.which(self._name)
        if found is None:
            raise GraphError("graphs are drawn by Graphviz, whose program `dot` is not installed here", hint=_install())
        return found

    def _run(self, arguments: Sequence[str], source: str, folder: str) -> LaidOut:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
            "LC_ALL": "C.UTF-8",
            "HOME": folder,
            "FONTCONFIG_FILE": str(Path(folder) / "fonts.conf"),
            # Graphviz then reads no files but those in GV_FILE_PATH, which is empty.
            "SERVER_NAME": "deckcast",
            "GV_FILE_PATH": folder,
        }
        try:
            with subprocess.Popen(
                [self._program, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=environment,
            ) as process:
                try:
                    out, told = process.communicate(source.encode("utf-8", "replace"), self._seconds)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    return LaidOut(slow=True)
        except OSError as error:
            raise GraphError(f"`{self._program}` does not start: {error}", hint=_install()) from error
        said = told.decode("utf-8", "replace")
        if process.returncode < 0:
            return LaidOut(said=f"Error: Graphviz crashed (signal {-process.returncode})\n{said}")
        if len(out) > MOST:
            return LaidOut(said=f"Error: the drawing is larger than {MOST // 1_000_000} MB")
        whole = process.returncode == 0
        return LaidOut(out.decode("utf-8", "replace") if whole else "", said)


def _write_fonts(folder: Path, fonts: Sequence[Path]) -> None:
    (folder / "fonts").mkdir()
    for number, font in enumerate(fonts):
        shutil.copyfile(font, folder / "fonts" / f"{number}{font.suffix}")
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder}/fonts</dir>'
        f"<cachedir>{folder}/cache</cachedir></fontconfig>",
        encoding="utf-8",
    )


def _install() -> str:
    command = _INSTALL.get(sys.platform)
    return f"{command}; {_WHERE}" if command else _WHERE
