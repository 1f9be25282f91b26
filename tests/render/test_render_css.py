"""What a style sheet names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.render.css import Named, named, replaced


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


SHEETS = {"a.css": '@charset "utf-8";\n@import "b.css" print;\na { b: url(c.png) }', "b.css": "b {}"}


def inlined(text: str) -> str:
    return replaced(text, lambda url: f"<{url}>" if url != "no.png" else url, lambda url: inlined(SHEETS.get(url, "")))


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("a { b: url( 'c.png' ) }", 'a { b: url("<c.png>") }'),
        ("a { b: url( 'no.png' ) }", "a { b: url( 'no.png' ) }"),
        ("/* url(c.png) */ a { b: 'url(c.png)' }", "/* url(c.png) */ a { b: 'url(c.png)' }"),
        ("@import 'b.css'; x {}", "b {} x {}"),
        ('@import url("b.css") layer(deck);x {}', "@layer deck {\nb {}\n}x {}"),
        ("@import 'b.css' layer", "@layer  {\nb {}\n}"),
        (
            "@import 'b.css' layer(a.b) supports(display: grid) screen and (width > 3px);",
            "@media screen and (width > 3px) {\n@supports (display: grid) {\n@layer a.b {\nb {}\n}\n}\n}",
        ),
        ("@import 'b.css' supports((a: b) or (c: d));", "@supports (a: b) or (c: d) {\nb {}\n}"),
        ("@import 'a.css' layer(t);", '@layer t {\n\n@media print {\nb {}\n}\na { b: url("<c.png>") }\n}'),
        ("@import 'gone.css'; x {}", " x {}"),
    ],
)
def test_other_addresses_and_sheets_in_the_place_of_imports(text: str, new: str) -> None:
    assert inlined(text) == new


@settings(deadline=None)
@given(st.text(alphabet="url()@import\"'/* \\;a", max_size=300))
def test_text_whose_addresses_stay_is_kept_but_for_its_imports(text: str) -> None:
    new = replaced(text, lambda url: url, lambda _: "")
    assert "@import" in text.lower() or new == text
