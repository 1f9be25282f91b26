"""What is pasted below the video: by YouTube's rules, whatever the lesson holds."""

from __future__ import annotations

import re
from itertools import pairwise

from deckcast.outline import sections
from deckcast.publish.chapters import moment
from deckcast.publish.description import MOST, description
from deckcast.settings import LessonSettings, PublishSettings, Settings
from publish.said import lesson, take

LONG = (
    "So many words are said here that this section of the lesson lasts for longer than ten seconds, really, and more."
)


def of(titles: list[str], address: str = "", organisation: str = "", **own: str) -> str:
    deck, timeline = lesson([(title, take(at, LONG, LONG)) for at, title in enumerate(titles, 1)])
    settings = Settings(lesson=LessonSettings(**own), publish=PublishSettings(organisation=organisation))
    return description(sections(deck, timeline), timeline, settings, address)


def test_it_holds_what_the_lesson_tells() -> None:
    text = of(
        ["One", "Two", "Three"],
        "https://example.org/a/",
        "School of Trees",
        description="What holds\na tree.",
        author="Ada",
        licence="CC BY 4.0",
    )
    about, link, chapters, made = text.split("\n\n")
    assert about == "What holds a tree."
    assert link == "With transcript, search and code to copy: https://example.org/a/"
    assert [line.split(" ", 1)[1] for line in chapters.splitlines()] == ["One", "Two", "Three"]
    assert chapters.startswith("0:00 One\n")
    assert made == "Ada · School of Trees\nLicence: CC BY 4.0 https://creativecommons.org/licenses/by/4.0/\n"


def test_nothing_is_said_that_nobody_told() -> None:
    assert of(["One", "Two"]) == ""
    assert of(["One", "Two"], licence="all rights kept") == "Licence: all rights kept\n"


def test_it_speaks_the_language_of_the_lesson() -> None:
    assert of(["One"], "https://example.org/a/", language="de").startswith("Mit Mitschrift")


def test_no_angle_brackets_are_in_it() -> None:
    text = of(["vector<int>", "<T>", "a > b"], description="<b>", author="<i>", licence="<u>")
    assert not set("<>") & set(text)
    assert "vector‹int›" in text


def test_it_is_never_too_long_and_keeps_the_rules_of_chapters() -> None:
    titles = [f"{at} " + "ä" * 60 for at in range(120)]
    text = of(titles, description="Words and words. " * 600, author="Ada")
    assert len(text.encode()) <= MOST
    about, listed, made = text.split("\n\n")
    assert made == "Ada\n"
    starts = [re.match(r"[\d:]+", line) for line in listed.splitlines()]
    seconds = [sum(60**at * int(part) for at, part in enumerate(reversed(one[0].split(":")))) for one in starts if one]
    assert len(seconds) >= 3
    assert seconds[0] == 0
    assert all(later - first >= 10 for first, later in pairwise(seconds))
    assert moment(seconds[-1]) in listed
    assert about.endswith("…")
