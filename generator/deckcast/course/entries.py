"""The lessons of a course: whatever whole lessons stand in the output folder, as their manifests tell of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.errors import NewerError
from deckcast.model import Finding, Where
from deckcast.publish.manifest import MANIFEST, load


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson of the course."""

    name: str
    title: str
    description: str
    language: str
    seconds: float
    slides: int
    picture: str
    """Its address from the course's page; empty where there is none."""
    titles: tuple[str, ...]
    said: tuple[tuple[int, str], ...]
    """(second, words) of each step that says something."""
    date: str = ""
    """As the author wrote it."""
    files: tuple[tuple[str, int], ...] = ()
    """(name, bytes) of what the build wrote."""
    colours: tuple[str, ...] = ()
    """Its page's accents on light and on dark; empty where its theme gives none."""


def gather(output: Path, order: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Every whole lesson in the folder, those that `order` names first, then by name; excerpts and drafts are none."""
    found = (_entry(path.parent) for path in sorted(output.glob(f"*/{MANIFEST}")) if "@" not in path.parent.name)
    places = {name: place for place, name in reversed(list(enumerate(order)))}
    entries = [entry for entry in found if entry is not None]
    return tuple(sorted(entries, key=lambda one: (places.get(one.name, len(order)), one.name)))


def newer(output: Path) -> tuple[Finding, ...]:
    """What the author should know of lessons that `gather` passes over, because a newer deckcast has built them."""
    found = []
    for path in sorted(output.glob(f"*/{MANIFEST}")):
        try:
            load(path.parent)
        except NewerError as error:
            told = error.finding
            message = f"the course leaves out the lesson {path.parent.name}: {told.message}"
            found.append(Finding("course-newer", "warning", message, hint=told.hint))
    return tuple(found)


def unknown(
    order: Sequence[str], names: Collection[str], where: Where | None = None, line: str = ""
) -> tuple[Finding, ...]:
    """What the author should know of names in an order that no lesson has, and none is going to have."""
    found = []
    for name in dict.fromkeys(order):
        if name in names:
            continue
        near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
        column = line.find(name) + 1
        place = Where(where.path, where.line, column) if where and column else where
        found.append(
            Finding(
                "order-unknown",
                "warning",
                f"`publish.order` names a lesson `{name}`, which is not there",
                where=place,
                line=line,
                width=len(name) if column else 1,
                hint=f"did you mean `{near[0]}`?"
                if near
                else f"lessons are named after the folders of their decks"
                f"{': ' + ', '.join(sorted(names)) if names else ''}",
            )
        )
    return tuple(found)


def _colours(told: Any) -> tuple[str, ...]:
    """As a style sheet may hold them, whoever wrote the manifest."""
    found = tuple(map(str, told)) if isinstance(told, list) else ()
    return found if len(found) == 2 and all(re.fullmatch(r"#[0-9a-f]{6}", one) for one in found) else ()


def _seconds(told: Any) -> float:
    seconds = float(told)
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"{seconds} is no length of a lesson")
    return seconds


def _entry(folder: Path) -> Entry | None:
    """A lesson from its manifest; None for what is none, or has no page to lead to, or is of a newer deckcast."""
    try:
        told = load(folder)
        if told is None:
            return None
        lesson, steps = told["settings"]["lesson"], told["steps"]
        titles = dict.fromkeys(str(step["title"]) for step in steps if step["title"])
        said = [(int(step["start"]), str(step["narration"]["text"])) for step in steps if "narration" in step]
        entry = Entry(
            folder.name,
            str(told["title"]),
            str(lesson["description"]),
            str(lesson["language"]),
            _seconds(told["video"]["seconds"]),
            len({step["slide"] for step in steps}),
            f"{folder.name}/thumbnail.jpg" if (folder / "thumbnail.jpg").is_file() else "",
            tuple(titles),
            tuple(said),
            str(lesson.get("date", "")),
            tuple((str(name), int(one["size"])) for name, one in told.get("files", {}).items()),
            _colours(told.get("accent")),
        )
    except (NewerError, OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return entry if (folder / "index.html").is_file() else None
