"""The slides as a page that needs neither measuring nor its files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deckcast.model import MARK
from render.drawing import Studio, folder, picture
from render.films import film

DECK = """# One

![red](images/red.png)

<img src="images/with%20blank.png" srcset="images/red.png 1x, images/red.svg 2x" alt="a > b">

---
background-image: url(images/red.png)

## Two

Here.

--

![red](images/red.png#there) and <span style="background: url('images/red.svg')">x</span>

<style>p { cursor: url(images/red.svg) }</style>
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def page(studio: Studio) -> str:
    assert studio.keeper is not None
    return studio.keeper.read(studio.document.html).decode()


def test_it_has_the_section_of_each_step(studio: Studio) -> None:
    studio.render(DECK)
    assert studio.document.sections == ((1, "step-1"), (2, "step-2"), (3, "step-3"))
    assert (studio.document.width, studio.document.height) == (1920, 1080)
    assert re.findall(r'<section[^>]* id="([^"]+)"', page(studio)) == ["step-1", "step-2", "step-3"]


def test_what_was_measured_stands_in_the_place_of_what_is_to_be_measured(studio: Studio) -> None:
    studio.render(DECK + "\n\n$$x$$\n")
    text = page(studio)
    assert not re.search(r"data-(fit|fit-of|safe|shrink)\b", text)
    assert text.count('style="--fit: 1.45; --air: 1.6; --drop: 120px"') == 3
    assert text.count('style="--shrink: 1"') == 1


def test_every_file_is_attached_once_and_named_by_its_number(studio: Studio) -> None:
    studio.render("---\ncss: [good.css]\n---\n" + DECK)
    text = page(studio)
    assert not re.search(r"(src|srcset|href)=\"(?!deckcast-file:)", text.partition("<body")[2])
    assert "url(" in text
    assert not re.search(rf"url\((?![\"']?{MARK}|&quot;{MARK}|&#x27;{MARK}|data:)", text)
    assert "@import" not in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    red = studio.document.files.index(next(one for one in studio.document.files if one.content.size == len(picture())))
    assert f'src="{MARK}{red}"' in text
    assert f'src="{MARK}{red}#there"' in text
    assert re.search(rf'srcset="{MARK}{red} 1x, {MARK}\d+ 2x"', text)
    assert len({one.content.sha256 for one in studio.document.files}) == len(studio.document.files) - 1  # a copy
    assert {"image/png", "image/svg+xml", "font/woff2"} <= {one.media_type for one in studio.document.files}


def test_an_address_that_nobody_answers_for_is_named_no_more(studio: Studio) -> None:
    studio.render('# One\n\n<a href="images/red.png">there</a> <iframe src="https://example.com/"></iframe>')
    assert '<a href="images/red.png">' in page(studio)
    assert '<iframe src="data:,">' in page(studio)


def test_it_is_kept_and_changes_with_a_slide_and_with_a_file(studio: Studio) -> None:
    studio.render(DECK)
    first = studio.document
    studio.render(DECK)
    assert studio.document == first
    studio.render(DECK.replace("Here", "There"))
    assert studio.document.html != first.html
    studio.render(DECK)
    assert studio.document == first
    (studio.folder / "images" / "red.png").write_bytes(picture(colour="blue"))
    studio.render(DECK)
    assert studio.document.files != first.files


def test_films_are_attached_as_the_author_wants_them(studio: Studio) -> None:
    film(studio.folder / "films" / "demo.mp4")
    studio.render('# One\n\n![a film](films/demo.mp4#t=0.5,1 "loop, muted")\n\n--\n\nMore.')
    one, two = studio.document.films
    assert (one.section, one.region, one.begin, one.end, one.plays, one.muted) == (
        "step-1",
        "film-1",
        0.5,
        1.0,
        0,
        True,
    )
    assert (two.section, two.file) == ("step-2", one.file)
    assert studio.document.files[one.file].media_type == "video/mp4"
    assert 'data-region="film-1"' in page(studio)


def test_an_excerpt_has_its_slides_alone(studio: Studio) -> None:
    studio.render(DECK, only=(2,))
    assert studio.document.sections == ((2, "step-2"), (3, "step-3"))
