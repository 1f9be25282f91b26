"""HTML is taken apart as browsers do, whatever it is, and in one pass."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.htmltokens import End, Start, Text, tokens, unescaped
from deckcast.htmltree import parse
from deckcast.render.tidy import tidy


def told(source: str) -> list[str]:
    """Each token in one line: `<tag name=value>`, `</tag>`, or its words."""
    out = []
    for token in tokens(source):
        if isinstance(token, Start):
            values = "".join(f" {name}" + ("" if value is None else f"={value}") for name, value in token.attrs.items())
            out.append(f"<{token.tag}{values}{' /' if token.stroke else ''}>")
            assert source.startswith(token.source, token.at)
        else:
            out.append(f"</{token.tag}>" if isinstance(token, End) else token.words)
    return out


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a<b>c</b>d", ["a", "<b>", "c", "</b>", "d"]),
        ("<A HREF='x' Title=y&amp;z checked>", ["<a href=x title=y&z checked>"]),
        ("<td a=1 a=2 A=3>", ["<td a=1>"]),
        ('<p a=">" b=\'"\'>', ['<p a=> b=">']),
        ("<a href=x/>y", ["<a href=x/>", "y"]),
        ("<br/><br / >", ["<br />", "<br>"]),
        ("<p a=\n1\n=2>", ["<p a=1 =2>"]),
        ("1 < 2 <3 <", ["1 < 2 <3 <"]),
        ("a</>b</ c>d</b x='>'>e</", ["a", "b", "d", "</b>", "e</"]),
        ("a<!-- > -->b<!-->c<!--->d<!--x--!>e", ["a", "b", "c", "d", "e"]),
        ("a<!doctype html>b<?php 1 ?>c<![x]>d", ["a", "b", "c", "d"]),
        ("<script>a<b></b></scripts></SCRIPT >c", ["<script>", "a<b></b></scripts>", "</script>", "c"]),
        ("<style>a &amp; b", ["<style>", "a &amp; b"]),
        ("<textarea><b>&amp;</textarea>c", ["<textarea>", "<b>&", "</textarea>", "c"]),
        (
            "<svg><title><b>a</title><style/><g/></svg>",
            ["<svg>", "<title>", "<b>", "a", "</title>", "<style />", "<g />", "</svg>"],
        ),
        ("<svg><![CDATA[a<b]]></svg><![CDATA[c]]>d", ["<svg>", "a<b", "</svg>", "d"]),
        ("&lt;&#65;&#x42;&nope;&", ["<AB&nope;&"]),
        ("a<b c", ["a"]),
        ("a<b c='d>e", ["a"]),
        ("a<!-- b <c>", ["a"]),
        ("a<!x", ["a"]),
        ("a<a\u0130>", ["a", "<a\u0130>"]),
    ],
)
def test_it_is_taken_apart_as_browsers_do(source: str, expected: list[str]) -> None:
    assert told(source) == expected


def test_numbers_without_end_are_no_character() -> None:
    digits = "1" * 5_000
    assert unescaped(f"&#{digits}; &#{'0' * 5_000}65; &#x{digits};") == "\ufffd A \ufffd"
    assert tidy(f"<p title='&#{digits};'>&#{digits};</p>").html.endswith(">\ufffd</p>")


_WORDS = st.text("ab&<>'\"é \n", max_size=6)
_TAG = st.sampled_from(["p", "div", "B", "td", "svg", "g", "h1"])
_ATTRIBUTE = st.tuples(st.sampled_from(["class", "ID", "data-x"]), _WORDS | st.none())
_COMMENTS = st.text("ab <>", max_size=5).map(lambda words: f"<!-- {words} -->")


def _written(tag: str, attrs: list[tuple[str, str | None]], inside: list[str]) -> str:
    values = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs)
    return f"<{tag}{values}>{''.join(inside)}</{tag}>"


_GOOD = st.recursive(
    _WORDS.map(escape) | _COMMENTS | st.just("<br>"),
    lambda inside: st.builds(
        _written, _TAG, st.lists(_ATTRIBUTE, max_size=3, unique_by=lambda one: one[0]), st.lists(inside, max_size=4)
    ),
    max_leaves=12,
)


class _Python(HTMLParser):
    """The same from another reader."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, object]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", None))

    def handle_data(self, data: str) -> None:
        self.found.append(("", data))


@settings(max_examples=60, deadline=None)
@given(st.lists(_GOOD, max_size=4).map("".join))
def test_good_html_is_what_another_reader_finds_in_it(source: str) -> None:
    found: list[tuple[str, object]] = []
    for token in tokens(source):
        if isinstance(token, Text):
            found.append(("", token.words))
        else:
            found.append((token.tag, token.attrs) if isinstance(token, Start) else (f"/{token.tag}", None))
    assert found == _Python(source).found


@pytest.mark.parametrize(
    "piece",
    ["<a b=\"", "<a b='", "<!--", "<!-", "<a ", "<", "</a ", "<![CDATA[", "<?", "<textarea>", "<svg><![CDATA[",
     "<b><i/>", "<b></i>", "&#0", "<p class=footnote>", "<math><b/>"],
)  # fmt: skip
def test_what_never_closes_is_read_in_one_pass(piece: str) -> None:
    """Who went over the rest of the text again at each of these would outlast the limit of a test."""
    source = piece * (200_000 // len(piece))
    parse(source)
    tidy(source)
