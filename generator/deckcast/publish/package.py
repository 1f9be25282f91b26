"""A lesson in one file: a zip archive that holds all that its page shows and offers, and works wherever it is unpacked.

The same lesson gives the same bytes on every machine: times, order and permissions are fixed, and nothing is deflated,
since that differs between versions of zlib and most of a lesson is pictures and video. Names are ASCII.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deckcast.errors import storage_errors
from deckcast.publish.files import SLIDES, replaced
from deckcast.publish.page_lesson import DOWNLOADS, poster, small_name

ZIP = "lesson.zip"
SCORM = "lesson-scorm.zip"
_TIME = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can tell."""
_MODE = 0o100644
_UNIX = 3


def belonging(there: Mapping[str, int], pictures: Iterable[str], *, first: str) -> tuple[str, ...]:
    """Of the files that are there, by name, those that the lesson's page shows or offers; it shows `pictures`.

    `first` stands for the lesson where it has no cover.
    """
    shown = tuple(pictures)
    wanted = {poster(there, first), *(name for name, _ in DOWNLOADS), *shown, *map(small_name, shown)}
    films = (name for name in there if name.startswith(f"{SLIDES}/film-"))
    return tuple(sorted({*films, *(name for name in there if name in wanted and name != ZIP)}))


def pack(folder: Path, name: str, texts: Mapping[str, str], files: Sequence[str]) -> tuple[str, int]:
    """Writes an archive of `texts`, and of `files` as they lie in the folder; gives SHA-256 and size.

    It is written aside and renamed. Raises `StorageError`.
    """
    path = folder / name
    with storage_errors("write", path), replaced(path) as beside:
        with zipfile.ZipFile(beside, "w") as archive:
            for one, text in texts.items():
                archive.writestr(_entry(one), text.encode())
            for one in files:
                entry = _entry(one)
                entry.file_size = (folder / one).stat().st_size
                with (folder / one).open("rb") as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        with beside.open("rb") as file:
            told = hashlib.file_digest(file, "sha256").hexdigest(), beside.stat().st_size
    return told


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    return entry
