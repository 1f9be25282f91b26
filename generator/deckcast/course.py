"""The page of all lessons, `index.html` in the output folder: what there is, how far one is, what is said where."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast import config
from deckcast.cleaning import MANIFEST
from deckcast.digest import digest
from deckcast.errors import storage_errors
from deckcast.publish import files, page
from deckcast.settings import Settings

NAME = "index.html"
MARK = "deckcast-course"
"""The name of the `meta` element by which our page is known, and what it was made of."""
_SCRIPT = ("found_lessons", "found_none", "watched", "watched_part", "theme_auto", "theme_light", "theme_dark")


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


def write(output: Path, settings: Settings) -> Path | None:
    """Writes the course's page where it is another than the one that stands; gives its path.

    None where there is no lesson with a page, or where the page that stands there is somebody's own. Raises
    `StorageError`.
    """
    entries = gather(output)
    path = output / NAME
    mine = f'<meta name="{MARK}" content="'
    before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else mine
    if not entries or mine not in before[:4000]:
        return None
    made_of = digest([entries, settings.publish, settings.lesson.language, page.files_digest()])
    if f'{mine}{made_of}"' not in before[:4000]:
        files.put(output, NAME, course_page(entries, settings, made_of).encode())
    return path


def refresh(output: Path) -> None:
    """Brings the course's page in line with the lessons that are left; without any, our page goes, too."""
    path = output / NAME
    if gather(output):
        write(output, config.of_folder(Path.cwd()))
    elif path.is_file() and f'<meta name="{MARK}"' in path.read_text(encoding="utf-8", errors="replace")[:4000]:
        with storage_errors("remove", path):
            path.unlink()


def gather(output: Path) -> tuple[Entry, ...]:
    """Every whole lesson in the folder, by name; excerpts and drafts are none."""
    found = (_entry(path.parent) for path in sorted(output.glob(f"*/{MANIFEST}")) if "@" not in path.parent.name)
    return tuple(entry for entry in found if entry is not None)


def course_page(entries: Sequence[Entry], settings: Settings, made_of: str = "") -> str:
    """HTML."""
    language = entries[0].language
    surface = page.words_language(language)
    words = page.words(surface)
    title = settings.publish.course or words["lessons"]
    told = {
        "lessons": [{"name": one.name, "title": one.title, "said": one.said} for one in entries],
        "words": {name: words[name] for name in _SCRIPT},
    }
    letters = "".join(
        [*words.values(), title, settings.publish.course_description]
        + [text for one in entries for text in (one.title, one.description, *one.titles, *(t for _, t in one.said))]
    )
    style = page.fonts(letters, mono=False) + page.read("tokens.css") + page.read("course.css")
    return page.document(
        "course.html.j2",
        style=style,
        scripts={"early": page.read("early.js"), "script": page.read("course.js")},
        mark=MARK,
        made_of=made_of,
        language=surface,
        direction=page.direction(surface),
        title=title,
        description=settings.publish.course_description,
        entries=entries,
        directions={one.name: page.direction(one.language) for one in entries},
        minutes=[max(1, round(one.seconds / 60)) for one in entries],
        total=max(1, round(sum(one.seconds for one in entries) / 60)),
        w=words,
        data=page.data(told),
    )


def _entry(folder: Path) -> Entry | None:
    """A lesson from its manifest; None for what is none, or has no page to lead to."""
    try:
        told: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        lesson, steps = told["settings"]["lesson"], told["steps"]
        titles = dict.fromkeys(str(step["title"]) for step in steps if step["title"])
        said = [(int(step["start"]), str(step["narration"]["text"])) for step in steps if "narration" in step]
        entry = Entry(
            folder.name,
            str(told["title"]),
            str(lesson["description"]),
            str(lesson["language"]),
            float(told["video"]["seconds"]),
            len({step["slide"] for step in steps}),
            f"{folder.name}/thumbnail.jpg" if (folder / "thumbnail.jpg").is_file() else "",
            tuple(titles),
            tuple(said),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return entry if (folder / NAME).is_file() else None
