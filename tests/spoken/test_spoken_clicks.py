"""The cases of clicks.txt and points.txt, and what is told of clicks and of what points."""

from __future__ import annotations

import pytest

from deckcast.markup import to_text
from deckcast.model import SAMPLE_RATE, Prose, Sentence, Where, Word
from deckcast.narrate import clicked, pointed
from deckcast.spoken import Script, clicks_in, points_in, read
from spoken.test_spoken_fixtures import cases


def script(notes: str) -> Script:
    lines = notes.split("\n")
    origins = tuple(Where("deck.md", number, 1) for number in range(1, len(lines) + 1))
    return read(to_text((Prose(notes, origins),)))


def marked(sentence: Sentence) -> str:
    """The sentence with `‸` where `clicked` hears each click: before a word, or at the end."""
    words = [Word(begin, end, float(begin), float(end)) for begin, end, _, _ in sentence.tokens]
    places = [moment // SAMPLE_RATE for moment in clicked(sentence, words, len(sentence.written) * SAMPLE_RATE)]
    text = sentence.written
    for at in sorted(places, reverse=True):
        text = f"{text[:at]}‸{text[at:]}"
    return text


@pytest.mark.parametrize(("notes", "expected"), cases("clicks.txt"), ids=lambda value: str(value)[:40])
def test_clicks(notes: str, expected: list[str]) -> None:
    assert [marked(sentence) for sentence in script(notes).sentences] == expected


def pointing(sentence: Sentence) -> str:
    """The sentence with `‸words‸` where `pointed` hears each movement of the pointer."""
    words = [Word(begin, end, float(begin), float(end)) for begin, end, _, _ in sentence.tokens]
    text = sentence.written
    for point in reversed(pointed(sentence, words, len(sentence.written) * SAMPLE_RATE)):
        at = point.at // SAMPLE_RATE
        text = f"{text[:at]}‸{point.words}‸{text[at:]}"
    return text


@pytest.mark.parametrize(("notes", "expected"), cases("points.txt"), ids=lambda value: str(value)[:40])
def test_points(notes: str, expected: list[str]) -> None:
    assert [pointing(sentence) for sentence in script(notes).sentences] == expected


def test_points_are_counted_and_placed() -> None:
    notes = 'One [point "a"] two.\n\n`[point "b"]` [/point]\n'
    assert points_in(to_text((Prose(notes, tuple(Where("deck.md", n) for n in range(1, 5))),))) == 2
    (only,) = script(notes).sentences[:1]
    assert [point.where and point.where.line for point in only.points] == [1]


def test_what_points_at_nothing_is_told() -> None:
    told = script('[point " "] One [/point] two.')
    assert [slip.message for slip in told.slips] == ['`[point " "]` has no words', "`[/point]` takes nothing away"]
    assert told.sentences[0].points == ()


def test_clicks_are_counted_and_placed() -> None:
    notes = "One [click] two.\n\n`[click]` [click]\n[pause 1s]\n"
    assert clicks_in(to_text((Prose(notes, tuple(Where("deck.md", n) for n in range(1, 6))),))) == 2
    assert [where and where.line for where in script(notes).clicks] == [1, 3]


def test_clicks_inside_of_what_is_said_otherwise_count_for_nothing() -> None:
    read_ = script('A [say "b"]c [click] d[/say] e.')
    assert [slip.message for slip in read_.slips] == ["`[click]` counts for nothing inside `[say …]`"]
    assert read_.clicks == ()


def test_notes_of_clicks_alone_say_nothing() -> None:
    assert script("[click]").sentences == ()
