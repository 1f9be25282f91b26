"""What is read beyond remark's Markdown stays within its slide, and may be left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.config import Value, convert
from deckcast.errors import ConfigError
from deckcast.markup import Dialect, title_of, to_html, to_text
from deckcast.markup.extras import character_of
from deckcast.model import Content
from deckcast.parse import parse
from deckcast.settings import EXTRAS

PIECES = [
    "> [!NOTE]", "> [!tip] t", "> x", ">", "!!! warning", '!!! note "t"', "    x", "    - [ ] y", "!!!",
    "a[^1] b[^2]", "[^1]: one", "[^2]: two[^1]", "[^1]: https://e.org", "    more[^2]",
    "- [ ] a", "- [x] b[^1]", "  - [X]", "1. [ ] c", "- [x]",
    "Term", ": means", "~ about", "", "", "--x", "# T :x: [^1]",
    ":rocket: :nope: ::", "![a](b.png){width=50%}", "![a](b.png =3x)", "![a](b.png){", "![[a](b =",
    ".left[", "]", ".a[x[^1]", "```", "```py {1|2} numbers", "`[^1]", "<div>", "</div>", "| a[^1] |", "| --- |",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join)


def content(text: str, step: int = 0) -> Content:
    return parse(text, "deck.md").steps[step].content


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_nothing_crashes_and_words_are_known_with_and_without_extras(text: str) -> None:
    for extras in (EXTRAS, *[(one,) for one in EXTRAS], ()):
        dialect = Dialect(extras=frozenset(extras))
        for step in parse(text, "deck.md").steps:
            assert isinstance(to_html(step.content, dialect).html, str)
            to_text(step.content, dialect)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_no_extra_reaches_into_another_slide(one: str, other: str) -> None:
    deck = parse(f"Alpha\n\n{one}\n\n---\n\nOmega\n\n{other}\n", "deck.md")
    whole = [to_html(step.content).html for step in deck.steps]
    if len(whole) != 2 or deck.findings:
        return  # a class or a fence that is open holds the separator: that is none of the extras' doing
    alone = [to_html(content(f"{word}\n\n{text}\n")).html for word, text in (("Alpha", one), ("Omega", other))]
    assert [html.strip() for html in whole] == [html.strip() for html in alone]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_without_extras_nothing_of_them_is_there(text: str) -> None:
    html = to_html(content(text), Dialect(extras=frozenset())).html
    assert not any(sign in html for sign in ("callout", "footnote", "<dl", "task-list", "🚀", 'style="width'))


def test_a_foot_note_stands_on_every_step_that_shows_its_mark() -> None:
    deck = parse("# T\n\na\n\n--\n\nb[^1]\n\n--\n\n[^1]: words\n", "deck.md")
    whole = deck.slides[0].steps[-1].content
    shown = ["words" in to_html(step.content, whole=whole).html for step in deck.steps]
    assert shown == [False, True, True]
    findings = [to_html(step.content, whole=whole).findings for step in deck.steps]
    assert findings == [(), (), ()]


def test_every_slide_numbers_its_own_foot_notes() -> None:
    deck = parse("a[^x]\n\n[^x]: first\n\n---\n\nb[^y]\n\n[^y]: second\n", "deck.md")
    assert all('<sup class="footnote-mark">1</sup>' in to_html(step.content).html for step in deck.steps)


def test_a_slides_title_has_no_marks_of_foot_notes() -> None:
    assert title_of(content("# Attention[^1] :tada:\n\ntext\n\n[^1]: words")) == "Attention 🎉"


def test_short_codes_are_githubs() -> None:
    assert [character_of(name) for name in ("+1", "tada", "heart", "hugs", "de", "no_such")] == [
        "👍", "🎉", "❤️", "🤗", "🇩🇪", "",
    ]  # fmt: skip


def test_a_deck_chooses_its_extras() -> None:
    assert convert("slides.extras", Value("extras", "emoji, tasks emoji")) == ("emoji", "tasks")
    assert convert("slides.extras", Value("extras", ["footnotes"])) == ("footnotes",)
    assert convert("slides.extras", Value("extras", "none")) == ()
    with pytest.raises(ConfigError, match="`extras` cannot be `emojis`") as caught:
        convert("slides.extras", Value("extras", "tasks, emojis"))
    assert caught.value.finding.hint == "did you mean `emoji`?"
    deck = parse("---\nextras: [emoji]\n---\n:x: - [ ] a\n", "deck.md")
    assert deck.options[0].name == "extras"
