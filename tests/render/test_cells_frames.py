"""Which slides are drawn again when outputs change, and what their pictures ask for."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.errors import AssetError
from deckcast.model import Result
from deckcast.ports import Page, Resources, Shot
from render.came_out import DEMO, FOLDER, THERE, VALUES, display, ran, results_of, stdout
from render.drawing import Studio, folder, picture

DECK = """\
---
title: T
---
# Plain
---
# One

```python exec name=one
1
```
--

more
---
# Two

```python exec name=two
2
```
---
# Again

`{output} one`
"""
RESULTS = {"one": ran(stdout("1")), "two": ran(display("<Figure>", image_png=picture()))}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def drawn(studio: Studio) -> list[str]:
    return [what.removeprefix("picture of slide ").replace(" step ", ".") for what, _ in studio.told.made]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"one": ran(stdout("one"))}, ["2.1", "2.2", "4"]),
        ({"two": ran(display("<Figure>", image_png=picture(colour="blue")))}, ["3"]),
        ({"one": dataclasses.replace(RESULTS["one"], seconds=99.0, peak=1)}, []),  # the short line does not tell them
        ({"one": dataclasses.replace(RESULTS["one"], provenance=THERE)}, ["2.1", "2.2", "4"]),
        ({"two": Result(lacking=("gpu",))}, ["3"]),
    ],
)
def test_only_slides_that_show_what_changed_are_drawn_again(
    studio: Studio, changed: dict[str, Result], expected: list[str]
) -> None:
    studio.render(DECK, results=results_of(RESULTS))
    studio.render(DECK, results=results_of({**RESULTS, **changed}))
    assert drawn(studio) == expected


def test_a_value_is_drawn_again_where_it_stands(studio: Studio) -> None:
    deck = DECK.replace("# Plain", "# Plain\n\n`{python} x`")
    studio.render(deck, results=results_of(RESULTS, {"x": "1"}))
    studio.render(deck, results=results_of(RESULTS, {"x": "2"}))
    assert drawn(studio) == ["1"]


def test_slides_without_cells_ask_as_if_there_were_none(studio: Studio) -> None:
    studio.render(DECK)
    studio.render(DECK, results=results_of(RESULTS))
    assert drawn(studio) == ["2.1", "2.2", "3", "4"]


def test_pictures_of_cells_are_there_for_the_browser(studio: Studio) -> None:
    studio.render(DECK, results=results_of(RESULTS))  # the fake browser asks for every picture, too
    assert isinstance(studio.browser, FakeBrowser)
    assert '<img src="/cells/' in studio.browser.pages[0].html


def test_where_it_ran_is_none_of_a_slides_words(studio: Studio) -> None:
    frames, _ = studio.render(DECK, results=results_of(RESULTS))
    assert isinstance(studio.browser, FakeBrowser)
    assert "ran on Intel" in studio.browser.pages[0].html
    assert [frame.text for frame in frames if "ran on" in frame.text] == []


class Blind(FakeBrowser):
    """A browser that can show no picture of a cell."""

    def shoot(self, page: Page, resources: Resources):  # type: ignore[no-untyped-def]
        for shot in super().shoot(page, resources):
            asked = page.html.split('<img src="')[1].split('"')[0]
            yield Shot(shot.section, shot.png, shot.text, failed=(asked,))


def test_a_cells_picture_that_does_not_show_is_told_at_its_cell(studio: Studio) -> None:
    studio.browser = Blind()
    with pytest.raises(AssetError, match="the picture that cell `two` put out could not be shown") as caught:
        studio.render(DECK, only=(3,), results=results_of(RESULTS))
    assert str(caught.value.finding.where) == "deck.md:17:1"


def test_a_character_of_an_output_that_no_font_has_is_told_at_its_cell(studio: Studio) -> None:
    class Odd(FakeBrowser):
        def shoot(self, page: Page, resources: Resources):  # type: ignore[no-untyped-def]
            for shot in super().shoot(page, resources):
                yield Shot(shot.section, shot.png, shot.text, unshown=("𓀀",))

    studio.browser = Odd()
    with pytest.raises(AssetError, match="no font has the character") as caught:
        studio.render(DECK, only=(2,), results=results_of({**RESULTS, "one": ran(stdout("a 𓀀"))}))
    assert str(caught.value.finding.where) == "deck.md:8:1"


def test_every_slide_of_the_demonstration_is_composed_twice_the_same(studio: Studio) -> None:
    text = (FOLDER / "presentation.md").read_text(encoding="utf-8")
    studio.render(text, results=results_of(DEMO, VALUES))
    studio.render(text, results=results_of(DEMO, VALUES))
    assert drawn(studio) == []
