"""Slides as a real Chromium draws them: where things stand, which colours they have, and always the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from deckcast.engines.browsers import open_browser
from deckcast.errors import AssetError
from render.drawing import Studio, Told, folder

pytestmark = pytest.mark.slow
SHOWCASE = Path(__file__).parent / "showcase"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    opened = open_browser("", Told())
    yield opened
    opened.close()


@pytest.fixture
def studio(tmp_path: Path, browser: object) -> Studio:
    return Studio(folder(tmp_path), browser=browser)  # type: ignore[arg-type]


def ink(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The smallest box around all pixels of a colour: left, top, right, bottom."""
    apart = ImageChops.difference(image, Image.new("RGB", image.size, colour)).convert("L")
    box = apart.point(lambda value: 255 if value == 0 else 0).getbbox()
    assert box is not None, f"nothing is {colour}"
    return box


RED, LIME, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
PAINT = "<style>.r { background: #f00 } .g { background: #0f0 } .b { background: #00f }</style>\n\n"


def test_every_look_is_drawn_without_a_complaint_and_twice_the_same(browser: object) -> None:
    text = (SHOWCASE / "presentation.md").read_text(encoding="utf-8")
    studio = Studio(SHOWCASE, browser=browser)  # type: ignore[arg-type]
    frames, findings = studio.render(text)
    assert findings == ()
    assert len({frame.image for frame in frames}) == len(frames)
    assert frames[0].text == "Every look of the default theme\nOne slide for each layout and each class that decks use"
    other = open_browser("", Told())
    try:
        again, _ = Studio(SHOWCASE, browser=other).render(text)
    finally:
        other.close()
    assert again == frames


@pytest.mark.parametrize(
    ("name", "left_edge", "right_edge"),
    [
        (".r.col-6[\na\n]\n.g.col-6[\nb\n]", 920, 1000),
        (".r.col-6[a] .g.col-6[b]", 920, 1000),
        (".row[\n.r.col-8[\na\n]\n.g.col-4[\nb\n]\n]", 1211, 1291),
        (".r.kol-1-3[\na\n]\n.g.kol-2-3[\nb\n]", 629, 709),
        (".grid[\n.r.grid-25[\na\n]\n.g.grid-75[\nb\n]\n]", 484, 564),
        (".r.pull-left[\na\n]\n.g.pull-right[\nb\n]", 920, 1000),
    ],
)
def test_columns_stand_side_by_side_between_the_margins(
    studio: Studio, name: str, left_edge: int, right_edge: int
) -> None:
    [frame], _ = studio.render(f"# Heading\n\n{PAINT}{name}\n\n.b[\nafter\n]\n")
    image = studio.png(frame)
    red, green, blue = ink(image, RED), ink(image, LIME), ink(image, BLUE)
    assert (red[0], green[2]) == (128, 1792)
    assert red[2] == pytest.approx(left_edge, abs=2)
    assert green[0] == pytest.approx(right_edge, abs=2)
    assert red[1] == green[1], "they begin at the same height"
    assert blue[1] >= max(red[3], green[3]), "what comes after them stands below"
    assert (blue[0], blue[2]) == (128, 1792)


def test_two_rows_of_columns_without_a_row_around_them(studio: Studio) -> None:
    cells = "".join(f".{name}.col-6[\n{words}\n]\n" for name, words in [("r", "a\n\nb\n\nc"), ("x", "d"), ("g", "e")])
    [frame], _ = studio.render(f"# Heading\n\n{PAINT}{cells}.b.col-6[\nf\n]\n")
    red, green, blue = (ink(studio.png(frame), colour) for colour in (RED, LIME, BLUE))
    assert green[0] == red[0] == 128
    assert green[1] == blue[1] >= red[3]


def test_a_decks_own_style_sheet_wins_without_shouting(studio: Studio) -> None:
    (studio.folder / "own.css").write_text("h1 { color: #f00 } .remark-slide-content { background-color: #0f0 }")
    [frame], _ = studio.render("---\ncss: own.css\n---\n# Heading\n\ntext")
    image = studio.png(frame)
    assert image.getpixel((5, 5)) == LIME
    assert ink(image, RED)[0] >= 128


