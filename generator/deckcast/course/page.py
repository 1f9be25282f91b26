"""The page of all lessons, `index.html` in the output folder: what there is, how far one is, what is said where."""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.course.entries import Entry
from deckcast.publish import page
from deckcast.settings import Settings

NAME = "index.html"
MARK = "deckcast-course"
"""The name of the `meta` element by which our page is known, and what it was made of."""
_SCRIPT = ("found_lessons", "found_none", "watched", "watched_part", "theme_auto", "theme_light", "theme_dark")


def course_page(entries: Sequence[Entry], settings: Settings, made_of: str = "") -> str:
    """HTML."""
    language = entries[0].language
    surface = page.words_language(language)
    words = page.words(surface)
    title = title_of(entries, settings)
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


def title_of(entries: Sequence[Entry], settings: Settings) -> str:
    """The course's, or "Lessons" in the language of the first one."""
    return settings.publish.course or page.words(page.words_language(entries[0].language))["lessons"]
