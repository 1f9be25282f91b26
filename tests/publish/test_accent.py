"""The accent of a theme on the page: found in style sheets, and never too faint."""

from __future__ import annotations

import itertools

import pytest

from deckcast.engines.browser_ink import contrast, luminance
from deckcast.publish import page
from deckcast.publish.accent import GROUNDS, ON, accents, style


def sheet(*rules: str) -> str:
    return f"<!doctype html><style>{' '.join(rules)}</style>"


def rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def ratio(one: str, other: str) -> float:
    return contrast(luminance(rgb(one)), luminance(rgb(other)))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("light-dark(#1d5fd1, #8ab4ff)", ("#1d5fd1", "#8ab4ff")),
        ("light-dark(rgb(29 95 209), rgb(138, 180, 255))", ("#1d5fd1", "#8ab4ff")),
        ("light-dark(hsl(218deg 76% 47% / 1), #8AB4FF)", ("#1d60d3", "#8ab4ff")),
        ("light-dark(var(--a), var(--none, #8ab4ff))", ("#1d5fd1", "#8ab4ff")),
        ("color-mix(in srgb, red 50%, blue)", None),
        ("currentcolor", None),
        ("var(--accent)", None),
        ("", None),
    ],
)
def test_what_a_sheet_says(value: str, told: tuple[str, str] | None) -> None:
    assert accents(sheet("/* :root { --accent: red } */", f":root {{ --a: #1d5fd1; --accent: {value}; }}")) == told


def test_the_last_word_at_the_root_holds() -> None:
    text = sheet(
        "@layer theme { :root { --accent: #ff0000; } }",
        ".impact { --accent: #00ff00; }",
        ":root { --accent: #7038c4 }",
        ".other :root-like { --accent: #00ff00; }",
    )
    found = accents(text)
    assert found is not None
    assert found[0] == "#7038c4"
    assert accents("<p>:root { --accent: #7038c4 }</p>") is None


@pytest.mark.parametrize("colour", [f"#{''.join(one)}" for one in itertools.product(("00", "7f", "ff"), repeat=3)])
def test_it_can_be_read_on_every_ground_of_a_page(colour: str) -> None:
    found = accents(sheet(f":root {{ --accent: {colour}; }}"))
    assert found is not None
    text = style(found)
    for side, accent in enumerate(found):
        tint = text.split("--tint: ")[1 + side][:7]
        for ground in (*GROUNDS[side], tint):
            assert ratio(accent, ground) >= 4.5, (accent, ground)
        assert ratio(accent, ON[side]) >= 4.5
        words = ("#1c2330", "#566072") if side == 0 else ("#e9edf4", "#a6b0c2")
        assert all(ratio(word, tint) >= 4.5 for word in words), tint


def test_the_grounds_are_those_of_pages() -> None:
    tokens = page.read("tokens.css")
    for ground in itertools.chain(*GROUNDS):
        assert f": {ground};" in tokens
    assert all(f"--on-accent: {one};" in tokens for one in ON)