def test_the_theme_for_remark_decks_keeps_remarks_units(studio: Studio) -> None:
    (studio.folder / "own.css").write_text(
        ".remark-slide-content { padding: 0 } .r { background: #f00; width: 605px; height: 340.5px }"
    )
    [frame], _ = studio.render("---\ntheme: remark\ncss: own.css\n---\n.r[\n]\n\nwords")
    left, top, right, bottom = ink(studio.png(frame), RED)
    assert (left, top) == (0, 0)
    assert (right, bottom) == (pytest.approx(960, abs=1), 540), "half of 1210 × 681 is half of the slide"


def test_slides_choose_their_look(studio: Studio) -> None:
    frames, _ = studio.render("# Title\n---\n# Section\n---\n# Plain\n\nwords\n---\nclass: inverse\n# Dark\n\nwords")
    corners = [studio.png(frame).getpixel((5, 1075)) for frame in frames]
    assert corners == [corners[0], (0xEA, 0xF1, 0xFE), (255, 255, 255), (0x12, 0x16, 0x1F)]
    assert sum(corners[0]) < 150  # type: ignore[arg-type]


def test_marked_lines_have_a_band_over_the_whole_width(studio: Studio) -> None:
    [frame], _ = studio.render("# A\n\n```python\na = 1\n*b = 2\nc = 3\n```\n")
    band = ink(studio.png(frame), (0xEA, 0xF1, 0xFE))
    assert (band[0], band[2]) == (138, 1790)  # from the bar to the border
    assert 40 <= band[3] - band[1] <= 70


def test_all_steps_of_a_slide_are_set_in_one_size(studio: Studio) -> None:
    steps = "\n--\n\n".join(
        f"- point {number}, with words enough for a whole line of the slide\n" for number in range(10)
    )
    frames, findings = studio.render(f"# Heading\n\n{steps}")
    assert findings == ()
    first, last = studio.png(frames[0]), studio.png(frames[-1])
    box = (0, 0, 1920, 230)  # the heading and the first point
    assert ImageChops.difference(first.crop(box), last.crop(box)).getbbox() is None


def test_what_stands_on_a_sparse_slide_does_not_move_when_more_comes(studio: Studio) -> None:
    columns = "\n--\n\n".join(f".col-4[\n### Head {n}\n\nwords\n\n- point\n]\n" for n in range(3))
    frames, _ = studio.render(f"## Heading\n\n{columns}")
    images = [studio.png(frame) for frame in frames]
    for step, right in ((0, 628), (1, 1210)):
        before, after = (image.crop((0, 0, right, 1080 - 84)) for image in (images[step], images[-1]))
        assert ImageChops.difference(before, after).getbbox() is None


def test_a_heading_stands_at_the_same_height_however_little_follows(studio: Studio) -> None:
    points = "\n".join("- point" for _ in range(9))
    frames, _ = studio.render(
        f"{PAINT}## .g[a]\n\nword\n---\n## .g[a]\n\n{points}\n---\n## .g[a]\n\n![x](images/red.svg)"
    )
    assert len({ink(studio.png(frame), LIME) for frame in frames}) == 1


@pytest.mark.parametrize("shape", ["middle", "title-slide", "section", "statement", "bottom", "middle, center"])
def test_steps_of_a_slide_in_the_middle_do_not_move_either(studio: Studio, shape: str) -> None:
    frames, _ = studio.render(f"class: {shape}\n\n{PAINT}# .g[Heading]\n\nwords\n--\n\nmore\n--\n\nand more")
    assert len({ink(studio.png(frame), LIME) for frame in frames}) == 1


@pytest.mark.parametrize("note", ["", "\n\n.footnote[a source]"])
def test_a_picture_under_a_heading_fills_what_is_left(studio: Studio, note: str) -> None:
    (studio.folder / "images" / "flat.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="200">'
        '<rect width="800" height="200" fill="#f00"/></svg>'
    )
    [frame], findings = studio.render(f"## Heading\n\n![x](images/flat.svg){note}")
    left, top, right, bottom = ink(studio.png(frame), RED)
    assert findings == ()
    assert (left, right, bottom - top) == (128, 1792, 416), "as wide as the words of other slides may be"
    assert top > 300, "in the middle of the height"


def test_a_small_picture_is_not_enlarged_without_measure(studio: Studio) -> None:
    [frame], _ = studio.render("## Heading\n\n![x](images/red.png)")
    left, top, right, bottom = ink(studio.png(frame), RED)
    assert right - left == pytest.approx(40 * 2.4, abs=2)
    assert bottom - top == pytest.approx(30 * 2.4, abs=2)


