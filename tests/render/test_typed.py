"""Code that is typed: which steps type it, what is told of it, and what the frame wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.model import Cell, Deck, Frame, Output, Result, Results, Typing
from deckcast.run import find
from deckcast.settings import Settings
from render.drawing import Studio, folder
from render.films import film


def typed(frame: Frame) -> list[tuple[float, int, list[int]]]:
    """Of each block: seconds, lines that are there before it, letters of its lines."""
    found = []
    for wish in frame.wishes:
        assert isinstance(wish.recipe, Typing)
        found.append((wish.seconds, len(wish.recipe.done), [len(one.edges) // 2 for one in wish.recipe.lines]))
    return found


def came_out(deck: Deck, settings: Settings) -> Results:
    """What each cell printed, without running it."""

    def result(cell: Cell) -> Result:
        return Result((Output("stdout", (("text/plain", cell.source),)),))

    return Results(tuple((cell, result(cell)) for cell in find(deck, settings).cells))


def test_code_is_typed_in_the_time_that_is_given_or_that_its_letters_need(tmp_path: Path) -> None:
    frames, findings = Studio(folder(tmp_path)).render(
        "```js typed=1.5s\nlet a;\n  b = 3;\n\nc;\n```\n---\n```js typed\nlet a;\n```\n---\n```js\nlet a;\n```\n"
    )
    assert findings == ()
    assert typed(frames[0]) == [(1.5, 0, [6, 6, 0, 2])]  # nobody types the blanks in front
    assert typed(frames[1]) == [(0.8, 0, [6])]
    assert typed(frames[2]) == []
    (long,), _ = Studio(folder(tmp_path / "b")).render("```js typed\n" + "x = 1234567;\n" * 6 + "```\n")
    assert typed(long)[0][0] == pytest.approx(6 * (12 + 3) / 26, abs=0.001)
    (longer,), _ = Studio(folder(tmp_path / "c")).render("```js typed\n" + "x = 1234567890123456;\n" * 14 + "```\n")
    assert typed(longer)[0][0] == 6


def test_it_is_typed_with_the_step_in_which_it_first_shows_and_never_again(tmp_path: Path) -> None:
    deck = (
        "layout: true\n\n```js typed\nfirst();\n```\n---\n# A\n--\n```js typed\nsecond();\n```\n--\nMore.\n---\n# B\n"
    )
    frames, _ = Studio(folder(tmp_path)).render(deck)
    assert [len(typed(one)) for one in frames] == [1, 1, 0, 0]
    assert [typed(one)[0][2] for one in frames[:2]] == [[8], [9]]
    again, _ = Studio(folder(tmp_path / "again")).render(deck, only=(2,))
    assert [len(typed(one)) for one in again] == [0], "an excerpt shows what the lesson shows"


def test_what_came_out_waits_until_the_code_of_its_cell_is_there(tmp_path: Path) -> None:
    browser = FakeBrowser()
    deck = "```python exec typed\none\n```\n```python exec typed=2s name=b\ntwo\n```\n`{output} b`\n"
    (frame,), findings = Studio(folder(tmp_path), browser).render(deck, results=came_out)
    assert findings == ()
    assert typed(frame) == [(0.8, 0, [3]), (2.0, 2, [3])]  # the second follows the first one's code and output
    assert browser.pages[0].html.count('data-typed="typed-2/output"') == 2


def test_a_figure_that_a_cell_puts_elsewhere_on_the_slide_waits_too(tmp_path: Path) -> None:
    def figure(deck: Deck, settings: Settings) -> Results:
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
        (cell,) = find(deck, settings).cells
        return Results(((cell, Result((Output("display", (("image/svg+xml", svg),)),))),))

    browser = FakeBrowser()
    deck = "```python exec typed name=plot output=none\ndraw()\n```\n\n`{output} plot`\n"
    Studio(folder(tmp_path), browser).render(deck, results=figure)
    assert '<figure data-typed="typed-1/output" class="cell-picture"' in browser.pages[0].html


def test_with_a_film_or_a_zoom_on_the_slide_nothing_is_typed_and_that_is_told(tmp_path: Path) -> None:
    made = folder(tmp_path)
    film(made / "films" / "demo.mp4")
    code = "```js typed\nx;\n```\n"
    frames, findings = Studio(made).render(
        f"![It](films/demo.mp4)\n\n--\n\n{code}---\nzoom: 1.3\n\n![It](images/red.png)\n\n{code}---\n{code}"
    )
    assert [[type(wish.recipe).__name__ for wish in one.wishes] for one in frames] == [
        ["Clip"],
        ["Clip"],
        ["Zoom"],
        ["Typing"],
    ]
    assert [(one.code, one.severity, one.where and one.where.line) for one in findings] == [
        ("motion-two", "warning", 5),
        ("motion-two", "warning", 13),
    ]
    assert "a slide of its own" in findings[0].hint


def test_a_slide_without_typed_code_is_not_asked_for_more_than_its_picture(tmp_path: Path) -> None:
    browser = FakeBrowser()
    studio = Studio(folder(tmp_path), browser)
    studio.render("```js\nx;\n```\n")
    assert browser.pages[0].measured == ()
    (first,), _ = studio.render("```js typed\nx;\n```\n")
    assert studio.told.made != []
    assert studio.render("```js typed\nx;\n```\n")[0] == (first,)
    assert studio.told.made == []
    (slower,), _ = studio.render("```js typed=3s\nx;\n```\n")
    assert studio.told.made == [], "the time changes no picture"
    assert slower.wishes[0].seconds == 3
