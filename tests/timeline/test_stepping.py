"""Steps for emphasis that moves on more often than the slide has steps."""

from __future__ import annotations

import pytest

from deckcast import config, parse
from deckcast.model import Deck
from deckcast.run import find
from deckcast.settings import Settings
from deckcast.stepping import with_emphasis

CELL = "```python exec lines=1|2|all\na = 1\nb = 2\n```\n"


def stepped(text: str) -> tuple[Deck, Deck]:
    deck = parse.parse(text, "deck.md")
    settings = config.overlay(Settings(), config.from_options(deck.options))
    return deck, with_emphasis(deck, find(deck, settings).cells, settings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{CELL}\n???\nAll.\n", 3, id="one step, three groups"),
        pytest.param(f"{CELL}\n--\n\nx\n\n--\n\ny\n", 3, id="as many steps as groups"),
        pytest.param(f"{CELL}\n--\n\nx\n", 3, id="one step too few"),
        pytest.param(f"x\n\n--\n\n{CELL}", 4, id="the cell stands on the second step"),
        pytest.param(f"---\ndisable_incremental_slides: true\n---\n{CELL}", 1, id="no steps wanted"),
        pytest.param("```python exec lines=1\na\nb\n```\n", 1, id="one group"),
        pytest.param("```python exec lines=1|2 output=only\na\nb\n```\n", 1, id="code that does not show"),
        pytest.param(f"{CELL}\n```python exec lines=1|2\na\nb\n```\n", 3, id="two cells"),
    ],
)
def test_each_group_has_a_step(text: str, expected: int) -> None:
    _, longer = stepped(text)
    assert len(longer.slides[0].steps) == expected


PLAIN = "```python {1|2|all}\na = 1\nb = 2\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{PLAIN}\n???\nAll.\n", 3, id="three groups"),
        pytest.param(f"x\n\n--\n\n{PLAIN}", 4, id="the code stands on the second step"),
        pytest.param(f".a[\n{PLAIN}]\n\n--\n\nx\n", 3, id="in a content class"),
        pytest.param(f"{CELL}\n{PLAIN}", 3, id="beside a cell"),
        pytest.param("```python {1,2}\na\nb\n```\n", 1, id="one group"),
        pytest.param("```python {1|9}\na\nb\n```\n", 1, id="lines that are not there"),
        pytest.param("```python\na | b\n```\n\n| a |\n", 1, id="strokes elsewhere"),
        pytest.param("```python lines=1|2 exec=false\na\nb\n```\n", 2, id="a cell that rests"),
    ],
)
def test_code_that_does_not_run_steps_as_well(text: str, expected: int) -> None:
    deck, longer = stepped(f"{text}\n---\n\n# B\n")
    assert len(longer.slides[0].steps) == expected
    assert longer.slides[1] == deck.slides[1]


def test_what_is_new_in_plain_code_is_known_to_the_narration() -> None:
    _, longer = stepped(f"# A\n\n{PLAIN}\n???\nOne [click] two.\n")
    assert [step.focus for step in longer.slides[0].steps] == ["", "b = 2", "a = 1"]


def test_further_steps_stand_where_clicks_have_nothing_to_show() -> None:
    notes = "???\nOne [click] two [click] three.\n"
    deck, longer = stepped(f"# A\n\n{CELL}\n{notes}\n--\n\nx\n\n???\nFour.\n")
    steps = longer.slides[0].steps
    assert [bool(step.notes) for step in steps] == [True, False, False, True]
    assert [step.focus for step in steps] == ["", "b = 2", "a = 1", ""]
    assert steps[-1].content == deck.steps[-1].content


def test_steps_without_clicks_keep_the_groups_that_they_showed() -> None:
    _, longer = stepped(f"# A\n\n{CELL}\n???\nOne.\n\n--\n\nx\n\n???\nTwo.\n\n--\n\ny\n\n???\nThree.\n")
    assert [step.focus for step in longer.slides[0].steps] == ["", "b = 2", "a = 1"]


def test_further_steps_are_no_steps_for_links_and_numbers() -> None:
    deck, longer = stepped(f"# A\n\n{CELL}\n---\n# B\n")
    first, second = longer.slides
    assert [step.index for step in first.steps] == [1, 3, 4]
    assert {step.number for step in first.steps} == {1}
    assert (second.steps, longer.total) == (deck.slides[1].steps, deck.total)
    assert not any(step.name or step.notes for step in first.steps[1:])


def test_a_deck_without_such_code_stays_as_it_is() -> None:
    deck, longer = stepped("# A\n\n```python exec\na = 1\n```\n")
    assert longer is deck


def test_steps_before_the_notes_serve_their_clicks_first() -> None:
    text = f"# A\n\n{CELL}\n--\n\nx\n\n???\nOne [click] two [click] three.\n\n--\n\ny\n\n???\nFour.\n"
    steps = stepped(text)[1].slides[0].steps
    assert [bool(step.notes) for step in steps] == [False, True, False, True]
    assert [step.focus for step in steps] == ["", "b = 2", "a = 1", ""]
