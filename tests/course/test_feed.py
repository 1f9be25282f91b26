"""The lessons as a podcast: RSS 2.0, what Apple's directory asks for, and what a real reader makes of it."""

from __future__ import annotations

import dataclasses
import io
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from PIL import Image

from course.built import lesson
from deckcast import course
from deckcast.course import artwork, feed
from deckcast.errors import ConfigError
from deckcast.settings import Settings

FILES = {"lesson.mp4": 1_234_567, "lesson.m4a": 234_567, "captions.vtt": 9, "captions.srt": 9, "chapters.json": 9}
NAMES = {"itunes": feed.ITUNES, "podcast": feed.PODCAST, "atom": feed.ATOM}


def settings(**publish: Any) -> Settings:
    base = Settings()
    own = {
        "course": "Trees & <leaves>",
        "course_description": "All about them.",
        "base_url": "https://example.org/trees",
        "feed": "video",
        **publish,
    }
    return dataclasses.replace(
        base,
        lesson=dataclasses.replace(base.lesson, author="Ada"),
        video=dataclasses.replace(base.video, audio_file=True),
        publish=dataclasses.replace(base.publish, **own),
    )


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    lesson(folder, "01 first", "First", "Words.", date="2026-03-31", files=FILES)
    lesson(folder, "02-second", "Second & <b>", "More.", date="some day", files=FILES, seconds=3725.4)
    return folder


def channel(output: Path) -> ET.Element:
    found = ET.fromstring((output / "feed.xml").read_text(encoding="utf-8")).find("channel")
    assert found is not None
    return found


def text(element: ET.Element, path: str) -> str:
    found = element.findtext(path, "", NAMES)
    assert found, path
    return found


def assert_podcast(output: Path) -> None:
    """Holds a feed against RSS 2.0 (rssboard.org/rss-specification), and Apple's list of what a show must have
    (podcasters.apple.com/support/823-podcast-requirements)."""
    root = ET.fromstring((output / "feed.xml").read_text(encoding="utf-8"))
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    (show,) = root
    assert show.tag == "channel"
    for path in ("title", "link", "description", "language", "itunes:author"):
        text(show, path)
    assert text(show, "itunes:explicit") in ("true", "false")
    assert text(show, "itunes:type") in ("episodic", "serial")
    assert [one.attrib["text"] for one in show.findall("itunes:category", NAMES)]
    (picture,) = show.findall("itunes:image", NAMES)
    assert re.fullmatch(r"https?://\S+\.(jpg|png)", picture.attrib["href"])
    with Image.open(output / picture.attrib["href"].rpartition("/")[2]) as opened:
        assert opened.width == opened.height
        assert 1400 <= opened.width <= 3000
        assert (opened.mode, opened.format) == ("RGB", "JPEG")
    itself = [one for one in show.findall("atom:link", NAMES) if one.attrib["rel"] == "self"]
    assert [one.attrib["type"] for one in itself] == ["application/rss+xml"]
    items = show.findall("item")
    assert items
    guids = [text(one, "guid") for one in items]
    assert len(set(guids)) == len(guids)
    for item in items:
        text(item, "title")
        (enclosure,) = item.findall("enclosure")
        assert re.fullmatch(r"https?://[!-~]+\.(mp4|m4a)", enclosure.attrib["url"])
        assert int(enclosure.attrib["length"]) > 0
        assert enclosure.attrib["type"] in ("video/mp4", "audio/x-m4a")
        assert int(text(item, "itunes:duration")) > 0
        if item.find("pubDate") is not None:
            assert parsedate_to_datetime(text(item, "pubDate")).tzinfo is not None
    single = [
        "title",
        "link",
        "description",
        "language",
        "copyright",
        "itunes:explicit",
        "itunes:author",
        "itunes:type",
    ]
    assert all(len(show.findall(path, NAMES)) <= 1 for path in single)


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_it_keeps_the_rules(output: Path, kind: str) -> None:
    assert course.write(output, settings(feed=kind)).findings == ()
    assert_podcast(output)


def test_a_reader_understands_it(output: Path) -> None:
    course.write(output, settings(feed="audio", feed_explicit=True, feed_category="TV & Film"))
    told = feedparser.parse((output / "feed.xml").read_bytes())
    assert not told.bozo
    assert told.version == "rss20"
    assert (told.feed.title, told.feed.subtitle) == ("Trees & <leaves>", "All about them.")
    assert told.feed.author == "Ada"
    assert channel(output).findtext("itunes:explicit", "", NAMES) == "true"
    assert told.feed.image.href == "https://example.org/trees/deckcast-podcast.jpg"
    assert [one["term"] for one in told.feed.tags] == ["TV & Film"]
    first, second = told.entries
    assert first.link == "https://example.org/trees/01%20first/"
    (enclosure,) = first.enclosures
    assert (enclosure.href, enclosure.length, enclosure.type) == (
        "https://example.org/trees/01%20first/lesson.m4a",
        "234567",
        "audio/x-m4a",
    )
    assert first.published_parsed[:3] == (2026, 3, 31)
    assert "published" not in second, "`some day` is no date"
    assert (second.title, second.itunes_duration, second.itunes_episode) == ("Second & <b>", "3725", "2")


