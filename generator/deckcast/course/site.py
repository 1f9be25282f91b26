"""Writes what leads from lesson to lesson, and takes it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deckcast import __version__, config, cover
from deckcast.course import around, artwork, feed
from deckcast.course.entries import Entry, gather, newer, unknown
from deckcast.course.page import MARK, NAME, course_page
from deckcast.digest import digest, sha256
from deckcast.errors import storage_errors
from deckcast.model import Finding
from deckcast.publish import files, page
from deckcast.settings import Settings

PICTURE = "deckcast-course.jpg"
OURS = (page.COURSE, PICTURE, feed.ARTWORK)
"""Files of the output folder that are ours whatever is in them."""


@dataclass(frozen=True, slots=True)
class Site:
    """What stands in the output folder besides the lessons."""

    page: Path | None
    """The page of all lessons; None where there is none of ours."""
    findings: tuple[Finding, ...] = ()
    files: tuple[Path, ...] = ()
    """All of it that is ours."""


def check(settings: Settings, home: Path) -> None:
    """Raises `ConfigError` for what `write` could not do, before anything is built."""
    feed.check(settings, home)
    if settings.publish.course_picture:
        artwork.source(settings.publish.course_picture, home)


def write(output: Path, settings: Settings, home: Path | None = None) -> Site:
    """Writes what is another than what stands.

    There is no page where there is no lesson with a page, or where the page that stands there is somebody's own. `home`
    is the project's folder, where its configuration and its `chapters/` are. Raises `StorageError`, `ConfigError`.
    """
    entries = gather(output, settings.publish.order)
    findings = newer(output)
    if not entries:
        return Site(None, findings)
    findings += _unknown(settings, {one.name for one in entries}, home) if home else ()
    files.put(output, page.COURSE, around.sheet(entries, settings.publish.course).encode())
    told, pictured, more = _feed(output, entries, settings, home or Path())
    findings += told
    path = output / NAME
    mine = f'<meta name="{MARK}" content="'
    written = (output / page.COURSE, *more)
    if not _is_ours(path, mine):
        return Site(None, findings, written)
    made_of = digest([entries, settings.publish, settings.lesson, page.files_digest(), __version__])
    if not _is_sealed(path, f"{mine}{made_of}"):
        links = {
            "picture": PICTURE if pictured else "",
            "feed": feed.NAME if settings.publish.feed != "none" else "",
        }
        text = course_page(entries, settings, made_of, **links)
        files.put(
            output, NAME, text.replace(f"{mine}{made_of}", f"{mine}{made_of} {sha256(text.encode())}", 1).encode()
        )
    return Site(path, findings, (path, *written))


def _feed(
    output: Path, entries: Sequence[Entry], settings: Settings, home: Path
) -> tuple[tuple[Finding, ...], bool, tuple[Path, ...]]:
    """Writes the feed and the pictures of the course; takes away those that nobody asks for any more.

    Gives what the author should know, whether the course has a picture of its own, and the files.
    """
    feed.check(settings, home)
    wanted: dict[str, bytes] = {}
    findings: tuple[Finding, ...] = ()
    own = artwork.source(settings.publish.course_picture, home) if settings.publish.course_picture else b""
    if own and (fitted := cover.fitted(own)):
        wanted[PICTURE] = fitted
    if settings.publish.feed != "none":
        text, findings = feed.feed(entries, settings)
        wanted[feed.NAME] = text.encode()
        shown = own or next(((output / one.picture).read_bytes() for one in entries if one.picture), b"")
        if shown:
            wanted[feed.ARTWORK] = artwork.square(shown, settings.publish.course)
    for name in (PICTURE, feed.NAME, feed.ARTWORK):
        if name == feed.NAME and not _is_ours(output / name, feed.MARK):
            continue
        if name in wanted:
            files.put(output, name, wanted[name])
        else:
            _remove(output / name)
    return findings, PICTURE in wanted, tuple(output / name for name in wanted)


def refresh(output: Path) -> None:
    """Brings all in line with the lessons that are left; without any, what is ours goes, too."""
    path = output / NAME
    if gather(output):
        write(output, config.of_folder(Path.cwd()), Path.cwd())
        return
    for own, mark in ((path, f'<meta name="{MARK}"'), (output / feed.NAME, feed.MARK)):
        if _is_ours(own, mark):
            _remove(own)
    for name in OURS:
        _remove(output / name)


def _is_sealed(path: Path, mark: str) -> bool:
    """Whether our page stands there, made of what `mark` tells, and just as it was written."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    seal = text.partition(f"{mark} ")[2].partition('"')[0]
    return bool(seal) and sha256(text.replace(f" {seal}", "", 1).encode()) == seal


def _is_ours(path: Path, mark: str) -> bool:
    """Whether nothing stands there, or something that begins with our mark: what is somebody's own is left alone."""
    return not path.is_file() or mark in path.read_text(encoding="utf-8", errors="replace")[:4000]


def _remove(path: Path) -> None:
    with storage_errors("remove", path):
        path.unlink(missing_ok=True)


def _unknown(settings: Settings, built: set[str], home: Path) -> tuple[Finding, ...]:
    """Of `publish.order`: a chapter that is not built yet is no mistake."""
    chapters = {path.name for path in (home / "chapters").glob("*") if path.is_dir()}
    where, line = config.place_of(home, "publish.order")
    return unknown(settings.publish.order, built | chapters, where, line)
