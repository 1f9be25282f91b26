"""Any HTML an author writes stays inside its slide."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckcast.render.tidy import VOID, tidy


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("</div></section></main>a", "a"),
        ("<div><b>a", "<div><b>a</b></div>"),
        ("<div><p>a<div>b</div>", "<div><p>a<div>b</div></div>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a<li>b</ul>"),
        ('<br><img src="a.png"><hr/>x', '<br><img src="a.png"><hr/>x'),
        ("a &lt; b &amp; c &nbsp; &#60; &#x1F600;", "a &lt; b &amp; c &nbsp; &lt; 😀"),
        ("a&b=1&copy=2", "a&amp;b=1&copy;=2"),
        ("a <!-- b --> c", "a  c"),
        ('<script>alert("</p>")</script>a<noscript>b</noscript>', "ab"),
        ('<meta http-equiv="refresh" content="0"><base href="http://x/">a', "a"),
        (
            '<link rel="preconnect" href="http://x/"><link rel=stylesheet href="a.css">a',
            '<link rel=stylesheet href="a.css">a',
        ),
        ("<body class=x>a</body></html>", "a"),
        ("<svg><path d='M0 0'/><g><circle/></g></svg></g>", "<svg><path d='M0 0'/><g><circle/></g></svg>"),
        (
            "<code>a</code><pre><code>b</code></pre>",
            '<code class="remark-inline-code">a</code><pre><code>b</code></pre>',
        ),
        ('<code class="x">a</code>', '<code class="x">a</code>'),
        ("1 < 2", "1 &lt; 2"),
    ],
)
def test_tags_are_closed_and_strangers_dropped(source: str, expected: str) -> None:
    assert tidy(source).html == expected


def test_styles_are_taken_out_whole() -> None:
    neat = tidy("<p>a</p><style>b > c { d: '</p>' }</style><svg><style><![CDATA[e {}]]></style></svg>")
    assert neat.styles == ("b > c { d: '</p>' }", "e {}")
    assert neat.html == "<p>a</p><svg></svg>"


PIECES = [
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "</section>",
    "<svg>",
    "<path/>",
    "</svg>",
    "<br>",
    "text",
    " ",
]
PIECES += [
    "<!--",
    "-->",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "&amp;",
    "&",
    "<",
    ">",
    "<a href='",
    "'>",
    "</",
    "]]>",
]


class _Balance(HTMLParser):
    """What is open at the end of a text, and whether anything was closed that was not open."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.strangers: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if "svg" not in self.open:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            self.strangers.append(tag)
        while tag in self.open and self.open.pop() != tag:
            pass


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_slide_opens_or_closes_what_is_not_its_own(source: str) -> None:
    balance = _Balance(tidy(source).html)
    assert [tag for tag in balance.open if tag != "p"] == []
    assert balance.strangers == []
    assert balance.seen.isdisjoint({"script", "style"})


@settings(deadline=None)
@example("a<![0")
@example("a<![A: b> c")
@example("<svg><![CDATA[x]]></svg>")
@given(st.text(max_size=200))
def test_any_text_is_borne(source: str) -> None:
    tidy(source)
