"""Takes away what builds have made: kept work that no lesson needs any more, or lessons. Never what an author wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from deckcast import standing
from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_front import owed
from deckcast.engines.store_sweep import Swept, sweep
from deckcast.errors import storage_errors
from deckcast.keep import asked, ledger_key
from deckcast.lock import exclusive
from deckcast.publish.files import remove_others
from deckcast.publish.manifest import MANIFEST, load


@dataclass(frozen=True, slots=True)
class Built:
    """A lesson in the output folder."""

    name: str
    folder: Path
    files: tuple[str, ...]
    """What deckcast wrote there; whatever else lies there is somebody's own."""
    size: int


def lessons(output: Path) -> tuple[Built, ...]:
    """Every lesson in a folder, by name; excerpts and drafts are lessons of their own.

    Raises `NewerError`: what a lesson of a newer deckcast needs cannot be told, so nothing may be taken away.
    """
    if not output.is_dir():
        return ()
    found = (_lesson(path.parent) for path in sorted(output.glob(f"*/{MANIFEST}")))
    return tuple(one for one in found if one is not None)


def of_chapter(built: Sequence[Built], chapter: str) -> tuple[Built, ...]:
    """The chapter's lesson, its excerpts and its draft."""
    return tuple(one for one in built if one.name == chapter or one.name.startswith(f"{chapter}@"))


def remove(lesson: Built, output: Path, waiting: Callable[[], None]) -> None:
    """Removes a lesson's files, and its folder where nothing else lies in it. Raises `StorageError`."""
    with exclusive(output / ".deckcast" / "locks" / lesson.name, waiting), storage_errors("remove", lesson.folder):
        standing.forget(output, lesson.name)
        remove_others(lesson.folder, (), lesson.files)
        for folder in sorted({(lesson.folder / name).parent for name in lesson.files}, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def sweep_store(
    folder: Path,
    built: Callable[[], Sequence[Built]],
    *,
    unused: float,
    most: int | None,
    dry: bool,
    waiting: Callable[[], None],
) -> Swept:
    """Takes out of a store what was not used for `unused` seconds, and the oldest beyond `most` bytes.

    What the last builds of the lessons that `built` gives asked for stays, so that the next build of each makes nothing
    again. It is asked once all builds that run have ended, since they are what needs most.
    """

    def keep() -> set[str]:
        return needed(folder, built())

    return sweep(folder, unused=unused, most=most, keep=keep, dry=dry, waiting=waiting)


def needed(folder: Path, built: Sequence[Built]) -> set[str]:
    """The keys in a store of all that the lessons' last builds asked, and of what is still to be sent to a shared one.

    Its lock is the caller's to hold.
    """
    keys = set(owed(folder))
    with closing(FolderStore(folder, held=True)) as store:
        for lesson in built:
            keys.add(ledger_key(lesson.name))
            keys |= {question.key for question in asked(store, lesson.name).values()}
    return keys


def _lesson(folder: Path) -> Built | None:
    told = load(folder)
    try:
        named = tuple(str(name) for name in told["files"]) if told else None
    except (KeyError, TypeError):
        return None
    if named is None:
        return None
    files = (*(name for name in named if _within(folder, name)), MANIFEST)
    size = sum((folder / name).stat().st_size for name in files if (folder / name).is_file())
    return Built(folder.name, folder, files, size)


def _within(folder: Path, name: str) -> bool:
    """Whether a file of that name, there or not, lies in the folder."""
    try:
        path = (folder / name).resolve()
        return path.is_relative_to(folder.resolve()) and (path.is_file() or not path.exists())
    except (OSError, ValueError):  # a name that no file can have
        return False
