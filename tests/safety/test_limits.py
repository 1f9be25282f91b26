"""A slide that never ends costs its own time and no more: it is told by its place, the others are drawn and kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.engines import browser_find
from deckcast.engines.browser_chromium import Chromium
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import BrowserError
from render.drawing import Studio, folder
from safety import bombs

pytestmark = pytest.mark.slow


def program() -> Path:
    found = browser_find.find()
    assert found is not None, "the slow tests need a Chromium: deckcast doctor"
    return found


@pytest.fixture
def browser() -> Iterator[Chromium]:
    opened = Chromium(program)
    yield opened
    opened.close()


@pytest.fixture
def hasty() -> Iterator[Chromium]:
    opened = Chromium(program, seconds=8)
    yield opened
    opened.close()


def processes() -> set[int]:
    """Every living process that this one started, through others or not."""
    parents: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(path.name)] = int(parent)
    found = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.mark.parametrize("endless", [bombs.copies(), bombs.filters()], ids=["to open", "to draw"])
def test_an_endless_slide_is_told_and_the_others_are_drawn(tmp_path: Path, hasty: Chromium, endless: str) -> None:
    store = MemoryStore()
    studio = Studio(folder(tmp_path), browser=hasty, store=store)
    with pytest.raises(BrowserError, match="the browser failed twice while it drew a slide") as caught:
        studio.render(f"# One\n---\n# Two\n---\n# Three\n\n{endless}\n---\n# Four\n")
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 5
    assert len(studio.told.made) == 2
    mended = Studio(studio.folder, browser=hasty, store=store)
    frames, _ = mended.render("# One\n---\n# Two\n---\n# Three\n---\n# Four\n")
    assert [frame.text for frame in frames] == ["One", "Two", "Three", "Four"]
    assert mended.told.kept == ["picture of slide 1", "picture of slide 2"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by /proc")
def test_nothing_works_on_behind_an_endless_slide(tmp_path: Path) -> None:
    before = processes()
    browser = Chromium(program, seconds=5)
    try:
        with pytest.raises(BrowserError):
            Studio(folder(tmp_path), browser=browser).render(f"# One\n\n{bombs.copies()}\n")
    finally:
        browser.close()
    for _ in range(100):
        if not (left := processes() - before):
            break
        time.sleep(0.1)
    assert not left


def test_animations_without_an_end_are_drawn_as_they_begin_and_always_alike(tmp_path: Path, browser: Chromium) -> None:
    text = (
        "# One\n\n<style>@keyframes k { to { transform: rotate(9turn) } } i { animation: k .01s infinite }</style>\n\n"
        + "<i>x</i> " * 200
        + '\n\n<svg width="600" height="9"><rect width="9" height="9"><animate attributeName="x" from="0" to="500" '
        'dur="0.1s" repeatCount="indefinite" /></rect></svg>\n'
    )
    place = folder(tmp_path)
    images = {Studio(place, browser=browser).render(text)[0][0].image for _ in range(3)}
    assert len(images) == 1


@pytest.mark.parametrize(
    "markup",
    [
        "<select>",
        "<textarea>",
        "<plaintext>",
        "<iframe>",
        "<xmp>",
        "<template>",
        "<table><tr><td>" * 600,
        "<div>" * 3000,
        '<math><annotation-xml encoding="text/html"><p></math><table>',
        '<form><input name="closest"><input name="checkVisibility">é</form>',
        "</div></div></section></main></body>",
    ],
    ids=lambda markup: str(markup)[:30],
)
def test_markup_that_takes_in_what_follows_takes_no_other_slide(tmp_path: Path, browser: Chromium, markup: str) -> None:
    frames, _ = Studio(folder(tmp_path), browser=browser).render(f"# One\n\n{markup}\n\n---\n# Two\n---\n# Three\n")
    assert [frame.text.split("\n")[0] for frame in frames] == ["One", "Two", "Three"]
