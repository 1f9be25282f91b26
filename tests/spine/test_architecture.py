"""Holds the picture in docs/architecture.md: who may import whom, who may print, what may happen at import time."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "generator" / "deckcast"
FILES = sorted(SOURCE.rglob("*.py"))

# From the command line down to the nouns. A room may import rooms of a lower level, and of its own
# level only where `within` says so.
LEVELS = [
    ("cli",),
    ("preview",),
    ("mending", "course"),
    ("say", "checking", "cleaning", "starting", "export", "serving", "building", "building_process"),
    ("build",),
    ("parse", "run", "render", "narrate", "encode", "publish", "check"),
    ("standing",),
    ("workshop",),
    ("cluster",),
    ("engines",),
    (
        "align",
        "aside",
        "markup",
        "captions",
        "cover",
        "deckfile",
        "modules",
        "film",
        "theme",
        "theme_settings",
        "filling",
        "filling_apart",
        "folders",
        "htmltree",
        "spoken",
        "timeline",
        "motion",
        "pointing",
        "reveal",
        "stepping",
        "outline",
        "sound",
        "sound_file",
        "loudness",
        "peaks",
        "keep",
        "stages",
        "together",
        "lock",
        "labels",
        "places",
        "formats",
        "origins",
        "schema",
        "documents",
        "project",
        "trust",
        "report",
        "warm",
        "webserver",
        "withheld",
        "writing",
    ),
    ("config", "ports", "digest"),
    ("settings",),
    ("errors",),
    ("model", "shape", "web", "redact", "harmless", "edge_names", "htmltokens", "unreadable", "callable_module"),
]
BELOW_ALL = {""}  # the package itself: its version


def room(path: Path) -> str:
    """The name on the door: the package or module right under `deckcast`."""
    relative = path.relative_to(SOURCE)
    return relative.parts[0].removesuffix(".py") if relative.name != "__init__.py" or len(relative.parts) > 1 else ""


def level(name: str) -> int:
    for number, names in enumerate(LEVELS):
        if name in names:
            return number
    raise AssertionError(f"{name} has no place in LEVELS: give it one there and in docs/architecture.md")


def imports(path: Path) -> set[str]:
    """The rooms that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "deckcast":
            names = [f"deckcast.{alias.name}" for alias in node.names if not alias.name.startswith("__")]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("deckcast.")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_downwards(path: Path) -> None:
    own = room(path)
    if own in ("", "__main__"):
        return
    for other in imports(path) - {own}:
        assert level(other) >= level(own), f"{own} must not import {other}"
        if level(other) == level(own):
            assert own not in ("parse", "run", "render", "narrate", "encode", "publish", "check"), (
                f"stages never import each other: {own}, {other}"
            )


TABLES = {"stores.py", "voices.py", "browsers.py", "kernels.py"}
"""The engines' own tables, which choose between the engines of one kind."""


@pytest.mark.parametrize("path", sorted((SOURCE / "engines").glob("*.py")), ids=lambda path: path.name)
def test_engines_import_no_engine_of_another_kind(path: Path) -> None:
    kind = path.stem.split("_")[0]
    if path.name in TABLES:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deckcast.engines."):
            other = (node.module or "").rpartition(".")[2]
            kinds = {"store", "voice", "browser", "kernel"}
            assert not (kind in kinds and other.split("_")[0] in kinds - {kind}), f"{path.name} imports {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_command_line_prints(path: Path) -> None:
    if room(path) in ("cli", "report") or path.name.endswith("_program.py"):
        return  # a *_program.py is a program of its own, whose output is its answer
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{path.name}:{node.lineno} prints"


def test_help_needs_no_heavy_library() -> None:
    """What `deckcast --help` imports, seen from outside: `--help` within 0.2 s rests on this."""
    code = (
        "import sys; from deckcast.cli import run; run(['--help']);"
        "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SOURCE.parent)
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "click" in loaded
    heavy = {
        "av",
        "numpy",
        "playwright",
        "moviepy",
        "jinja2",
        "markdown_it",
        "yaml",
        "edge_tts",
        "PIL",
        "rich",
        "asyncio",
        "num2words",
        "babel",
    }
    assert not loaded & heavy


def test_files_hold_one_idea() -> None:
    """A file past about 250 lines probably holds two ideas; past 400 it surely does."""
    long = {str(path.relative_to(SOURCE)): n for path in FILES if (n := len(path.read_text().splitlines())) > 400}
    assert not long
