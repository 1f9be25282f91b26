"""What pages tell to programs that link to them: previews of Open Graph, and JSON-LD in the words of schema.org.

All of that needs to know where the page will stand on the web, so without the setting `base_url` there is none of it.
Nothing is told that nobody has said: a date only where the author gives one, a description only where there is one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from deckcast.cover import HEIGHT, WIDTH
from deckcast.publish import licence
from deckcast.settings import LessonSettings, PublishSettings, Settings

Metas: TypeAlias = tuple[tuple[str, str, str], ...]
"""(attribute, its value, content) of `meta` elements: Open Graph's attribute is `property`, Twitter's is `name`."""


def course_address(publish: PublishSettings) -> str:
    """Where the page of all lessons stands on the web, or nothing."""
    return publish.base_url.rstrip("/") + "/" if publish.base_url else ""


def lesson_address(publish: PublishSettings, name: str) -> str:
    """Where the page of a lesson stands: as web servers show the `index.html` of a folder. Excerpts and drafts stand
    nowhere."""
    return f"{course_address(publish)}{quote(name)}/" if publish.base_url and "@" not in name else ""


def real_date(text: str) -> datetime.datetime | datetime.date | None:
    """What an author's date says to programs: `2026-03-31`, or that with a time and its zone. None for other words."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.date.fromisoformat(text)
        moment = datetime.datetime.fromisoformat(text) if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def social(
    *,
    kind: str,
    address: str,
    title: str,
    description: str,
    language: str,
    picture: str,
    said: str,
    site: str = "",
    video: tuple[str, str, int, int] | None = None,
    seconds: float = 0,
    date: str = "",
) -> Metas:
    """What is shown where somebody shares the page. `picture` has the size of a cover, `said` tells what is on it;
    `video` is address, type, width and height."""
    told = [
        ("og:type", kind),
        ("og:url", address),
        ("og:title", title),
        ("og:description", description),
        ("og:site_name", site),
        ("og:locale", locale(language)),
    ]
    if picture:
        told += [
            ("og:image", picture),
            ("og:image:type", "image/jpeg"),
            ("og:image:width", str(WIDTH)),
            ("og:image:height", str(HEIGHT)),
            ("og:image:alt", said),
        ]
    if video:
        place, media, width, height = video
        told += [
            ("og:video", place),
            ("og:video:type", media),
            ("og:video:width", str(width)),
            ("og:video:height", str(height)),
            ("video:duration", str(round(seconds))),
            ("video:release_date", date),
        ]
    card = [("twitter:card", "summary_large_image" if picture else "summary")]
    return (
        *(("property", name, content) for name, content in told if content),
        *(("name", name, content) for name, content in card),
    )


def locale(language: str) -> str:
    """As Open Graph writes a language: `de-AT` → `de_AT`, `en` → `en_US`; nothing where no country is known."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    try:
        parsed = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return ""
    if parsed.territory:
        return f"{parsed.language}_{parsed.territory}"
    likely = str(get_global("likely_subtags").get(parsed.language, "")).split("_")
    return f"{parsed.language}_{likely[-1]}" if len(likely) > 1 and likely[-1].isupper() else ""


def duration(seconds: float) -> str:
    """In ISO 8601: `PT1H2M3S`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{minute}M' if minute else ''}{second}S"


def lesson_data(
    settings: Settings,
    *,
    address: str,
    title: str,
    seconds: float,
    size: tuple[int, int],
    sections: Sequence[tuple[float, str]],
    files: Mapping[str, int],
) -> dict[str, Any]:
    """JSON-LD of a lesson. `sections` are (second, title), `files` what lies beside the page."""
    lesson = settings.lesson
    date = real_date(lesson.date)
    ends = [*(start for start, _ in sections[1:]), seconds]
    captions = "captions.vtt" in files
    return _without_nothing(
        {
            "@context": "https://schema.org",
            "@type": ["VideoObject", "LearningResource"],
            "@id": f"{address}#video",
            "url": address,
            "name": title,
            "description": lesson.description,
            "thumbnailUrl": f"{address}thumbnail.jpg" if "thumbnail.jpg" in files else "",
            "uploadDate": date.isoformat() if date else "",
            "duration": duration(seconds),
            "contentUrl": f"{address}lesson.mp4",
            "encodingFormat": "video/mp4",
            "width": size[0],
            "height": size[1],
            "inLanguage": lesson.language,
            "learningResourceType": "lecture",
            "timeRequired": duration(seconds),
            "accessibilityFeature": ["captions", "transcript"] if captions else [],
            "caption": {
                "@type": "MediaObject",
                "contentUrl": f"{address}captions.vtt",
                "encodingFormat": "text/vtt",
                "inLanguage": lesson.language,
            }
            if captions
            else {},
            **_people(lesson, settings.publish),
            "isPartOf": {
                "@type": "Course",
                "@id": f"{course_address(settings.publish)}#course",
                "name": settings.publish.course,
            }
            if settings.publish.course
            else {},
            "hasPart": [
                {
                    "@type": "Clip",
                    "name": name,
                    "startOffset": _number(start),
                    "endOffset": _number(end),
                    "url": f"{address}#t={_number(start)}",
                }
                for (start, name), end in zip(sections, ends, strict=True)
            ],
        }
    )


def course_data(
    settings: Settings, title: str, language: str, picture: str, lessons: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """JSON-LD of the page of all lessons; `lessons` are (address, title)."""
    address = course_address(settings.publish)
    listed = [
        {"@type": "ListItem", "position": place, "url": where, "name": name}
        for place, (where, name) in enumerate(lessons, 1)
    ]
    told = _without_nothing(
        {
            "@type": "Course",
            "@id": f"{address}#course",
            "url": address,
            "name": title,
            "description": settings.publish.course_description,
            "image": picture,
            "inLanguage": language,
            **_people(settings.lesson, settings.publish, offers="provider"),
            "hasPart": [{"@id": f"{where}#video"} for where, _ in lessons],
        }
    )
    lists = {"@type": "ItemList", "@id": f"{address}#lessons", "name": title, "numberOfItems": len(listed)}
    return {"@context": "https://schema.org", "@graph": [told, {**lists, "itemListElement": listed}]}


def _people(lesson: LessonSettings, publish: PublishSettings, offers: str = "publisher") -> dict[str, Any]:
    """Who made it, who offers it, and what others may do with it."""
    where = licence.address(lesson.licence)
    own = {"@type": "CreativeWork", "name": lesson.licence} if lesson.licence else {}
    return {
        "author": {"@type": "Person", "name": lesson.author} if lesson.author else {},
        offers: {"@type": "Organization", "name": publish.organisation} if publish.organisation else {},
        "license": where or own,
    }


def _without_nothing(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", {}, [])}


def _number(seconds: float) -> float | int:
    rounded = round(seconds, 3)
    return int(rounded) if rounded == int(rounded) else rounded
