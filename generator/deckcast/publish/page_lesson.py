"""The lesson's page, `index.html`: video, slides, and every word that is said. Values in, text out."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deckcast.captions import Cue, write
from deckcast.captions.limits import family
from deckcast.model import Deck, Results, Timeline
from deckcast.outline import deck_title, sections
from deckcast.publish import accent, licence, linked, page, page_pictures, page_spoken
from deckcast.publish.chapters import moment
from deckcast.publish.page_cells import listings
from deckcast.settings import Settings

VIDEOS = (("lesson.mp4", "video/mp4"), ("lesson.webm", "video/webm"))
DOWNLOADS = (
    ("lesson.mp4", "download_video"),
    ("lesson.webm", "download_webm"),
    ("lesson.m4a", "download_audio"),
    ("captions.vtt", "download_vtt"),
    ("captions.srt", "download_srt"),
    ("transcript.md", "download_transcript"),
    ("handout.pdf", "download_pdf"),
    ("slides.html", "download_deck"),
    ("lesson.zip", "download_zip"),
)
"""Files that the page offers where they are there, and the name of what it says of each."""
_SCRIPT = ("copied", "not_copied", "found", "found_none", "theme_auto", "theme_light", "theme_dark", "resume")
"""The words that the script says."""


KEYS = (
    (("k", "key_space"), "key_play"),
    (("j", "l"), "key_ten"),
    (("←", "→"), "key_five"),
    (("p", "n"), "key_slides"),
    (("P", "N"), "key_lessons"),
    (("[", "]"), "key_sentences"),
    (("<", ">"), "key_speed"),
    (("c",), "key_captions"),
    (("m",), "key_mute"),
    (("f",), "key_full"),
    (("t",), "key_transcript"),
    (("/",), "key_search"),
    (("r",), "key_reading"),
    (("?",), "key_help"),
)
"""The keys of each line of the help, as they are or as the name of what the surface calls them, and what they do."""


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide as the page shows it."""

    sheet: page_spoken.Sheet
    picture: str
    small: str
    """Addresses of its picture and of its small picture."""
    alternatives: tuple[str, ...]


def lesson_page(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    results: Results,
    *,
    cues: Sequence[Cue],
    pictures: Sequence[str],
    files: Mapping[str, int],
    address: str = "",
    colours: Sequence[str] | None = None,
    alone: bool = False,
    scorm: bool = False,
) -> str:
    """HTML. `pictures` are the addresses of the scenes' pictures; `files` tells the size of what lies beside the page,
    0 where the page should not say it; `address` is where the page will stand on the web, if anybody knows; `colours`
    are its accents on light and on dark. `alone` knows of no other lessons; with `scorm`, the page reports to a
    learning platform that holds it."""
    language = settings.lesson.language
    surface = page.words_language(language)
    words = page.words(surface)
    title = settings.lesson.title or deck_title(deck)
    frame = timeline.scenes[0].frame
    written = {slide.index: slide for slide in deck.slides}
    slides = [
        Slide(sheet, pictures[sheet.scene], small_name(pictures[sheet.scene]), alternatives)
        for sheet in page_spoken.sheets(deck, timeline, settings.narration.paragraph_pause)
        for alternatives in [page_pictures.alternatives(deck, written[sheet.number], settings, results)]
    ]
    cells, hidden = listings(deck, {one.sheet.number for one in slides}, results, words)
    told = {
        "version": 1,
        "title": title,
        "language": language,
        "duration": round(timeline.seconds * 1000),
        **page_spoken.data(tuple(one.sheet for one in slides)),
        "chapters": [
            [round(section.first / timeline.fps * 1000), section.title] for section in sections(deck, timeline)
        ],
        "words": {name: words[name] for name in _SCRIPT},
    }
    values: dict[str, Any] = {
        "language": language,
        "direction": page.direction(language),
        "surface": surface,
        "foreign": surface != family(language),
        "surface_direction": page.direction(surface),
        "title": title,
        "lesson": settings.lesson,
        "w": words,
        "minutes": max(1, round(timeline.seconds / 60)),
        "width": frame.width,
        "height": frame.height,
        "poster": poster(files, pictures[0]),
        "videos": [(name, kind) for name, kind in VIDEOS if name in files],
        "captions": page.data_url("text/vtt", write.vtt(cues).encode()) if cues else "",
        "captions_name": language_name(language),
        "slides": slides,
        "chapters": [
            (section.first / timeline.fps, section.title) for section in sections(deck, timeline)
        ],
        "cells": cells,
        "hidden": hidden,
        "downloads": [(name, words[said], _size(files[name], surface)) for name, said in DOWNLOADS if name in files],
        "keys": KEYS,
        "licence_at": licence.address(settings.lesson.licence),
        "icon": page.icon(colours[0] if colours else page.ACCENT),
        "address": address,
        **_linked(deck, timeline, settings, title, files, address),
        "course": "" if alone else page.COURSE,
        "data": page.data(told),
        "scorm": page.data({"completed": settings.publish.completed, "lost": words["lms_lost"]}) if scorm else "",
        "clock": lambda seconds: moment(int(seconds)),
        "second": lambda milliseconds: f"{milliseconds / 1000:.3f}".rstrip("0").rstrip("."),
    }  # fmt: skip
    said = "".join(_texts(slides, words, title, settings))
    style = "".join(
        (
            page.fonts(said, mono=bool(cells)),
            page.read("tokens.css"),
            page.read("lesson.css"),
            accent.style(colours) if colours else "",
            f":root {{ --ratio: {frame.width / frame.height:.4f}; }}\n",
        )
    )
    scripts = {"early": page.read("early.js"), "script": page.read("lesson.js")}
    if scorm:
        scripts["scorm_script"] = page.read("scorm.js")
    return page.document("lesson.html.j2", style=style, scripts=scripts, sheets=not alone, **values)


