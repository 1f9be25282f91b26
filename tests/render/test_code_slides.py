"""Code on slides: which lines are emphasised on which step, numbers, names of files, changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast import parse
from deckcast.config import from_options, overlay
from deckcast.markup.fence import CELLS_ONLY, ELSEWHERE, NAMES, fence_of, language_of, without_signs
from deckcast.model import Results
from deckcast.render.assets import Assets
from deckcast.render.compose import compose
from deckcast.render.orders import Orders
from deckcast.run import find
from deckcast.run.options import NAMES as OPTIONS
from deckcast.settings import Settings
from deckcast.stepping import with_emphasis
from deckcast.theme import find_theme
from parse.textcases import Case, cases_in

FOLDER = Path(__file__).parent / "cases"


def steps_of(text: str) -> list[str]:
    """The HTML of every step, without the colours of code."""
    script = parse.script_of([("deck.md", text)], FOLDER)
    chosen = overlay(Settings(), from_options(script.options))
    deck = parse.compose(script, chosen.slides)
    deck = with_emphasis(deck, find(deck, chosen).cells, chosen)
    assets = Assets(FOLDER, find_theme("light", []))
    composition = compose(deck, deck.steps, chosen, assets, Results(), Orders())
    assert composition.errors == ()
    pages = [composition.pictures[step.index].section.html for step in deck.steps]
    return [re.sub(r'<span class="[a-z][a-z0-9]?">(.*?)</span>', r"\1", page).strip() for page in pages]


@pytest.mark.parametrize("case", cases_in(FOLDER, "code.txt"), ids=str)
def test_code(case: Case) -> None:
    assert "\n---\n".join(steps_of(case.given)) == case.gives


def test_options_of_plain_code_and_of_cells_are_the_same_words() -> None:
    assert CELLS_ONLY.isdisjoint(NAMES)
    assert CELLS_ONLY | set(NAMES) == set(OPTIONS) | {"diff"}
    assert set(ELSEWHERE.values()) <= set(NAMES)
    assert ELSEWHERE.keys().isdisjoint({*NAMES, *CELLS_ONLY})


@settings(deadline=None)
@given(st.text(st.sampled_from("ab {}|1,3-=\"'numberslinesalltitle\t"), max_size=40), st.integers(0, 5))
def test_any_words_behind_a_fence_are_read(info: str, count: int) -> None:
    fence = fence_of(info, count)
    assert all(1 <= line <= count for group in fence.groups for line in group)
    assert not re.search(r"\s", language_of(info))


@given(st.text(st.sampled_from("+- ab\n"), max_size=30))
def test_signs_and_code_make_the_change_again(text: str) -> None:
    code, signs = without_signs(text)
    lines = code.split("\n")
    assert len(lines) == len(signs)
    again = [
        line if line == old else sign + line for sign, line, old in zip(signs, lines, text.split("\n"), strict=True)
    ]
    assert "\n".join(again) == text
