"""Where the modules lie that a deck's Python cells can import: beside the deck, and in the folder of all chapters."""

from __future__ import annotations

from pathlib import Path

from deckcast.folders import inside

CHAPTERS = "chapters"
UP = "../"
"""Begins the names of modules that all chapters share: names lead from the deck's folder on."""


def shared(folder: Path) -> Path | None:
    """The folder whose modules a deck in `folder` shares with other chapters; None where it is no chapter."""
    above = folder.resolve().parent
    return above if above.name == CHAPTERS else None


def find(folder: Path, name: str) -> Path | None:
    """The file of that name, from the deck's folder on: in it, or, behind `../`, in the one of all chapters."""
    if not name.startswith(UP):
        return inside(folder, name)
    above = shared(folder)
    return None if above is None else inside(above, name.removeprefix(UP))


def places(folder: Path) -> tuple[Path, ...]:
    """The files and folders that may hold modules which a deck in `folder` shares: all but other chapters."""
    above = shared(folder)
    if above is None:
        return ()
    others = (path for path in sorted(above.iterdir()) if path.name[:1] not in "._")
    return tuple(
        path for path in others if (path.is_dir() and not (path / "presentation.md").exists()) or path.suffix == ".py"
    )
