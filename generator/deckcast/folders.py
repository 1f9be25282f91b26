"""What lies in a folder, and what only seems to."""

from __future__ import annotations

from pathlib import Path


def inside(folder: Path, relative: str) -> Path | None:
    """The file of that name, if it lies in `folder`: `..` and links to elsewhere lead nowhere."""
    try:
        root = folder.resolve()
        path = (root / relative.lstrip("/")).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