@pytest.mark.parametrize(
    ("first", "second", "tinted"),
    [
        ("python", "text", True),
        ("python", "output", True),
        ("text", "output", True),
        ("python", "python", False),
        ("text", "text", False),
        ("", "text", False),
    ],
)
def test_what_came_out_of_code_looks_apart_from_it(studio: Studio, first: str, second: str, tinted: bool) -> None:
    [frame], _ = studio.render(f"## A\n\n```{first}\na\n```\n\n```{second}\nb\n```\n")
    colours = {colour for _, colour in studio.png(frame).getcolors(1 << 20) or ()}
    assert ((0xEA, 0xF1, 0xFE) in colours) is tinted


def test_few_words_are_set_larger_and_many_smaller(studio: Studio) -> None:
    points = [f"- point {number} of some words" for number in range(1, 23)]
    few, many = "\n".join(points[:11]), "\n".join(points)
    frames, findings = studio.render(f"# A\n\nword\n---\n# A\n\n{few}\n---\n# A\n\n{many}")
    assert [finding.code for finding in findings] == ["slide-overflow"]
    assert "`point 13 of some words` reaches" in findings[0].message
    assert str(findings[0].where) == "deck.md:33:3"
    assert len(frames) == 3


def test_a_long_line_of_code_is_broken_in_the_smallest_type_and_told(studio: Studio) -> None:
    [frame], findings = studio.render(f"# A\n\n```text\n{'word ' * 40}end\n```\n")
    assert [finding.code for finding in findings] == ["slide-overflow"]
    assert frame.text.endswith("end")


def test_a_size_of_720_is_drawn_anew_and_not_shrunk(studio: Studio) -> None:
    [large], _ = studio.render("# Heading\n\nwords")
    [small], _ = studio.render("---\nsize: 720\n---\n# Heading\n\nwords")
    assert studio.png(small).size == (1280, 720)
    shrunk = studio.png(large).resize((1280, 720), Image.Resampling.LANCZOS)
    difference = ImageChops.difference(shrunk, studio.png(small)).convert("L")
    assert max(difference.histogram()[200:]) < 50, "the same slide"


def test_a_character_that_no_font_has_is_an_error_with_its_place(studio: Studio) -> None:
    with pytest.raises(AssetError, match=r"no font has the character `\U0001342f`") as caught:
        studio.render("# A\n\nso \U0001342f it is")
    assert str(caught.value.finding.where) == "deck.md:3:4"


def test_latin_greek_cyrillic_arrows_mathematics_and_emoji_need_no_font_of_the_machine(studio: Studio) -> None:
    words = "Ünïcødé ğ ł ž ẞ αβγΩ жЯїҐ → ⇒ ≤ ≠ ≈ ∞ ∈ ∀ ∇ ∑ √ ✓ ✗ ✔ ★ ● ▶ ½ ² ₁ € “q” – — … 😀 🚀 👩‍💻 🇫🇷 ☀️"
    code = "```text\n├── a │ └── b ┌─┐ → λ ≠ ∇ é ж α ✓\n```"
    _, findings = studio.render(f"# {words}\n\n{words} **{words}** *{words}*\n\n{code}\n\n`{words}`")
    assert [finding for finding in findings if finding.code == "slide-font"] == []


def test_a_picture_that_breaks_only_in_the_browser_is_told(studio: Studio) -> None:
    with pytest.raises(AssetError, match=r"could not be shown") as caught:
        studio.render("# A\n\n<img src='data:image/png;base64,AAAA'>")
    assert str(caught.value.finding.where) == "deck.md:3:22"


@pytest.mark.parametrize(
    "later",
    ["\n### .g[Second]\n\n- c\n", "\n***\n\n- .g[c]\n", "\n- c\n\n- .g[d]\n"],
    ids=["sub-headings", "a rule", "neither"],
)
def test_in_two_columns_no_step_moves_what_is_there(studio: Studio, later: str) -> None:
    first = "### First\n\n" if "###" in later else ""
    frames, _ = studio.render(f"# A\n---\nlook: two-cols\n\n# B\n\n{PAINT}{first}- a\n- .r[b]\n--\n{later}")
    before, after = (studio.png(frame) for frame in frames[1:])
    assert ink(before, RED) == ink(after, RED)
    aside = ink(after, LIME)[0] > 960
    assert aside == ("[d]" not in later)
