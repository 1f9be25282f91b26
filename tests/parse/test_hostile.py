"""Nothing that an author can write makes the reader fall over or hang."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.errors import DeckError
from deckcast.markup import Dialect, to_html, to_text
from deckcast.model import Box, Content, Deck, Prose, Where
from deckcast.parse import as_json, parse, script_of
from deckcast.settings import SlidesSettings
from parse.families import FAMILIES, REFUSED, ordinary

EXAMPLES = int(os.environ.get("DECKCAST_EXAMPLES", "60"))
"""How many texts are tried; more of them, and others, with a greater number."""
MARKS = re.findall(
    r"\S+",
    r"""
    .a[ ] [ ( ) ![ ![:scale ] `` ` ``` ~~~ --- -- ??? *** ** * _ __ # ## > - 1. | : \ $ $$ \\( \\) {{ }} {{content}}
    <!-- --> <div> </div> <pre> </pre> <style> </style> <table> name: class: layout: template: count: exclude: x true
    false http://a.b &amp; " [^1] [^1]: !!! [!NOTE] ~ :x: {width=1} =3x [x]
    """,
)
texts = st.lists(
    st.sampled_from([*MARKS, "\n", "\n\n", "\n---\n", "\n--\n", "\n???\n", "\n```\n", "    ", " ", "\t", "é", "漢"])
    | st.text(max_size=5),
    max_size=40,
).map("".join)


def work(deck: Deck) -> None:
    """What a build does with the text of a deck."""
    dialect = Dialect.of(deck, SlidesSettings())
    for step in deck.steps:
        to_html(step.content, dialect)
        to_text(step.notes, dialect)


def places(content: Content) -> list[Where]:
    found: list[Where] = []
    for piece in content:
        found.extend([piece.where, *places(piece.content)] if isinstance(piece, Box) else piece.origins)
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        deck = parse(text, "deck.md")
    except DeckError as error:
        assert error.finding.where is not None  # noqa: PT017
        return
    work(deck)
    lines = text.removeprefix("\ufeff").split("\n")
    for step in deck.steps:
        properties = [item.where for item in step.properties]
        for where in [step.where, *properties, *places(step.content), *places(step.notes)]:
            assert 1 <= where.line <= len(lines)
            assert 1 <= where.column <= len(lines[where.line - 1]) + 1
    for finding in deck.findings:
        assert finding.line == "" or finding.line == lines[finding.where.line - 1].removesuffix("\r")  # type: ignore[union-attr]


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts)
def test_prose_has_a_place_for_each_of_its_lines(text: str) -> None:
    try:
        deck = parse(text)
    except DeckError:
        return
    pending: list[Content] = [content for step in deck.steps for content in (step.content, step.notes)]
    while pending:
        for piece in pending.pop():
            if isinstance(piece, Prose):
                assert len(piece.origins) == len(piece.text.split("\n"))
            else:
                pending.append(piece.content)


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(st.lists(st.text(alphabet="ab #*.-\n", max_size=30), min_size=1, max_size=5))
def test_the_text_of_plain_decks_is_kept(slides: list[str]) -> None:
    bodies = [f"x{slide}\nx" for slide in slides]
    deck = parse("\n---\n".join(bodies))
    if len(deck.steps) != len(bodies):
        return  # the slides hold separators of their own
    shown = ["".join(piece.text for piece in step.content if isinstance(piece, Prose)) for step in deck.steps]
    assert shown == bodies


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(texts)
def test_pages_of_html_are_read_as_well(text: str) -> None:
    page = f"<html>\n<textarea id=source>\n{text}</textarea>"
    try:
        deck = parse(page, "deck.html")
    except DeckError:
        return
    assert all(step.where.line <= page.count("\n") + 1 for step in deck.steps)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_decks_are_shown_and_said(family: str) -> None:
    work(parse(FAMILIES[family](5_000)))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("family", REFUSED)
def test_decks_that_grow_out_of_all_bounds_are_refused(family: str) -> None:
    with pytest.raises(DeckError) as caught:
        parse(REFUSED[family](30_000))
    assert caught.value.finding.hint


def calls(work: Callable[[], Any]) -> int:
    """How many functions are called: what work costs, whatever machine does it."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_with_the_length_of_the_deck(family: str) -> None:
    small, large = (FAMILIES[family](n) for n in (120, 480))
    few, many = calls(lambda: work(parse(small))), calls(lambda: work(parse(large)))
    assert many < 5 * few + 1_000


def test_work_grows_with_ordinary_decks() -> None:
    small, large = ordinary(0.005), ordinary(0.02)
    assert calls(lambda: parse(large)) < 4.5 * calls(lambda: parse(small))


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_a_hundred_thousand_of_them_are_read(family: str) -> None:
    parse(FAMILIES[family](100_000))


@pytest.mark.slow
def test_ten_megabytes_are_read() -> None:
    deck = parse(ordinary(10))
    assert len(deck.slides) > 20_000


def test_json_of_any_family_is_plain_data() -> None:
    found = as_json(script_of([("deck.md", ordinary(0.002))]), stage="parse")
    assert {key for slide in found["slides"] for key in slide} == {"properties", "content", "notes"}
