"""`slides.html` from the disk in the Firefox that is installed here, if there is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deckcast.export import export
from encode import firefox
from faults.harness import soon
from render.drawing import picture

pytestmark = pytest.mark.slow

DECK = """# First

![a red square](images/red.png)

???
Words of the first.

--

More, and $a^2$.

---
name: second

# Second

![again](images/red.png)

???
Words of the second.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Page]:
    found = firefox.find()
    if found is None:
        pytest.skip(firefox.INSTALL)
    base = tmp_path_factory.mktemp("slides")
    (base / "talk" / "images").mkdir(parents=True)
    (base / "talk" / "images" / "red.png").write_bytes(picture())
    (base / "talk" / "presentation.md").write_text(DECK)
    done = export(base / "talk", ["html"], output=base / "output", target=base / "there")
    with firefox.started(found, tmp_path_factory.mktemp("firefox")) as opened:
        opened.open(done.files[0].path.as_uri())
        yield opened


def press(page: firefox.Page, *keys: str, by_hand: bool = False) -> None:
    for key in keys:
        page.evaluate(
            "(key) => { document.body.dispatchEvent(new KeyboardEvent('keydown',"
            " { key, bubbles: true, composed: true, cancelable: true })); return null }",
            key,
            by_hand=by_hand,
        )


def sees(page: firefox.Page, *sections: str) -> None:
    """Waits until just these sections are seen."""
    shown = (
        "() => [...document.querySelectorAll('main > section')].filter((one) => one.checkVisibility())"
        ".map((one) => one.id)"
    )
    soon(lambda: page.evaluate(shown) == list(sections))


def test_keys_and_addresses(page: firefox.Page) -> None:
    press(page, "Home")
    sees(page, "step-1")
    press(page, "ArrowRight")
    sees(page, "step-2")
    press(page, "End")
    sees(page, "step-3")
    soon(lambda: page.evaluate("() => location.hash") == "#second")
    page.evaluate("() => { location.hash = '#1'; return null }")
    sees(page, "step-1")
    press(page, "o")
    sees(page, "step-2", "step-3")
    press(page, "Escape")
    sees(page, "step-1")


def test_a_slide_lies_in_the_window_with_its_fonts_and_pictures(page: firefox.Page) -> None:
    press(page, "Home")
    box = page.evaluate("() => document.querySelector('#step-1').getBoundingClientRect().toJSON()")
    wide, high = page.evaluate("() => [innerWidth, innerHeight]")
    assert min(abs(box["width"] - wide), abs(box["height"] - high)) < 1
    assert box["width"] / box["height"] == pytest.approx(16 / 9, abs=0.01)
    soon(lambda: page.evaluate("() => [...document.images].every((one) => one.complete && one.naturalWidth === 40)"))
    assert page.evaluate("async () => { await document.fonts.ready; return document.fonts.check('20px Inter') }")


def test_a_speakers_window_goes_in_step(page: firefox.Page) -> None:
    press(page, "Home")
    press(page, "s", by_hand=True)
    soon(lambda: len(page.windows()) == 2)
    speaker = page.windows()[1]
    soon(lambda: speaker.evaluate("() => document.documentElement?.dataset.view ?? ''") == "speaker")
    sees(speaker, "step-1", "step-2")
    press(page, "End")
    sees(speaker, "step-3")
    press(speaker, "Home")
    sees(page, "step-1")
    notes = "() => document.querySelector('#deckcast-back').shadowRoot.querySelector('#notes').textContent"
    soon(lambda: speaker.evaluate(notes) == "Words of the first.")
    speaker.evaluate("() => { window.close(); return null }")