def test_captions_and_chapters_are_told(output: Path) -> None:
    course.write(output, settings())
    item = channel(output).find("item")
    assert item is not None
    transcripts = item.findall("podcast:transcript", NAMES)
    assert [one.attrib["type"] for one in transcripts] == ["text/vtt", "application/x-subrip"]
    (chapters,) = item.findall("podcast:chapters", NAMES)
    assert chapters.attrib == {
        "url": "https://example.org/trees/01%20first/chapters.json",
        "type": "application/json+chapters",
    }


def test_what_a_lesson_is_known_by_stays(output: Path) -> None:
    def guids() -> list[str]:
        return [text(one, "guid") for one in channel(output).findall("item")]

    course.write(output, settings())
    before = guids()
    lesson(output, "00-new", "New", files=FILES)
    course.write(output, settings(base_url="http://example.org/trees/", course="Another title", feed="audio"))
    assert guids()[1:] == before


def test_equal_lessons_make_equal_bytes(output: Path, tmp_path: Path) -> None:
    course.write(output, settings())
    before = {name: (output / name).read_bytes() for name in ("feed.xml", "deckcast-podcast.jpg")}
    for name in before:
        (output / name).unlink()
    course.write(output, settings())
    assert {name: (output / name).read_bytes() for name in before} == before


def test_a_lesson_without_its_file_is_left_out_and_told(output: Path) -> None:
    lesson(output, "03", "Third", files={"lesson.mp4": 5})
    (told,) = course.write(output, settings(feed="audio")).findings
    assert told.code == "feed-lesson"
    assert "03, which has no lesson.m4a" in told.message
    assert len(channel(output).findall("item")) == 2


@pytest.mark.parametrize("lacking", ["base_url", "course", "course_description"])
def test_what_a_feed_cannot_be_without_is_told_at_its_line(tmp_path: Path, lacking: str) -> None:
    (tmp_path / "deckcast.toml").write_text('[publish]\nfeed = "video"\n')
    with pytest.raises(ConfigError, match=f"a feed needs the setting `{lacking}`") as caught:
        course.check(settings(**{lacking: ""}), tmp_path)
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 2
    assert lacking in caught.value.finding.hint


def test_sound_has_to_be_written_for_a_feed_of_sound(tmp_path: Path) -> None:
    silent = dataclasses.replace(settings(feed="audio"), video=Settings().video)
    with pytest.raises(ConfigError, match="audio_file"):
        course.check(silent, tmp_path)


def test_without_a_wish_there_is_none_and_an_old_one_goes(output: Path) -> None:
    path = course.write(output, settings()).page
    assert path is not None
    assert 'type="application/rss+xml"' in path.read_text()
    course.write(output, settings(feed="none"))
    assert not (output / "feed.xml").exists()
    assert not (output / "deckcast-podcast.jpg").exists()
    assert "rss+xml" not in path.read_text()


def test_a_feed_of_ones_own_is_left_alone(output: Path) -> None:
    (output / "feed.xml").write_text("<rss>my own</rss>")
    course.write(output, settings())
    course.write(output, settings(feed="none"))
    assert (output / "feed.xml").read_text() == "<rss>my own</rss>"


# ── pictures ──


def jpeg(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#3366cc").save(written, "JPEG")
    return written.getvalue()


@pytest.mark.parametrize(
    "title", ["Short", "A long title with quite a few words that goes on " * 3, "日本語", "W" * 90]
)
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (500, 500)])
def test_artwork_is_square_and_holds_the_picture(title: str, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(artwork.square(jpeg(*size), title))) as made:
        assert made.size == (1400, 1400)
        red, _, blue = made.getpixel((700, 1000))  # type: ignore[misc]
        assert blue > 150 > red


def test_the_course_may_have_its_own_picture(output: Path, tmp_path: Path) -> None:
    (tmp_path / "deckcast.toml").write_text('[publish]\ncourse_picture = "tree.jpg"\n')
    (tmp_path / "tree.jpg").write_bytes(jpeg(900, 900))
    own = settings(course_picture="tree.jpg")
    path = course.write(output, own, tmp_path).page
    assert path is not None
    assert '<img src="deckcast-course.jpg" alt="" width="1280" height="720">' in path.read_text()
    assert '"og:image" content="https://example.org/trees/deckcast-course.jpg"' in path.read_text()
    with Image.open(output / "deckcast-course.jpg") as made:
        assert made.size == (1280, 720)
    course.write(output, settings(), tmp_path)
    assert not (output / "deckcast-course.jpg").exists()


@pytest.mark.parametrize("name", ["nothing.jpg", "../outside.jpg", "deckcast.toml"])
def test_a_picture_that_cannot_be_shown_is_told(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "outside.jpg").write_bytes(jpeg(9, 9))
    (home / "deckcast.toml").write_text(f'[publish]\ncourse_picture = "{name}"\n')
    with pytest.raises(ConfigError, match=re.escape(name)) as caught:
        course.check(settings(feed="none", course_picture=name), home)
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 2
