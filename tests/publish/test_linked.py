"""What pages tell to programs that link to them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from deckcast.captions import cues
from deckcast.config import Value, overlay
from deckcast.errors import ConfigError
from deckcast.htmltree import parse
from deckcast.model import NO_RESULTS
from deckcast.publish import licence, linked
from deckcast.publish.lesson import picture_names
from deckcast.publish.page_lesson import lesson_page
from deckcast.settings import LessonSettings, PublishSettings, Settings
from publish.said import lesson, take

BASE = "https://example.org/course"
EVIL = '</script><script>alert(1)</script>"&'


def made(name: str = "01 first", base: str = BASE, course: str = "", **own: str) -> str:
    deck, timeline = lesson([("Roots", take(1, "A root holds.")), ("Leaves", take(2, "They drink."))])
    settings = Settings(
        lesson=LessonSettings(**{"title": "A lesson", **own}), publish=PublishSettings(base_url=base, course=course)
    )
    return lesson_page(
        deck,
        timeline,
        settings,
        NO_RESULTS,
        cues=cues(timeline, "en"),
        pictures=picture_names(deck, timeline),
        files={"lesson.mp4": 1, "thumbnail.jpg": 1, "captions.vtt": 1},
        address=linked.lesson_address(settings.publish, name),
    )


def metas(text: str) -> dict[str, str]:
    return {
        one.attrs.get("property") or one.attrs["name"]: one.attrs["content"]
        for one in parse(text).walk()
        if one.tag == "meta" and ("property" in one.attrs or one.attrs.get("name", "").startswith("twitter:"))
    }


def data(text: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def test_without_an_address_nothing_of_it_is_written() -> None:
    for text in (made(base=""), made("01@7-9"), made("01@draft")):
        assert not re.search(r"canonical|og:|twitter:|ld\+json|https?://(?!www\.w3\.org)", text.partition("<style>")[0])


def test_previews_have_whole_addresses() -> None:
    told = metas(made(description="What holds a tree.", language="de-AT", date="2026-03-31", course="Trees"))
    place = f"{BASE}/01%20first/"
    assert told["og:type"] == "video.other"
    assert told["og:url"] == place
    assert (told["og:title"], told["og:description"]) == ("A lesson", "What holds a tree.")
    assert (told["og:image"], told["og:image:width"], told["og:image:height"]) == (
        f"{place}thumbnail.jpg",
        "1280",
        "720",
    )
    assert told["og:image:alt"] == "A lesson"
    assert (told["og:video"], told["og:video:type"]) == (f"{place}lesson.mp4", "video/mp4")
    assert (told["og:locale"], told["og:site_name"]) == ("de_AT", "Trees")
    assert told["video:release_date"] == "2026-03-31"
    assert told["twitter:card"] == "summary_large_image"
    assert f'<link rel="canonical" href="{place}">' in made()


def test_linked_data_of_a_lesson() -> None:
    told = data(made(description="D", author="Ada", licence="CC-BY-4.0", date="2026-03-31T10:00:00+02:00"))
    place = f"{BASE}/01%20first/"
    assert told["@type"] == ["VideoObject", "LearningResource"]
    assert (told["name"], told["description"], told["inLanguage"]) == ("A lesson", "D", "en")
    assert (told["thumbnailUrl"], told["contentUrl"]) == (f"{place}thumbnail.jpg", f"{place}lesson.mp4")
    assert told["uploadDate"] == "2026-03-31T10:00:00+02:00"
    assert re.fullmatch(r"PT\d+S", told["duration"])
    assert told["author"] == {"@type": "Person", "name": "Ada"}
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    first, second = told["hasPart"]
    assert (first["@type"], first["name"], first["startOffset"]) == ("Clip", "Roots", 0)
    assert first["endOffset"] == second["startOffset"]
    assert second["url"] == f"{place}#t={second['startOffset']}"


@pytest.mark.parametrize("date", ["", "spring 2026", "2026-13-01", "31.3.2026", "2026-03-31 10:00"])
def test_what_is_no_date_is_none(date: str) -> None:
    text = made(date=date)
    assert "uploadDate" not in data(text)
    assert "video:release_date" not in metas(text)


def test_what_nobody_said_is_not_told() -> None:
    told = data(made())
    assert not {"description", "author", "license", "publisher", "isPartOf", "uploadDate"} & set(told)


def test_no_title_breaks_out() -> None:
    text = made(title=EVIL, description=EVIL, author=EVIL, licence=EVIL, course=EVIL)
    assert data(text)["name"] == EVIL
    assert metas(text)["og:title"] == EVIL
    assert len([one for one in parse(text).walk() if one.tag == "script"]) == 4
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("language", "told"), [("en", "en_US"), ("de", "de_DE"), ("de-AT", "de_AT"), ("zh-Hant-TW", "zh_TW"), ("xx-q", "")]
)
def test_languages_as_open_graph_writes_them(language: str, told: str) -> None:
    assert linked.locale(language) == told


@pytest.mark.parametrize(("seconds", "told"), [(0.4, "PT0S"), (61, "PT1M1S"), (3600, "PT1H0S"), (7384.6, "PT2H3M5S")])
def test_durations(seconds: float, told: str) -> None:
    assert linked.duration(seconds) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-sa-3.0-at", "https://creativecommons.org/licenses/by-nc-sa/3.0/at/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Apache-2.0", "https://spdx.org/licenses/Apache-2.0.html"),
        ("https://example.org/mine", "https://example.org/mine"),
        ("javascript:alert(1)", ""),
        ("All rights kept", ""),
    ],
)
def test_where_a_licence_can_be_read(name: str, told: str) -> None:
    assert licence.address(name) == told


@pytest.mark.parametrize("url", ["https://example.org/", "http://localhost:8000/a/b", "https://bücher.example/kurs"])
def test_addresses_that_can_be(url: str) -> None:
    assert overlay(Settings(), [Value("base_url", url)]).publish.base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://example.org/?a",
        "https://example.org/#a",
        "https://me:secret@example.org/",
        "https://example.org/a b",
        "javascript:alert(1)",
        "https://[::1",
        "https://example.org:port/",
    ],
)
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(ConfigError, match="cannot be") as caught:
        overlay(Settings(), [Value("base_url", url)])
    assert caught.value.finding.hint.startswith("write ")
