"""Outputs of cells as a real Chromium draws them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from deckcast.engines.browsers import open_browser
from deckcast.model import Output, Result
from render.came_out import DEMO, FOLDER, VALUES, display, ran, results_of, stderr, stdout
from render.drawing import Studio, Told, folder
from render.test_render_chromium import ink

pytestmark = pytest.mark.slow
OUT, ERROR, CODE = (0xEE, 0xF3, 0xFB), (0xFD, 0xF0, 0xEE), (0xF5, 0xF7, 0xFA)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    opened = open_browser("", Told())
    yield opened
    opened.close()


@pytest.fixture
def studio(tmp_path: Path, browser: object) -> Studio:
    return Studio(folder(tmp_path), browser=browser)  # type: ignore[arg-type]


def draw(studio: Studio, text: str, **results: Result) -> tuple[Image.Image, tuple[str, ...]]:
    [frame], findings = studio.render(text, results=results_of(results))
    return studio.png(frame), tuple(finding.code for finding in findings)


@pytest.mark.parametrize("options", ["", "ratio: '4:3'", "provenance: full", "size: 720"])
def test_all_of_the_demonstration_has_room(browser: object, options: str) -> None:
    text = (FOLDER / "presentation.md").read_text(encoding="utf-8").replace("---\n", f"---\n{options}\n", 1)
    studio = Studio(FOLDER, browser=browser)  # type: ignore[arg-type]
    frames, findings = studio.render(text, results=results_of(DEMO, VALUES))
    assert {finding.code for finding in findings} == {"cell-output-long"}
    assert len({frame.image for frame in frames}) == len(frames)


def test_it_is_drawn_twice_the_same(browser: object) -> None:
    text = (FOLDER / "presentation.md").read_text(encoding="utf-8")
    once, _ = Studio(FOLDER, browser=browser).render(text, results=results_of(DEMO, VALUES))  # type: ignore[arg-type]
    again, _ = Studio(FOLDER, browser=browser).render(text, results=results_of(DEMO, VALUES))  # type: ignore[arg-type]
    assert once == again
    assert "ran on" not in "".join(frame.text for frame in once)


def test_the_theme_for_remark_decks_shows_outputs_plainly(studio: Studio) -> None:
    image, findings = draw(
        studio,
        "---\ntheme: remark\n---\n# A\n\n```python exec name=a\nx\n```\n",
        a=ran(stdout("\x1b[31mred\x1b[0m\n" * 3), display(image_svg=(FOLDER / "plot.svg").read_text())),
    )
    assert findings == ()
    colours = {colour for _, colour in image.getcolors(1 << 20) or ()}
    assert (0xA4, 0x20, 0x1A) not in colours


CELL = "## Heading\n\n```python exec name=a%s\nprint(1)\n```\n"


def test_output_stands_below_its_code_beside_it_or_in_its_place(studio: Studio) -> None:
    out = ran(stdout("1\n"))
    below, _ = draw(studio, CELL % "", a=out)
    assert ink(below, OUT)[1] >= ink(below, CODE)[3]
    assert ink(below, OUT)[2] == 1792
    beside, _ = draw(studio, CELL % " output=right", a=out)
    assert ink(beside, OUT)[0] >= ink(beside, CODE)[2]
    assert abs(ink(beside, OUT)[1] - ink(beside, CODE)[1]) <= 3
    alone, _ = draw(studio, CELL % " output=only", a=out)
    assert CODE not in {colour for _, colour in alone.getcolors(1 << 20) or ()}


@pytest.mark.parametrize("lines", [1, 8, 20, 100, 1000])
@pytest.mark.parametrize("width", [3, 90, 400])
def test_no_output_leaves_the_slide(studio: Studio, lines: int, width: int) -> None:
    image, findings = draw(studio, CELL % "", a=ran(stdout(("x" * width + "\n") * lines)))
    left, _, right, bottom = ink(image, OUT)
    assert "slide-overflow" not in findings
    assert left >= 128
    assert right <= 1792
    assert bottom <= 996


@pytest.mark.parametrize("beside", ["", " output=right", " output=only"])
@pytest.mark.parametrize("size", [(2000, 200), (200, 2000), (40, 40), (1200, 700)])
def test_pictures_of_any_shape_have_room(studio: Studio, beside: str, size: tuple[int, int]) -> None:
    wide, high = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<rect width="{wide}" height="{high}" fill="#f00"/></svg>'
    )
    image, findings = draw(studio, CELL % beside, a=ran(display(image_svg=svg)))
    left, top, right, bottom = ink(image, (255, 0, 0))
    assert findings == ()
    assert left >= 128
    assert right <= 1792
    assert bottom <= 996
    assert (right - left) / (bottom - top) == pytest.approx(wide / high, rel=0.03)


def test_nothing_that_an_output_names_is_asked_for(studio: Studio) -> None:
    remote = "http://127.0.0.1:9/x.png"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'
        f'<image xlink:href="{remote}" width="9" height="9"/><script>fetch("{remote}")</script>'
        f'<style>@import url("{remote}");</style><rect width="90" height="90" fill="#f00"/></svg>'
    )
    html = (
        f'<table background="{remote}" style="background: url({remote})"><tr><td><img src="{remote}" alt="it">'
        f'<link rel=stylesheet href="{remote}"><style>td {{ background: url({remote}) }}</style></td></tr></table>'
    )
    markdown = f"![it]({remote}) <img src='{remote}'>"
    result = ran(
        display(image_svg=svg),
        display("t", text_html=html),
        display("m", text_markdown=markdown),
        stderr(f"{remote}\n"),
    )
    image, findings = draw(studio, CELL % "", a=result)  # a refused request would be an `AssetError`
    assert findings == ()
    assert ink(image, (255, 0, 0))[2] > 128


def test_an_error_looks_apart_from_output(studio: Studio) -> None:
    image, findings = draw(studio, CELL % "", a=ran(failure=DEMO["error"].failure))
    assert findings == ()
    assert ink(image, ERROR)[2] == 1792


def test_where_it_ran_touches_neither_number_nor_title_nor_foot_note(studio: Studio) -> None:
    (studio.folder / "own.css").write_text(
        ".cell-provenance { background: #f00 } .footnote { background: #0f0 }"
        ".lesson-title { background: #00f } .remark-slide-number { background: #0ff }"
    )
    deck = (
        "---\ncss: own.css\nprovenance: full\ntitle: A lesson with a long title, and a few more words to it\n---\n"
        "# A\n\n```python exec name=a\nx\n```\n\n`{output} b`\n\n.footnote[A note]\n"
        "---\n```python exec name=b\ny\n```\n"
    )
    frames, _ = studio.render(deck, results=results_of({"a": DEMO["plot"], "b": DEMO["second"]}))
    image = studio.png(frames[0])
    places = [ink(image, colour) for colour in ((0, 0, 255), (255, 0, 0), (0, 255, 255))]
    assert places[0][2] < places[1][0]
    assert places[1][2] < places[2][0]
    assert places[1][1] >= ink(image, (0, 255, 0))[3]


def test_a_png_for_twice_the_pixels_is_as_wide_as_its_kernel_says(studio: Studio) -> None:
    import io

    file = io.BytesIO()
    Image.new("RGB", (800, 400), "red").save(file, "PNG")
    output = Output("display", (("image/png", file.getvalue()),), width=400)
    image, _ = draw(studio, CELL % "", a=ran(output))
    left, top, right, bottom = ink(image, (255, 0, 0))
    assert (right - left, bottom - top) == (400, 200)
