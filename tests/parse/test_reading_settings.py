"""Settings that change how a deck is read, and macros."""

from __future__ import annotations

import pytest

from deckcast.config import from_options, overlay
from deckcast.errors import DeckError
from deckcast.model import Deck
from deckcast.parse import BUILT_IN, Call, as_json, compose, parse, script_of
from deckcast.settings import Settings, SlidesSettings
from parse.dump import outline

DECK = """\
# One
???
first
--
class: late

more
???
second
--
class: draft

end
---
# Two
"""


def numbers(deck: Deck) -> list[tuple[int, int, bool]]:
    return [(step.index, step.number, step.increment) for step in deck.steps]


def test_increments_count() -> None:
    deck = parse(DECK)
    assert numbers(deck) == [(1, 1, False), (2, 2, True), (3, 3, True), (4, 4, False)]
    assert deck.total == 4
    assert [slide.index for slide in deck.slides] == [1, 2]


def test_increments_need_not_count() -> None:
    deck = parse(DECK, slides=SlidesSettings(count_incremental_slides=False))
    assert numbers(deck) == [(1, 1, False), (2, 1, True), (3, 1, True), (4, 2, False)]


def test_increments_can_be_left_out() -> None:
    deck = parse(DECK, slides=SlidesSettings(disable_incremental_slides=True))
    assert numbers(deck) == [(1, 1, False), (2, 2, False)]
    step = deck.steps[0]
    assert outline(step.content).split() == ["#", "One", "more", "end"]
    assert outline(step.notes) == "first\n\nsecond"
    assert step.properties.classes == ("late", "draft")
    assert step.where.line == 1


def test_slides_of_some_classes_are_not_shown_but_serve_as_templates() -> None:
    deck = parse(
        "name: t\nclass: draft\nT\n--\nmore\n---\nclass: x\n# Two\n---\ntemplate: t\nclass: y",
        slides=SlidesSettings(excluded_classes=("draft",)),
    )
    assert [step.where.line for step in deck.steps] == [6 + 1]
    assert numbers(deck) == [(1, 1, False)]


def test_an_increment_alone_may_be_left_out() -> None:
    deck = parse(DECK, slides=SlidesSettings(excluded_classes=("draft",)))
    assert numbers(deck) == [(1, 1, False), (2, 2, True), (3, 3, False)]


def test_settings_may_stand_in_the_front_matter() -> None:
    script = script_of([("deck.md", f"---\ncount_incremental_slides: false\n---\n{DECK}")])
    settings = overlay(Settings(), from_options(script.options))
    assert compose(script, settings.slides).total == 2


def shout(call: Call) -> str:
    return f".loud[{call.target.upper()}] {'/'.join(call.arguments)}"


def test_macros_of_ones_own() -> None:
    deck = parse("a ![:shout x, y](hi) b\n---\n![:shout]", macros={**BUILT_IN, "shout": shout})
    assert [outline(step.content) for step in deck.steps] == ["a <loud: HI> x/y b", "<loud: > "]
    assert deck.steps[0].content[1].where.column == 3  # type: ignore[union-attr]


def test_a_macro_that_fails_is_told() -> None:
    def fail(call: Call) -> str:
        raise KeyError(call.target)

    with pytest.raises(DeckError, match="`fail` failed: KeyError") as caught:
        parse("x\n![:fail](y)", "deck.md", macros={"fail": fail})
    assert caught.value.finding.line == "![:fail](y)"
    assert str(caught.value.finding.where) == "deck.md:2:1"


def test_json_of_the_stages() -> None:
    script = script_of([("deck.md", "layout: true\n.a[\nL]\n---\nclass: c\n{{ title }} *x*\n???\nnote\n--\nmore")])
    assert as_json(script, stage="parse") == {
        "slides": [
            {
                "properties": {"layout": "true", "continued": "false"},
                "content": ["\n", {"class": "a", "block": True, "content": ["\nL"]}],
                "notes": [],
            },
            {
                "properties": {"class": "c", "continued": "false"},
                "content": ["\n{{ title }} *x*"],
                "notes": ["note"],
            },
            {"properties": {"continued": "true"}, "content": ["\nmore"], "notes": []},
        ]
    }
    shown = as_json(script)["slides"]
    assert [slide["properties"] for slide in shown] == [
        {"class": "c", "continued": "false"},
        {"class": "c", "continued": "true"},
    ]
    assert shown[1]["content"][-1] == "\n{{ title }} *x*\nmore"
    assert shown[0]["html"] == '<div class="a"><p>L</p>\n</div>\n<p>{{ title }} <em>x</em></p>\n'
