"""Takes kept answers out of a folder's store: those that nobody has used for long, or the oldest of too many.

No build runs meanwhile: they share the lock that a sweep holds alone. An answer goes before the blobs that only it
names, so a sweep that is killed leaves whole answers, and blobs that the next sweep takes.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deckcast.engines.store_folder import LOCK
from deckcast.errors import storage_errors
from deckcast.lock import exclusive


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took, or would take."""

    answers: int = 0
    files: int = 0
    """Of answers, blobs and leftovers."""
    size: int = 0
    """Their bytes."""
    left: int = 0
    """Bytes of what stays."""


@dataclass(frozen=True, slots=True)
class _Answer:
    path: Path
    used: float
    size: int
    blobs: tuple[str, ...]


def sweep(
    folder: Path,
    *,
    unused: float,
    most: int | None = None,
    keep: Callable[[], Collection[str]] = tuple,
    dry: bool = False,
    waiting: Callable[[], None] = lambda: None,
) -> Swept:
    """Takes out what nobody has used for `unused` seconds, then the longest unused ones until `most` bytes stay.

    Answers under the keys that `keep` gives stay, whatever their age and size; so do damaged ones that are new. It is
    asked while no build runs, so that it knows what the last one needs. With `dry`, tells only. `waiting` is
    called where a build is to be waited for. Raises `StorageError`.
    """
    if not folder.is_dir():
        return Swept()
    with _alone(folder, waiting, dry=dry), storage_errors("clean", folder):
        return _sweep(folder, unused, most, frozenset(keep()), dry=dry)


@contextmanager
def _alone(folder: Path, waiting: Callable[[], None], *, dry: bool) -> Iterator[None]:
    if dry:
        yield
        return
    with exclusive(folder / LOCK, waiting):
        yield


def _sweep(folder: Path, unused: float, most: int | None, keep: frozenset[str], *, dry: bool) -> Swept:
    blobs = {path.name: path for path in _files(folder / "blobs")}
    sizes = {name: path.stat().st_size for name, path in blobs.items()}
    answers = sorted(map(_read, _files(folder / "answers")), key=lambda one: one.used)
    oldest = time.time() - unused
    stay = [one for one in answers if one.path.stem in keep or one.used >= oldest]
    if most is not None:
        stay = _within(stay, most, keep, sizes)
    staying = {one.path for one in stay}
    needed = {blob for one in stay for blob in one.blobs}
    gone = [one for one in answers if one.path not in staying]
    named = {blob for one in gone for blob in one.blobs}
    loose = [name for name in blobs if name not in needed and (name in named or _old(blobs[name], oldest))]
    leftovers = [path for path in _files(folder / "tmp") if _old(path, oldest)]
    files = [*(one.path for one in gone), *(blobs[name] for name in loose), *leftovers]
    size = sum(path.stat().st_size for path in files)
    whole = sum(one.size for one in answers) + sum(sizes.values()) + sum(path.stat().st_size for path in leftovers)
    if not dry:
        for path in files:
            path.unlink(missing_ok=True)
        for path in files:
            with contextlib.suppress(OSError):  # others lie in it
                path.parent.rmdir()
        (folder / "tmp").mkdir(exist_ok=True)
    return Swept(len(gone), len(files), size, whole - size)


def _within(answers: list[_Answer], most: int, keep: frozenset[str], sizes: dict[str, int]) -> list[_Answer]:
    """The most recently used ones that together take no more than `most` bytes, and those to keep."""
    chosen: list[_Answer] = []
    counted: set[str] = set()
    total = 0
    for one in sorted(answers, key=lambda one: (one.path.stem in keep, one.used), reverse=True):
        new = {blob for blob in one.blobs if blob not in counted}
        weight = one.size + sum(sizes.get(blob, 0) for blob in new)
        if one.path.stem in keep or total + weight <= most:
            chosen.append(one)
            counted |= new
            total += weight
        elif one.path.stem not in keep:
            break
    return chosen


def _read(path: Path) -> _Answer:
    """An answer's file. A damaged one names nothing, so it goes when it is old."""
    status = path.stat()
    try:
        named = json.loads(json.loads(path.read_bytes())["answer"])["blobs"]
        blobs = tuple(str(sha) for sha, _ in named.values())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        blobs = ()
    return _Answer(path, status.st_mtime, status.st_size, blobs)


def _old(path: Path, oldest: float) -> bool:
    return path.stat().st_mtime < oldest


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