def _linked(
    deck: Deck, timeline: Timeline, settings: Settings, title: str, files: Mapping[str, int], address: str
) -> dict[str, Any]:
    """What the page tells to programs that link to it, where it has an address."""
    if not address:
        return {"metas": (), "linked": ""}
    frame = timeline.scenes[0].frame
    size = (frame.width, frame.height)
    date = linked.real_date(settings.lesson.date)
    metas = linked.social(
        kind="video.other",
        address=address,
        title=title,
        description=settings.lesson.description,
        language=settings.lesson.language,
        picture=f"{address}thumbnail.jpg" if "thumbnail.jpg" in files else "",
        said=title,
        site=settings.publish.course,
        video=(f"{address}lesson.mp4", "video/mp4", *size),
        seconds=timeline.seconds,
        date=date.isoformat() if date else "",
    )
    told = linked.lesson_data(
        settings,
        address=address,
        title=title,
        seconds=timeline.seconds,
        size=size,
        sections=[(section.first / timeline.fps, section.title) for section in sections(deck, timeline)],
        files=files,
    )
    return {"metas": metas, "linked": page.data(told)}


def _texts(slides: Sequence[Slide], words: Mapping[str, str], title: str, settings: Settings) -> Iterator[str]:
    """All letters that the page shows."""
    yield from words.values()
    yield from (title, *(value for value in dataclasses.astuple(settings.lesson)))
    for one in slides:
        yield from (one.sheet.title, *one.sheet.shown, *one.alternatives)
        yield from (said.text for part in one.sheet.paragraphs for said in part)


def question(deck: Deck, results: Results) -> dict[str, Any]:
    """What the page depends on besides the timeline, the settings and the names and sizes of files."""
    return {
        "files": page.files_digest(),
        "sources": [page_pictures.source(slide) for slide in deck.slides],
        "names": [step.name for step in deck.steps],
        "cells": [(cell.source, cell.language, cell.echo, cell.output, cell.alt) for cell, _ in results.cells],
    }


def poster(files: Container[str], first: str) -> str:
    """The picture that stands for the video: the lesson's cover, or the first of its slides."""
    return "thumbnail.jpg" if "thumbnail.jpg" in files else first


def small_name(picture: str) -> str:
    """`slides/007.png` → `slides/007.webp`"""
    return picture.removesuffix(".png") + ".webp"


def language_name(language: str) -> str:
    """What a language calls itself: `Deutsch`; its tag where Babel does not know it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


def _size(size: int, surface: str) -> str:
    from babel.numbers import format_decimal

    if not size:
        return ""
    number, unit = (size / 1e6, "MB") if size >= 1e6 else (size / 1e3, "kB")
    return f"{format_decimal(number, format='0.0' if number < 10 else '0', locale=surface)} {unit}"
