"""The cases of clicks.txt, and what is told of clicks."""

from __future__ import annotations

import pytest

from deckcast.markup import to_text
from deckcast.model import SAMPLE_RATE, Prose, Sentence, Where, Word
from deckcast.narrate import clicked
from deckcast.spoken import Script, clicks_in, read
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
