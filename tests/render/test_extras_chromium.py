"""What Markdown has beyond remark, and the looks of code, as a real Chromium draws them on light and dark grounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from deckcast.engines.browsers import open_browser
from render.drawing import Studio, Told, folder

pytestmark = pytest.mark.slow
Colour = tuple[int, int, int]
RED, LIME, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    opened = open_browser("", Told())
    yield opened
    opened.close()


@pytest.fixture
def studio(tmp_path: Path, browser: object) -> Studio:
    return Studio(folder(tmp_path), browser=browser)  # type: ignore[arg-type]


def drawn(studio: Studio, text: str, theme: str = "light") -> tuple[Image.Image, str]:
    """The first step's picture and words, of a deck about which there is nothing to tell."""
    frames, findings = studio.render(f"---\ntheme: {theme}\nslide_number: false\n---\n{text}")
    assert findings == ()
    return studio.png(frames[0]), frames[0].text


def box(image: Image.Image, colour: Colour) -> tuple[int, int, int, int]:
    """The smallest box around all pixels of a colour: left, top, right, bottom."""
    bands = zip(image.split(), colour, strict=True)
    red, green, blue = (band.point([255 if value == wanted else 0 for value in range(256)]) for band, wanted in bands)
    both = Image.composite(Image.composite(red, Image.new("L", image.size), green), Image.new("L", image.size), blue)
    found = both.getbbox()
    assert found is not None, f"nothing is {colour}"
    return found


def colours(image: Image.Image) -> set[Colour]:
    return {colour for count, colour in image.getcolors(1 << 20) or () if count > 2000}  # type: ignore[misc]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_box_has_a_ground_and_a_word_of_its_own(studio: Studio, theme: str) -> None:
    kinds = {"NOTE": "Note", "TIP": "Tip", "IMPORTANT": "Important", "WARNING": "Warning", "CAUTION": "Caution"}
    plain, _ = drawn(studio, "# A\n\nwords\n", theme)
    grounds: set[Colour] = set()
    for kind, word in kinds.items():
        image, words = drawn(studio, f"# A\n\n> [!{kind}]\n> words\n", theme)
        assert words.split("\n")[1:] == [word, "words"]
        tints = colours(image) - colours(plain) - grounds
        assert tints, f"{kind} looks like another box"
        grounds |= tints


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_foot_notes_stand_at_the_foot_and_on_one_of_the_other_kind(studio: Studio, theme: str) -> None:
    style = "<style>.footnotes { background: #f00 } .footnote:not(.footnotes) { background: #00f }</style>\n\n"
    image, words = drawn(studio, f"# A\n\na[^1] b[^2]\n\n[^2]: two\n\n[^1]: one\n\n{style}", theme)
    left, top, right, bottom = box(image, RED)
    assert (left, right, bottom) == (128, 1792, 1080 - 84)
    assert 860 < top < 940
    assert words.split("\n")[-2:] == ["one", "two"]
    image, _ = drawn(studio, f"# A\n\na[^1]\n\n[^1]: one\n\n.footnote[a source]\n\n{style}", theme)
    assert box(image, RED)[3] <= box(image, BLUE)[1]


def test_slides_shrink_for_their_foot_notes(studio: Studio) -> None:
    lines = "\n".join(f"- item {number}" for number in range(9))
    style = "<style>li:last-child:not(.footnotes li) { background: #0f0 } .footnotes { background: #f00 }</style>\n\n"
    image, _ = drawn(studio, f"# A\n\n{lines}[^1]\n\n[^1]: one\n\n{style}")
    assert box(image, LIME)[3] <= box(image, RED)[1]


def test_tasks_have_boxes_where_lists_have_points(studio: Studio) -> None:
    style = "<style>.task-list-item-checkbox { background: #f00 !important } li { background: #0f0 }</style>\n\n"
    image, words = drawn(studio, f"# A\n\n- [ ] not yet\n- [x] done\n\n{style}")
    left, top, right, bottom = box(image, RED)
    assert left >= 128
    assert right - left < 60 < bottom - top
    assert words.split("\n")[1:] == ["not yet", "done"]


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [("{width=50%}", 832, 624), ("{width=300}", 476, 357), ("{height=25%}", 360, 270), (" =300x200", 476, 317)],
)
def test_pictures_have_the_size_that_is_asked_for(studio: Studio, size: str, width: int, height: int) -> None:
    picture = f"![red](images/red.png{size})" if size.startswith(" ") else f"![red](images/red.png){size}"
    image, _ = drawn(studio, f"# A\n\n{picture}\n\nmore\n\n<style>img {{ object-fit: fill }}</style>\n")
    left, top, right, bottom = box(image, RED)
    assert right - left == pytest.approx(width, abs=3)
    assert bottom - top == pytest.approx(height, abs=3)


CODE = "# A\n\n```python numbers=98 {2} title=train.py\na = 1\nb = 22222\nc = 3\n```\n\n"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_have_numbers_beside_their_code_and_a_name_above_it(studio: Studio, theme: str) -> None:
    style = (
        "<style>.remark-code-line::before { background: #f00 } .code-title { background: #0f0 }"
        " .remark-code-line > span { background: #00f }</style>\n\n"
    )
    image, words = drawn(studio, CODE + style, theme)
    numbers, title, code = box(image, RED), box(image, LIME), box(image, BLUE)
    assert numbers[2] < code[0]
    assert title[3] <= numbers[1]
    assert (title[0], title[2]) == (130, 1790)
    assert words.split("\n")[1:] == ["train.py", "a = 1", "b = 22222", "c = 3"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_a_change_adds_and_takes_away_is_told_by_sign_and_ground(studio: Studio, theme: str) -> None:
    plain, _ = drawn(studio, "# A\n\n```python\na = 1\na = 2\n```\n", theme)
    image, words = drawn(studio, "# A\n\n```python diff\n-a = 1\n+a = 2\n```\n", theme)
    assert len(colours(image) - colours(plain)) >= 2
    assert [line[0] for line in words.split("\n")[1:]] == ["−", "+"]
