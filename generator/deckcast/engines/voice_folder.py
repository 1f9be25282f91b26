"""Where the files of neural voices lie, and what they are: nothing here downloads or loads anything."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

VARIABLE = "DECKCAST_VOICES"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A voice that has been downloaded."""

    setting: str
    """What to write behind `voice:`."""
    files: tuple[Path, ...]
    licence: str
    """What is told of its licence, or where that is told."""


def folder_of(setting: str) -> Path:
    """The folder of voices: the setting's, else the environment's, else one of the user's own."""
    named = setting or os.environ.get(VARIABLE, "")
    return Path(named).expanduser() if named else _own()


def files_in(folder: Path) -> Iterator[Path]:
    """Every file in the folder, at any depth, in order; hidden folders, where downloads lie half done, are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield Path(place, name)


def digest_of(*paths: Path) -> str:
    """Sixteen digits that change with any of the files. Raises `OSError`."""
    return hashlib.sha256("".join(map(sha256_of, paths)).encode()).hexdigest()[:16]


def sha256_of(path: Path) -> str:
    """Read once as long as the file stays as it is. Raises `OSError`."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


@lru_cache(64)
def _sha256(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _own() -> Path:
    """Where this system's programs keep a user's data."""
    if sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "deckcast" / "voices"
