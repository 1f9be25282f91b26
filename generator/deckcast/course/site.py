"""Writes what leads from lesson to lesson, and takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deckcast import config
from deckcast.course import around
from deckcast.course.entries import gather, unknown
from deckcast.course.page import MARK, NAME, course_page
from deckcast.digest import digest
from deckcast.errors import storage_errors
from deckcast.model import Finding
from deckcast.publish import files, page
from deckcast.settings import Settings

OURS = (page.COURSE,)
"""Files of the output folder that are ours whatever is in them."""


@dataclass(frozen=True, slots=True)
class Site:
    """What stands in the output folder besides the lessons."""

    page: Path | None
    """The page of all lessons; None where there is none of ours."""
    findings: tuple[Finding, ...] = ()


def write(output: Path, settings: Settings, home: Path | None = None) -> Site:
    """Writes what is another than what stands.

    There is no page where there is no lesson with a page, or where the page that stands there is somebody's own. `home`
    is the project's folder, where its configuration and its `chapters/` are. Raises `StorageError`.
    """
    entries = gather(output, settings.publish.order)
    if not entries:
        return Site(None)
    findings = _unknown(settings, {one.name for one in entries}, home) if home else ()
    files.put(output, page.COURSE, around.sheet(entries, settings.publish.course).encode())
    path = output / NAME
    mine = f'<meta name="{MARK}" content="'
    before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else mine
    if mine not in before[:4000]:
        return Site(None, findings)
    made_of = digest([entries, settings.publish, settings.lesson.language, page.files_digest()])
    if f'{mine}{made_of}"' not in before[:4000]:
        files.put(output, NAME, course_page(entries, settings, made_of).encode())
    return Site(path, findings)


def refresh(output: Path) -> None:
    """Brings all in line with the lessons that are left; without any, what is ours goes, too."""
    path = output / NAME
    if gather(output):
        write(output, config.of_folder(Path.cwd()))
        return
    gone = [output / name for name in OURS]
    if path.is_file() and f'<meta name="{MARK}"' in path.read_text(encoding="utf-8", errors="replace")[:4000]:
        gone.append(path)
    for one in gone:
        with storage_errors("remove", one):
            one.unlink(missing_ok=True)


def _unknown(settings: Settings, built: set[str], home: Path) -> tuple[Finding, ...]:
    """Of `publish.order`: a chapter that is not built yet is no mistake."""
    chapters = {path.name for path in (home / "chapters").glob("*") if path.is_dir()}
    where, line = config.place_of(home, "publish.order")
    return unknown(settings.publish.order, built | chapters, where, line)
