"""What a style sheet names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.render.css import Named, named


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("a { background: url(a.png) }", ["a.png"]),
        ("a { background: URL( 'b c.png' ), url(\"d.png\") }", ["b c.png", "d.png"]),
        ("/* url(no.png) */ a { b: 'url(no.png)'; c: \"url(no.png)\" }", []),
        ("@import 'one.css'; @import url(two.css) layer(x);", ["one.css", "two.css"]),
        (r"a { b: url(a\(1\).png) url(\26 b.png) }", ["a(1).png", "&b.png"]),
        ("a { b: url(data:image/png;base64,AAAA=) }", ["data:image/png;base64,AAAA="]),
        ("a { b: curl(x) }", []),
        ("/* never closed url(a.png)", []),
        ("a { b: url() }", [""]),
    ],
)
def test_the_files_that_a_style_sheet_names(text: str, urls: list[str]) -> None:
    assert [item.url for item in named(text)] == urls


def test_each_has_its_place_and_its_kind() -> None:
    text = '@import "a.css"; b { c: url(d.png) }'
    assert list(named(text)) == [Named("a.css", 9, True), Named("d.png", 28, False)]
    assert text[28:].startswith("d.png")


@settings(deadline=None)
@given(st.text(alphabet="url()@import\"'/* \\;a", max_size=300))
def test_any_text_is_borne(text: str) -> None:
    for item in named(text):
        assert 0 <= item.offset <= len(text)
