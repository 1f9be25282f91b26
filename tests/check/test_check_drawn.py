"""What is measured on drawn slides: on pictures made here, and by a real browser."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from check.words import line
from deckcast.check import Subject, check
from deckcast.check.drawn import RULES
from deckcast.checking import check as check_deck
from deckcast.engines.browser_ink import contrast, letterings, luminance
from deckcast.model import Inspection, Lettering, Painted
from deckcast.parse import parse
from deckcast.settings import Settings

BOX = [0, 0, 40, 20]


def drawing(ground: str, ink: str = "", *, noise: bool = False) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.effect_noise((80, 40), 90).convert("RGB") if noise else Image.new("RGB", (80, 40), ground)
    if ink:
        ImageDraw.Draw(picture).rectangle((10, 10, 20, 30), fill=ink)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def words(**changed: Any) -> dict[str, Any]:
    return {"text": " a\n b ", "size": 30.0, "weight": 400, "faded": False, "boxes": [BOX], **changed}


def measured(png: bytes, **changed: Any) -> Lettering:
    (found,) = letterings([words(**changed)], png, 2.0)
    return found


def test_contrast_is_that_of_wcag() -> None:
    black, grey, white = (luminance(one) for one in ((0, 0, 0), (0x76, 0x76, 0x76), (255, 255, 255)))
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21.0)
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.005)


def test_words_are_measured_against_what_is_painted_behind_them() -> None:
    assert measured(drawing("white", "#767676")) == Lettering("a b", 30.0, False, 4.54)
    assert measured(drawing("#222222", "white")).contrast == pytest.approx(15.91, abs=0.01)


def test_words_on_a_photograph_have_no_contrast_to_tell() -> None:
    assert measured(drawing("white", "black", noise=True)).contrast == 0.0


def test_letters_of_diagrams_are_told_as_a_whole() -> None:
    assert measured(drawing("white", "#767676"), diagram=True, size=12.0) == Lettering("a b", 0.0, False, 4.54)


def test_what_is_faded_is_faded_on_purpose() -> None:
    assert measured(drawing("white", "#cccccc"), faded=True).contrast == 0.0


def test_boxes_outside_the_picture_are_left_alone() -> None:
    assert measured(drawing("white", "black"), boxes=[[500, 500, 600, 520], [-90, -90, -50, -60]]).contrast == 0.0


@pytest.mark.parametrize(
    ("size", "weight", "large"), [(43.9, 400, False), (44, 400, True), (33, 400, False), (33, 700, True)]
)
def test_large_type(size: float, weight: int, large: bool) -> None:
    assert measured(drawing("white", "black"), size=size, weight=weight).large is large


def found(*letterings: Lettering, pictures: tuple[Painted, ...] = ()) -> list[str]:
    deck = parse("# A\n\nfaint words and ![x](images/photo.jpg)\n", "deck.md")
    subject = Subject(deck, Settings(), inspections={1: Inspection(letterings, pictures)})
    drawn = {one.code for one in RULES} | {"picture-resolution"}
    return [line(one) for one in check(subject) if one.code in drawn]


def test_the_worst_of_a_slide_is_told() -> None:
    told = found(Lettering("faint words", 40, False, 4.0), Lettering("x", 50, True, 3.1), Lettering("A", 20, True, 2.2))
    assert told == [
        "1:3 warning[slide-small] `A` is set in 20 pixels, less than 24",
        "1:3 warning[slide-contrast] `A` has a contrast of 2.2, less than 3",
    ]
    assert found(Lettering("faint words", 40, False, 4.0)) == [
        "3:1 warning[slide-contrast] `faint words` has a contrast of 4.0, less than 4.5"
    ]
    assert found(Lettering("plain", 24, False, 4.5), Lettering("unknown", 24, False, 0.0)) == []


def test_a_blurred_picture() -> None:
    assert found(pictures=(Painted("/deck/images/photo.jpg", (400, 300), (800.0, 600.0)),)) == [
        "3:22 warning[picture-resolution] photo.jpg has 400×300 pixels and is shown at 800×600: it is blurred"
    ]
    assert found(pictures=(Painted("/deck/images/photo.jpg", (400, 300), (400.0, 300.0)),)) == []


DECK = """\
# Hints

<span style="color: #bbb; font-size: 20px">grey</span> <span style="color: #bbb; opacity: 0.9">faded</span> plain

![A dot](images/dot.png)

```python
one = 1
*two = 2
```

???

Grey words, a dot, and two lines of code, of which one is emphasised.
"""


@pytest.mark.slow
def test_a_real_browser_measures_what_is_there(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "images").mkdir()
    Image.new("RGB", (60, 40), "red").save(tmp_path / "images" / "dot.png")
    deck = tmp_path / "deck.md"
    deck.write_text(DECK)
    result = check_deck(deck, output=tmp_path / "output")
    assert result.skipped == ""
    assert [(one.code, one.where.line if one.where else 0) for one in result.findings] == [
        ("slide-small", 3),
        ("slide-contrast", 3),
        ("picture-resolution", 5),
    ]
    assert "`grey` is set in 20 pixels" in result.findings[0].message


@pytest.mark.slow
def test_the_themes_own_looks_are_never_told(tmp_path: Path) -> None:
    """On the deck that shows them all, but for what it shows as mistakes."""
    showcase = Path(__file__).parents[1] / "render" / "showcase" / "presentation.md"
    result = check_deck(showcase, output=tmp_path / "output")
    assert result.skipped == ""
    assert [line(one) for one in result.findings if one.code in ("slide-small", "slide-contrast")] == []
