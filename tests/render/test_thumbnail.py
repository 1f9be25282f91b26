"""The picture that stands for a lesson that begins with a title."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from render.drawing import Studio, folder

DECK = "# How it works\n\nAda Lovelace\n---\n# Two\n\nwords\n"


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def test_it_is_the_title_in_the_look_for_thumbnails_and_kept(studio: Studio) -> None:
    frames, _ = studio.render(DECK, titled=True)
    assert isinstance(studio.browser, FakeBrowser)
    [page] = studio.browser.pages
    assert page.sections == ("step-1", "step-2", "thumbnail")
    own = page.html.partition('id="thumbnail"')[2]
    assert 'data-look="thumbnail"' in own
    assert "How it works" in own
    assert "slide-edge" not in own
    assert [frame.thumbnail is not None for frame in frames] == [True, False]
    assert frames[0].thumbnail != frames[0].image
    assert [what for what, _ in studio.told.made] == ["picture of slide 1", "picture of slide 2"]
    again, _ = studio.render(DECK, titled=True)
    assert again == frames
    assert len(studio.browser.pages) == 1
    assert "thumbnail" not in studio.browser.pages[0].html.partition("<section")[0]


@pytest.mark.parametrize(
    "deck",
    [
        "---\ncover: red.svg\n---\n" + DECK,
        "---\ncss: good.css\n---\n" + DECK,
        "---\ntheme: remark\n---\n" + DECK,
        DECK.replace("words", "<style>h1 { color: red }</style>"),
        DECK.replace("# How", "## How"),
        DECK.replace("# How", "zoom: 2\n# How").replace("Ada", "![x](images/red.png)\n\nAda"),
    ],
)
def test_decks_that_have_another_look_are_left_alone(studio: Studio, deck: str) -> None:
    frames, _ = studio.render(deck, titled=True)
    assert all(frame.thumbnail is None for frame in frames)


def test_an_excerpt_without_the_title_has_none(studio: Studio) -> None:
    [frame], _ = studio.render(DECK, only=(2,), titled=True)
    assert frame.thumbnail is None
