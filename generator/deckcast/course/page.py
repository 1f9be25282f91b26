"""The page of all lessons, `index.html` in the output folder: what there is, how far one is, what is said where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from deckcast.course.entries import Entry
from deckcast.publish import accent, licence, linked, page
from deckcast.settings import Settings

NAME = "index.html"
MARK = "deckcast-course"
"""The name of the `meta` element by which our page is known, and what it was made of."""
_SCRIPT = ("found_lessons", "found_none", "watched", "watched_part", "theme_auto", "theme_light", "theme_dark")


def course_page(
    entries: Sequence[Entry], settings: Settings, made_of: str = "", *, picture: str = "", feed: str = ""
) -> str:
    """HTML. `picture` stands for the course, `feed` is its feed, both as the page reaches them."""
    language = entries[0].language
    surface = page.words_language(language)
    words = page.words(surface)
    title = title_of(entries, settings)
    told = {
        "lessons": [{"name": one.name, "title": one.title, "said": one.said} for one in entries],
        "words": {name: words[name] for name in _SCRIPT},
    }
    letters = "".join(
        [*words.values(), title, settings.publish.course_description, settings.publish.organisation]
        + [settings.lesson.author, settings.lesson.licence]
        + [text for one in entries for text in (one.title, one.description, *one.titles, *(t for _, t in one.said))]
    )
    style = page.fonts(letters, mono=False) + page.read("tokens.css") + page.read("course.css")
    colours = entries[0].colours if len({one.colours for one in entries}) == 1 else ()
    if colours:
        style += accent.style(colours)
    return page.document(
        "course.html.j2",
        style=style,
        scripts={"early": page.read("early.js"), "script": page.read("course.js")},
        icon=page.icon(colours[0] if colours else page.ACCENT),
        mark=MARK,
        made_of=made_of,
        language=surface,
        direction=page.direction(surface),
        title=title,
        description=settings.publish.course_description,
        picture=picture,
        feed=feed,
        author=settings.lesson.author,
        organisation=settings.publish.organisation,
        licence=settings.lesson.licence,
        licence_at=licence.address(settings.lesson.licence),
        **_linked(entries, settings, title, picture),
        entries=entries,
        directions={one.name: page.direction(one.language) for one in entries},
        minutes=[max(1, round(one.seconds / 60)) for one in entries],
        total=max(1, round(sum(one.seconds for one in entries) / 60)),
        w=words,
        data=page.data(told),
    )


def _linked(entries: Sequence[Entry], settings: Settings, title: str, picture: str) -> dict[str, Any]:
    """What the page tells to programs that link to it, where it has an address."""
    address = linked.course_address(settings.publish)
    if not address:
        return {"address": "", "metas": (), "linked": ""}
    shown = picture or quote(entries[0].picture)
    lessons = [(linked.lesson_address(settings.publish, one.name), one.title) for one in entries]
    metas = linked.social(
        kind="website",
        address=address,
        title=title,
        description=settings.publish.course_description,
        language=entries[0].language,
        picture=f"{address}{shown}" if shown else "",
        said=title,
    )
    told = linked.course_data(settings, title, entries[0].language, f"{address}{shown}" if shown else "", lessons)
    return {"address": address, "metas": metas, "linked": page.data(told)}


def title_of(entries: Sequence[Entry], settings: Settings) -> str:
    """The course's, or "Lessons" in the language of the first one."""
    return settings.publish.course or page.words(page.words_language(entries[0].language))["lessons"]
