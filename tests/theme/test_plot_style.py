"""How figures look: the theme's own file and fonts, writing that can be read, colours that everybody can tell apart."""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from deckcast.errors import TemplateError
from deckcast.theme import find_theme, shipped

PIXELS = 96 / 72
"""Of the stage in a point."""
SIGHT = {
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""How light is seen, after Machado, Oliveira and Fernandes (2009), for the strongest form of each colour blindness."""
OKLAB = (
    (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    ),
    (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    ),
)


def values(theme: str = "light") -> dict[str, str]:
    lines = find_theme(theme, []).plots.text.splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def light(colour: str) -> list[float]:
    """Red, green and blue light of `1d5fd1`, from 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def perceived(colour: str, sight: str) -> list[float]:
    seen = [min(max(part, 0), 1) for part in times(SIGHT[sight], light(colour))]
    return times(OKLAB[1], [math.cbrt(part) for part in times(OKLAB[0], seen)])


def cycle(theme: str = "light") -> list[str]:
    found: list[str] = ast.literal_eval(re.search(r"\[.*]", values(theme)["axes.prop_cycle"]).group())  # type: ignore[union-attr]
    return found


def luminance(colour: str) -> float:
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), light(colour), strict=True))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_colours_of_a_plot_can_be_told_apart(sight: str, theme: str) -> None:
    for one, other in itertools.combinations(cycle(theme), 2):
        assert math.dist(perceived(one, sight), perceived(other, sight)) > 0.11, (one, other)


@pytest.mark.parametrize(("theme", "ground"), [("light", "ffffff"), ("dark", "12161f")])
def test_each_colour_stands_out_from_the_ground(theme: str, ground: str) -> None:
    assert values(theme)["figure.facecolor"] == ("white" if theme == "light" else ground)
    for colour in cycle(theme):
        low, high = sorted((luminance(colour), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) > 3, colour


def test_only_colours_are_different_in_the_dark() -> None:
    def others(theme: str) -> dict[str, str]:
        return {key: value for key, value in values(theme).items() if "color" not in key and key != "axes.prop_cycle"}

    assert others("dark") == others("light")


def test_writing_is_as_large_as_the_smallest_on_a_slide() -> None:
    sizes = {
        key: float(value) for key, value in values().items() if key.endswith(("size", "font.size")) and key[0] != "f"
    }
    lettered = {key: size for key, size in sizes.items() if "label" in key or "title" in key or "font" in key}
    assert len(lettered) >= 6
    assert all(size * PIXELS >= 28 for size in lettered.values()), lettered
    assert float(values()["font.size"]) * PIXELS >= 28


def test_a_figure_fits_a_half_column_and_its_inch_is_that_of_the_browser() -> None:
    width, _ = map(float, values()["figure.figsize"].split(","))
    assert float(values()["figure.dpi"]) == 96
    assert 780 <= width * 96 <= 860


def test_the_first_colours_are_the_themes() -> None:
    css = (shipped() / "themes" / "light" / "theme.css").read_text()
    both = [(cycle(theme)[0], values(theme)) for theme in ("light", "dark")]
    assert "--accent: light-dark({});".format(", ".join(f"#{first}" for first, _ in both)) in css
    for name, key in {"fg": "text.color", "muted": "axes.labelcolor", "line": "grid.color"}.items():
        assert "--{}: light-dark({});".format(name, ", ".join(f"#{style[key]}" for _, style in both)) in css


def test_a_theme_has_the_shipped_fonts_and_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "themes" / "mine"
    folder.mkdir(parents=True)
    (folder / "Inter-Bold.ttf").write_bytes(b"own")
    (folder / "Own.otf").write_bytes(b"own")
    style = find_theme("mine", [tmp_path]).plots
    assert style.text == find_theme("light", []).plots.text
    assert [font.name for font in style.fonts] == ["Inter-Bold.ttf", "Inter-Italic.ttf", "Inter-Regular.ttf", "Own.otf"]
    assert style.fonts[0] == folder / "Inter-Bold.ttf"


def test_a_theme_may_have_a_plot_style_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "themes" / "mine"
    folder.mkdir(parents=True)
    before = find_theme("mine", [tmp_path]).digest
    (folder / "plots.mplstyle").write_text("lines.linewidth: 7\n")
    theme = find_theme("mine", [tmp_path])
    assert theme.plots.text == "lines.linewidth: 7\n"
    assert theme.plots.name == str(folder / "plots.mplstyle")
    assert theme.digest == before  # no slide looks different for it

    (folder / "plots.mplstyle").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match="is no UTF-8 text"):
        _ = find_theme("mine", [tmp_path]).plots
