"""What is printed for a handout, and when."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from deckcast import parse
from deckcast.config import from_options, overlay
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.model import Results
from deckcast.publish import handout
from deckcast.settings import Settings
from render.drawing import Studio, folder

DECK = """---
title: A "lesson"
---

# One

![red](images/red.png) [three](#four), [end](#5), [web](https://example.com/), [file](notes.txt)

???
Say [click] this & that.

--

Two.

???
And more.

---

No heading.

---
name: four

# Four

---

# Five

???
Last.
"""


class Desk:
    def __init__(self, path: Path) -> None:
        self.studio = Studio(path)
        self.browser = self.studio.browser
        assert isinstance(self.browser, FakeBrowser)

    def print(self, kind: str, text: str = DECK, *, every_step: bool = False, only: tuple[int, ...] = ()) -> PdfReader:
        script = parse.script_of([("deck.md", text)], self.studio.folder)
        settings = overlay(Settings(), from_options(script.options))
        deck = parse.compose(script, settings.slides)
        self.studio.render(text, only=only)
        keeper = self.studio.keeper
        assert keeper is not None
        blob = handout(
            deck,
            self.studio.document,
            settings,
            Results(),
            keeper,
            self.browser,
            kind=kind,
            every_step=every_step,
        )
        self.pdf = keeper.read(blob)
        return PdfReader(io.BytesIO(self.pdf))

    @property
    def page(self) -> str:
        """What was printed last."""
        assert isinstance(self.browser, FakeBrowser)
        return self.browser.papers[-1].html

    @property
    def printed(self) -> int:
        assert isinstance(self.browser, FakeBrowser)
        return len(self.browser.papers)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(folder(tmp_path))


def marks(pdf: PdfReader) -> list[tuple[str, int]]:
    return [(str(one.title), pdf.get_destination_page_number(one)) for one in pdf.outline]  # type: ignore[union-attr,arg-type,misc]


def test_each_slide_has_a_page_with_all_its_steps(desk: Desk) -> None:
    pdf = desk.print("slides")
    assert len(pdf.pages) == 4
    assert re.findall(r'<section[^>]*id="([^"]+)"', desk.page) == ["step-2", "step-3", "step-4", "step-5"]
    assert marks(pdf) == [("One", 0), ("Slide 2", 1), ("Four", 2), ("Five", 3)]
    assert "@page { size: 1920px 1080px; margin: 0; }" in desk.page


def test_each_step_may_have_one(desk: Desk) -> None:
    pdf = desk.print("slides", every_step=True)
    assert len(pdf.pages) == 5
    assert marks(pdf) == [("One", 0), ("Slide 2", 2), ("Four", 3), ("Five", 4)]


def test_notes_stand_below_their_slides(desk: Desk) -> None:
    pdf = desk.print("notes")
    sheets = desk.page.split('<article class="deckcast-sheet">')[1:]
    assert len(sheets) == len(pdf.pages) == 4
    words = [re.findall(r"<p>([^<]*)</p>", sheet.partition('class="deckcast-notes"')[2]) for sheet in sheets]
    assert words == [["Say this &amp; that.", "And more."], [], [], ["Last."]]
    headings = [re.findall(r'<h2 class="deckcast-heading">([^<]*)</h2>', sheet) for sheet in sheets]
    assert headings == [["2 · One"], ["Slide 3"], ["4 · Four"], ["5 · Five"]]
    assert "size: A4;" in desk.page
    assert 'content: "A \\"lesson\\""' in desk.page
    assert "var(--sheet)" not in desk.page


def test_links_lead_to_pages_that_are_there(desk: Desk) -> None:
    desk.print("slides")
    links = dict(re.findall(r"<a ([^>]*)>(?:<[^>]*>)*([^<]*)", desk.page))
    assert links == {
        'href="#step-4"': "three",
        'href="#step-5"': "end",
        'href="https://example.com/"': "web",
        "data-nowhere": "file",
    }
    desk.print("slides", only=(1,))
    assert desk.page.count("data-nowhere") == 3


def test_its_pictures_are_asked_for_by_number(desk: Desk) -> None:
    desk.print("slides")
    assert re.search(r'src="/deck/attached/\d+"', desk.page)
    assert "deckcast-file:" not in desk.page


def test_it_is_kept_and_is_the_same_at_any_time(desk: Desk, tmp_path: Path) -> None:
    desk.print("notes")
    first = desk.pdf
    desk.print("notes")
    assert desk.printed == 1
    desk.print("notes", DECK.replace("And more", "Even more"))
    assert desk.printed == 2
    other = Desk(folder(tmp_path / "other"))
    other.print("notes", DECK.replace("And more", "Never more"))
    other.print("notes")
    assert other.pdf == first
