"""New projects and chapters, from the starter that comes with deckcast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from deckcast.config import find_file
from deckcast.errors import DesignerError, UsageError, storage_errors
from deckcast.project import DECK
from deckcast.theme import find_theme, shipped

FIRST = "01-first-lesson"
TITLE = "How to find a number"


@dataclass(frozen=True, slots=True)
class Started:
    """What was written."""

    project: Path
    chapter: Path
    files: tuple[Path, ...]


def init(folder: Path, *, theme: str, author: str = "") -> Started:
    """A project with one chapter. Raises `UsageError` where one of its files is there already; then none is written."""
    starter = _starter()
    values = {"title": TITLE, "theme": _known(theme, folder), "author": author}
    chapter = folder / "chapters" / FIRST
    wanted = {
        folder / "deckcast.toml": _filled(starter / "deckcast.toml", values),
        folder / ".gitignore": _filled(starter / "gitignore", values),
        **_chapter(starter, chapter, values),
    }
    return Started(folder, chapter, _write(wanted))


def new(name: str, *, theme: str, title: str = "", author: str = "", start: Path | None = None) -> Started:
    """A chapter in the project of the current folder, or of `start`. Raises `UsageError` where there is none."""
    if not re.fullmatch(r"[^\W_][\w.-]*", name):
        raise UsageError(
            f"`{name}` is no name for a chapter's folder",
            hint="letters, digits, `-`, `_` and `.`, such as 02-hash-tables",
        )
    file = find_file((start or Path.cwd()).resolve())
    if file is None:
        raise UsageError("there is no project here", hint="make one: deckcast init")
    root = file.parent
    chapter = root / "chapters" / name
    values = {"title": title or _title(name), "theme": _known(theme, root), "author": author}
    return Started(root, chapter, _write(_chapter(_starter(), chapter, values)))


def _chapter(starter: Path, folder: Path, values: dict[str, str]) -> dict[Path, bytes]:
    pictures = {folder / "images" / path.name: path.read_bytes() for path in sorted((starter / "images").iterdir())}
    return {folder / DECK: _filled(starter / DECK, values), **pictures}


def _starter() -> Path:
    folder = shipped() / "starter"
    if not (folder / DECK).is_file():
        raise DesignerError(f"deckcast's own starter is missing in {folder}", hint="install deckcast again")
    return folder


def _filled(path: Path, values: dict[str, str]) -> bytes:
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@@{name}@@", value.replace("\\", "").replace('"', "'"))
    # what nobody has said is left out
    lines = [line for line in text.split("\n") if line.strip() not in ('author: ""', 'author = ""')]
    return "\n".join(lines).encode()


def _known(theme: str, folder: Path) -> str:
    """Raises `ConfigError` with the nearest name for a theme that is not there."""
    return find_theme(theme, [folder / "templates"]).name


def _title(name: str) -> str:
    """`02-hash-tables` → `Hash tables`"""
    words = re.sub(r"^\d+[-_.]*", "", name).replace("-", " ").replace("_", " ").strip()
    return (words[:1].upper() + words[1:]) or name


def _write(wanted: dict[Path, bytes]) -> tuple[Path, ...]:
    there = [path for path in wanted if path.exists()]
    if there:
        raise UsageError(
            f"{there[0]} is there already, and nothing is overwritten", hint="take another name, or another folder"
        )
    for path, data in wanted.items():
        with storage_errors("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return tuple(wanted)
