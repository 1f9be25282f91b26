"""Files beside the video: written aside and renamed, and left alone where they already are as they should be.

They are not forced to the disk one by one: the next build verifies each by its digest and writes it again.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from deckcast.digest import sha256
from deckcast.errors import storage_errors

SLIDES = "slides"
_PICTURE = re.compile(r"\.?(\d{3,}(-\d+)?\.(png|webp)|film-[0-9a-f]{12}\.\w+)(\.part)?")


def put(folder: Path, name: str, data: bytes) -> tuple[str, int]:
    """Writes a file unless it holds `data` already; gives SHA-256 and size. Raises `StorageError`."""
    path = folder / name
    told = sha256(data), len(data)
    with storage_errors("write", path):
        if _told(path) == told:
            return told
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as beside:
            beside.write_bytes(data)
    return told


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A file beside `path` to write, which takes its place when it is whole, and goes where writing fails."""
    beside = aside(path)
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def stands(folder: Path, files: Iterable[tuple[str, str, int]]) -> bool:
    """Whether each file is there as (name, SHA-256, size) tell."""
    try:
        return all(_told(folder / name) == (sha256, size) for name, sha256, size in files)
    except OSError:
        return False


def remove_others(folder: Path, keep: Collection[str], ours: Collection[str]) -> None:
    """Removes what another build left: those of `ours` and of the slides' pictures that are not in `keep`.

    That build may have been killed, so what it was just writing goes, too.
    """
    with storage_errors("clean up", folder):
        for name in ours:
            aside(folder / name).unlink(missing_ok=True)
            if name not in keep:
                (folder / name).unlink(missing_ok=True)
        pictures = folder / SLIDES
        if pictures.is_dir():
            for path in pictures.iterdir():
                if _PICTURE.fullmatch(path.name) and f"{SLIDES}/{path.name}" not in keep:
                    path.unlink(missing_ok=True)


def aside(path: Path) -> Path:
    """Where a file is written before it gets its name."""
    return path.with_name(f".{path.name}.part")


def _told(path: Path) -> tuple[str, int] | None:
    """SHA-256 and size of the file that stands there; None for none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    except FileNotFoundError:
        return None
