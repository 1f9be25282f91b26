"""Code gets colours that can be read, and never loses a line or a character."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.markup import Code
from deckcast.model import Where
from deckcast.render.highlight import Painter
from deckcast.theme import shipped

HERE = Where("deck.md", 3)


def code(text: str, language: str = "python", marked: frozenset[int] = frozenset()) -> Code:
    return Code(text, language, language, marked, HERE)


def lines_of(painted: str) -> list[str]:
    """The text of each line, colours taken off."""
    found = re.findall(r'<div class="remark-code-line[^"]*">(.*?)</div>', painted, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", line)) for line in found]


def test_lines_marks_and_language_are_in_remarks_structure() -> None:
    assert Painter()(code("a = 1\n# b", marked=frozenset([1]))) == (
        '<pre><code class="python remark-code">'
        '<div class="remark-code-line">'
        '<span class="n">a</span> <span class="o">=</span> <span class="mi">1</span></div>'
        '<div class="remark-code-line remark-code-line-highlighted"><span class="c1"># b</span></div>'
        "</code></pre>\n"
    )


@pytest.mark.parametrize("language", ["python", "js", "text", "", "html", "console", "nosuch"])
@settings(deadline=None)
@given(text=st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\n\n \t#$>'\"<&")), max_size=80))
def test_no_character_and_no_line_is_lost(language: str, text: str) -> None:
    assert lines_of(Painter()(code(text, language))) == text.split("\n")


def test_blank_lines_at_the_ends_stay() -> None:
    assert lines_of(Painter()(code("\n\na\n\n"))) == ["", "", "a", "", ""]


@pytest.mark.parametrize(
    ("language", "hint"), [("pyhton", "did you mean `python`?"), ("zzzzzz", "https://pygments.org/languages/")]
)
def test_an_unknown_language_is_plain_and_told_with_the_nearest(language: str, hint: str) -> None:
    painter = Painter()
    assert lines_of(painter(code("a < b", language))) == ["a < b"]
    [finding] = painter.findings
    assert (finding.severity, finding.where, finding.hint.startswith(hint)) == ("warning", HERE, True)


@pytest.mark.parametrize("language", ["", "text", "no-highlight", "none", "mermaid", "vue", "c++", "Python", "golang"])
def test_known_and_plain_languages_are_not_remarked_upon(language: str) -> None:
    painter = Painter()
    painter(code("x", language))
    assert painter.findings == []


def test_a_hostile_language_name_stays_an_attribute() -> None:
    assert 'class="&quot;&gt;&lt;b&gt; remark-code"' in Painter()(code("x", '"><b>'))


# ── the theme's colours, computed as WCAG 2 says ─────────────────────────────────────────────────


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def blend(colour: str, under: str, strength: float) -> str:
    """A colour of that opacity on a ground."""
    pairs = ((int(colour[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(over * strength + below * (1 - strength)):02x}" for over, below in pairs)


TOKENS = (shipped() / "themes" / "light" / "theme.css").read_text()


def colours(ground: int) -> dict[str, str]:
    """The colours of light grounds (0) or dark ones (1)."""
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
    return {name: both[ground] for name, *both in pairs}


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


GROUNDS = pytest.mark.parametrize("ground", [0, 1], ids=["light", "dark"])
CODE = ("code-fg", "code-comment", "code-keyword", "code-string", "code-number", "code-function", "code-tag")
WORDS = ("fg", "muted", "accent", "ok", "warn", "red", "blue", "green", "orange", "purple", "pink", "teal", "gray")


@GROUNDS
def test_code_can_be_read_on_its_ground_and_on_marked_lines(ground: int) -> None:
    theme = colours(ground)
    assert {*CODE, "code-bg"} == {name for name in theme if name.startswith("code-")}
    for name in CODE:
        for under in ("code-bg", "tint", "out-bg"):  # on the last one: JSON that came out
            assert contrast(theme[name], theme[under]) >= 4.5, f"--{name} on --{under}"


@GROUNDS
def test_lines_beside_marked_ones_can_be_read(ground: int) -> None:
    theme = colours(ground)
    strength = re.search(r"--code-dim: ([\d.]+);", TOKENS)
    assert strength is not None
    for name in CODE:
        dimmed = blend(theme[name], theme["code-bg"], float(strength[1]))
        assert contrast(dimmed, theme["code-bg"]) >= 3, f"--{name}, dimmed"


@GROUNDS
def test_words_of_every_colour_can_be_read(ground: int) -> None:
    theme = colours(ground)
    for name in WORDS:
        for under in ("bg", "tint", "section-bg") if name in ("fg", "muted", "accent") else ("bg",):
            assert contrast(theme[name], theme[under]) >= 4.5, f"--{name} on --{under}"
    assert contrast(theme["mark-fg"], theme["mark-bg"]) >= 4.5


@GROUNDS
def test_what_came_out_can_be_read_on_every_ground_that_it_has(ground: int) -> None:
    theme = colours(ground)
    terminal = [name for name in theme if name.startswith("ansi-")]
    assert len(terminal) == 8
    for name in [*terminal, "out-fg", "out-muted", "out-stderr"]:
        assert contrast(theme[name], theme["out-bg"]) >= 4.5, f"--{name} on --out-bg"
    for name in ("out-fg", "out-muted", "out-error"):
        assert contrast(theme[name], theme["out-error-bg"]) >= 4.5, f"--{name} on --out-error-bg"
    for name in ("out-fg", "out-muted", "out-stderr"):
        assert contrast(theme[name], theme["bg"]) >= 4.5, f"--{name} on --bg"
    assert contrast(theme["out-muted"], theme["code-bg"]) >= 4.5, "the mark of folded lines"
    assert contrast(theme["out-rule"], theme["bg"]) >= 1.8, "the rule beside outputs"
