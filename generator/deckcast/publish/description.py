"""`description.txt`: what is pasted below the video where one uploads it."""

from __future__ import annotations

from collections.abc import Sequence

from deckcast.model import Timeline
from deckcast.outline import Section
from deckcast.publish import licence, page
from deckcast.publish.chapters import SHORTEST, chapters, text, without_angles
from deckcast.settings import Settings

MOST = 5000
"""Bytes in UTF-8 that YouTube takes (developers.google.com/youtube/v3/docs/videos, `snippet.description`)."""
KEPT = 1000
"""Letters of the author's own words that long lists of chapters do not push out."""


def description(sections: Sequence[Section], timeline: Timeline, settings: Settings, address: str) -> str:
    """Description, address of the page, chapters by YouTube's rules, who made it, licence: whatever there is.

    Where that is too long, short chapters are joined to their neighbours, then the author's own words are cut.
    """
    lesson = settings.lesson
    words = page.words(page.words_language(lesson.language))
    about = without_angles(_plain(lesson.description))
    link = words["watch_page"].replace("{url}", address) if address else ""
    made = " · ".join(filter(None, (_plain(lesson.author), _plain(settings.publish.organisation))))
    where = licence.address(lesson.licence)
    name = lesson.licence if lesson.licence != where else ""
    rights = f"{words['licence']}: {' '.join(filter(None, (_plain(name), where)))}" if lesson.licence else ""
    end = without_angles("\n".join(filter(None, (made, rights))))

    shortest = SHORTEST
    listed = text(chapters(sections, timeline))
    while listed and _size(about[:KEPT], link, listed, end) > MOST:
        shortest *= 2
        listed = text(chapters(sections, timeline, shortest))
    while (over := _size(about, link, listed, end) - MOST) > 0 and about:
        about = _cut(about, over)
    return _joined(about, link, listed, end)


def _joined(*parts: str) -> str:
    told = [part.strip("\n") for part in parts if part.strip()]
    return "\n\n".join(told) + "\n" if told else ""


def _size(*parts: str) -> int:
    return len(_joined(*parts).encode())


def _cut(words: str, over: int) -> str:
    """Words without their end, at least `over` bytes shorter."""
    kept = words.encode()[: -(over + len("…".encode()))].decode(errors="ignore")
    kept = kept.rpartition(" ")[0] or kept
    return f"{kept.rstrip(' ,;:–-')}…" if kept else ""


def _plain(words: str) -> str:
    return " ".join(words.split())
