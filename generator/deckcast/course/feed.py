"""`feed.xml`: the lessons as a podcast.

RSS 2.0 (rssboard.org/rss-specification) with the names of Apple (podcasters.apple.com/support/823-podcast-requirements)
and of the podcast namespace (podcasting2.org). Nothing in it depends on when it was written.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from deckcast import __version__, config
from deckcast.course.entries import Entry
from deckcast.errors import ConfigError
from deckcast.model import Finding
from deckcast.publish import linked
from deckcast.settings import Settings

NAME = "feed.xml"
ARTWORK = "deckcast-podcast.jpg"
MARK = "<generator>deckcast "
"""By which our feed is known."""
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
ENCLOSED = {"video": ("lesson.mp4", "video/mp4"), "audio": ("lesson.m4a", "audio/x-m4a")}
_BESIDE = (
    ("captions.vtt", "transcript", "text/vtt"),
    ("captions.srt", "transcript", "application/x-subrip"),
    ("chapters.json", "chapters", "application/json+chapters"),
)
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The podcast namespace's own, for `podcast:guid`."""


def check(settings: Settings, home: Path) -> None:
    """Raises `ConfigError` where a feed is asked for without what it cannot be without."""
    publish = settings.publish
    if publish.feed == "none":
        return
    lacking = {
        "base_url": (publish.base_url, 'write where the lessons will be: base_url = "https://example.org/course/"'),
        "course": (publish.course, 'write the title of the course: course = "…"'),
        "course_description": (publish.course_description, 'write what it is about: course_description = "…"'),
        "audio_file": (publish.feed == "video" or settings.video.audio_file, "set audio_file = true in [video]"),
    }
    for name, (there, hint) in lacking.items():
        if not there:
            where, line = config.place_of(home, "publish.feed")
            raise ConfigError(f"a feed needs the setting `{name}`", where=where, line=line, hint=hint)


def feed(entries: Sequence[Entry], settings: Settings) -> tuple[str, tuple[Finding, ...]]:
    """XML, and which lessons it leaves out."""
    for prefix, uri in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM)):
        ET.register_namespace(prefix, uri)
    publish = settings.publish
    address = linked.course_address(publish)
    own = uuid.uuid5(_GUIDS, f"{address}{NAME}".partition("://")[2])
    made = " · ".join(filter(None, (settings.lesson.author, publish.organisation))) or publish.course
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _add(channel, "generator", f"deckcast {__version__}")
    _add(channel, "title", publish.course)
    _add(channel, "link", address)
    _add(channel, "description", publish.course_description)
    _add(channel, "language", entries[0].language)
    _add(channel, "copyright", settings.lesson.licence)
    ET.SubElement(channel, f"{{{ATOM}}}link", href=f"{address}{NAME}", rel="self", type="application/rss+xml")
    _add(channel, f"{{{ITUNES}}}author", made)
    _add(channel, f"{{{ITUNES}}}type", "serial")
    _add(channel, f"{{{ITUNES}}}explicit", _yes(publish.feed_explicit))
    ET.SubElement(channel, f"{{{ITUNES}}}image", href=f"{address}{ARTWORK}")
    category = ET.SubElement(channel, f"{{{ITUNES}}}category", text=publish.feed_category)
    if publish.feed_category == "Education":
        ET.SubElement(category, f"{{{ITUNES}}}category", text="Courses")
    _add(channel, f"{{{PODCAST}}}guid", str(own))
    _add(channel, f"{{{PODCAST}}}medium", "course")
    findings: list[Finding] = []
    name, _ = ENCLOSED[publish.feed]
    for number, entry in enumerate(entries, 1):
        if name in dict(entry.files):
            _item(channel, entry, settings, number, own)
        else:
            hint = f"build it again: deckcast build {entry.name}"
            findings.append(
                Finding("feed-lesson", "warning", f"{NAME} leaves out {entry.name}, which has no {name}", hint=hint)
            )
    ET.indent(rss, "  ")
    text = ET.tostring(rss, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', tuple(findings)


def _item(channel: ET.Element, entry: Entry, settings: Settings, number: int, own: uuid.UUID) -> None:
    """A lesson. What it is known by stays as long as its folder's name and the feed's address do."""
    name, media = ENCLOSED[settings.publish.feed]
    address = linked.lesson_address(settings.publish, entry.name)
    files = dict(entry.files)
    item = ET.SubElement(channel, "item")
    _add(item, "title", entry.title)
    _add(item, "link", address)
    _add(item, "description", entry.description)
    ET.SubElement(item, "enclosure", url=f"{address}{name}", length=str(files[name]), type=media)
    ET.SubElement(item, "guid", isPermaLink="false").text = str(uuid.uuid5(own, entry.name))
    _add(item, "pubDate", _date(entry.date))
    _add(item, f"{{{ITUNES}}}duration", str(round(entry.seconds)))
    _add(item, f"{{{ITUNES}}}episode", str(number))
    _add(item, f"{{{ITUNES}}}episodeType", "full")
    _add(item, f"{{{ITUNES}}}explicit", _yes(settings.publish.feed_explicit))
    for beside, tag, kind in _BESIDE:
        if beside in files:
            one = ET.SubElement(item, f"{{{PODCAST}}}{tag}", url=f"{address}{quote(beside)}", type=kind)
            if tag == "transcript":
                one.attrib.update({"language": entry.language, "rel": "captions"})


def _add(parent: ET.Element, tag: str, text: str) -> None:
    if text:
        ET.SubElement(parent, tag).text = "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _date(written: str) -> str:
    """As RSS writes a date (RFC 822); that of a day alone is its beginning in UTC. Nothing for what is no date."""
    found = linked.real_date(written)
    if found is None:
        return ""
    if not isinstance(found, datetime.datetime):
        found = datetime.datetime(found.year, found.month, found.day, tzinfo=datetime.UTC)
    return format_datetime(found)


def _yes(value: bool) -> str:
    return "true" if value else "false"
