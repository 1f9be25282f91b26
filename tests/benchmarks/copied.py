"""A copy of a chapter that a benchmark may change, with the modules that it shares with other chapters."""

from __future__ import annotations

import shutil
from pathlib import Path


def copied(chapter: Path, folder: Path) -> Path:
    """The copy, `chapters/lesson` in that folder."""
    chapters = folder / "chapters"
    shutil.copytree(chapter, chapters / "lesson")
    if (course := chapter.resolve().parent / "course").is_dir():
        shutil.copytree(course, chapters / "course")
    return chapters / "lesson"
