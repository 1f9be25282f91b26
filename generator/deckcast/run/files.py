"""The files that a cell declares: `files=data/scores.csv`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from deckcast.folders import inside


def no_file(folder: Path, name: str, *, near: bool = True) -> tuple[str, str] | None:
    """What is wrong with a file that a cell names, and a hint, with the nearest name if `near`.

    None where it lies in the deck's folder.
    """
    if not name.startswith(("/", "~")) and inside(folder, name) is not None:
        return None
    try:
        path = folder / name
        if path.is_dir():
            return f"`{name}` is a folder", "name the files in it that the cell reads"
        if path.exists() or path.is_symlink() or name.startswith(("/", "~", "..")):
            return f"`{name}` lies outside of the deck's folder", "put the file beside the deck"
        names = sorted(_files_below(folder)) if near else []
    except (OSError, ValueError):
        names = []
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = (
        f"did you mean `{found[0]}`?" if found else "files are named from the deck's folder on: `files=data/scores.csv`"
    )
    return f"there is no file `{name}` in {folder}", hint


def _files_below(folder: Path) -> Iterable[str]:
    """Files that may be meant; not all of a large folder."""
    for number, path in enumerate(folder.rglob("*")):
        if number > 2000:
            break
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.is_file():
            yield path.relative_to(folder).as_posix()
