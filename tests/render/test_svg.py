"""SVG of others: what may stand on a slide of it, and what is said of what may not."""

from __future__ import annotations

import pytest

from deckcast.render.svg import Drawing, SvgError, read, write


def drawn(inside: str, attributes: str = 'viewBox="0 0 10 10"', *, scoped: bool = False, alt: str = "") -> Drawing:
    return write(read(f"<svg {attributes}>{inside}</svg>"), "d1", scoped=scoped, alt=alt)


def body(inside: str) -> str:
    return drawn(inside).html.partition(">")[2].removesuffix("</svg>")


def what(inside: str) -> list[str]:
    return [one.what for one in drawn(inside).dropped]


@pytest.mark.parametrize(
    ("inside", "dropped"),
    [
        ("<script>alert(1)</script>", "`<script>`"),
        ("<foreignObject><p>x</p></foreignObject>", "`<foreignObject>`"),
        ('<animate attributeName="x"/>', "`<animate>`"),
        ('<set attributeName="href" to="javascript:alert(1)"/>', "`<set>`"),
        ("<iframe/>", "`<iframe>`"),
        ('<rect onclick="alert(1)"/>', "`onclick`"),
        ('<rect ONLOAD="alert(1)"/>', "`ONLOAD`"),
        ('<image href="https://x.example/a.png"/>', "`href`"),
        ('<image xlink:href="file:///etc/passwd"/>', "`xlink:href`"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "`href`"),
        ('<use href="other.svg#a"/>', "`href`"),
        ('<rect fill="url(https://x.example/a)"/>', "`url(https://x.example/a)`"),
        ("<rect style=\"fill: URL( 'https://x.example/a' )\"/>", "`url(https://x.example/a)`"),
        ("<style>@import 'https://x.example/a.css'; rect { fill: red }</style>", "`@import`"),
        ('<style>rect { background: url("//x.example/a") }</style>', "`url(//x.example/a)`"),
    ],
)
def test_what_runs_or_loads_is_left_out_and_told(inside: str, dropped: str) -> None:
    found = drawn(f"<g/>\n{inside}<path/>")
    assert [(one.what, one.line) for one in found.dropped] == [(dropped, 1)]
    for word in ("script", "alert", "x.example", "passwd", "foreign", "animate", "data:"):
        assert word not in found.html


def test_links_go_and_what_they_hold_stays() -> None:
    found = drawn('<a href="javascript:alert(1)"><text>words</text></a>')
    assert "<text>words</text>" in found.html
    assert [one.what for one in found.dropped] == ["a link"]


def test_editors_notes_go_silently() -> None:
    assert what('<metadata>x</metadata><sodipodi:namedview/><g inkscape:label="Layer 1"/>') == []


def test_pictures_may_stand_in_it() -> None:
    inside = '<image href="data:image/png;base64,AAAA" width="5"/>'
    assert body(inside) == '<image href="data:image/png;base64,AAAA" width="5"></image>'


def test_ids_are_its_own_wherever_they_are_named() -> None:
    inside = (
        '<style>#a, .b > #a-b { fill: url(#a); color: #abc }</style><linearGradient id="a"/><g id="a-b"/>'
        "<use href='#a'/><rect fill='url(#a)' style='filter:url(\"#a-b\")' aria-labelledby='a a-b x'/>"
    )
    assert body(inside) == (
        "<style>@layer library { #d1 { #d1-0, .b &gt; #d1-1 { fill: url(#d1-0); color: #abc } } }</style>"
        '<linearGradient id="d1-0"></linearGradient><g id="d1-1"></g><use href="#d1-0"></use>'
        '<rect fill="url(#d1-0)" style="filter:url(#d1-1)" aria-labelledby="d1-0 d1-1 x"></rect>'
    )


def test_sheets_that_address_it_alone_need_no_scope() -> None:
    text = drawn("<style>#top .a { fill: red }</style>", 'id="top" viewBox="0 0 1 1"', scoped=True).html
    assert "<style>@layer library { #d1 .a { fill: red } }</style>" in text


def test_words_and_values_are_escaped() -> None:
    assert body("<text title='\"&lt;'>a &lt;b&gt; &amp; c &nbsp;&eacute;</text>") == (
        '<text title="&quot;&lt;">a &lt;b&gt; &amp; c \N{NO-BREAK SPACE}é</text>'
    )


def test_numbers_are_short_and_colours_are_not_numbers() -> None:
    assert body('<path d="M1.23456,-0.00001L2 3" fill="#0a0b10" class="n1.23456"/>') == (
        '<path d="M1.23,0L2 3" fill="#0a0b10" class="n1.23456"></path>'
    )


def test_it_has_a_view_box_and_words_for_those_who_do_not_see_it() -> None:
    found = drawn("<g/>", 'width="20" height="10mm"', alt='"A" <b>')
    assert found.html.startswith(
        '<svg id="d1" viewBox="0 0 20 37.8" role="img" aria-label="&quot;A&quot; &lt;b&gt;"><g>'
    )
    assert found.size == (20.0, pytest.approx(37.795, abs=0.001))
    assert drawn("", 'viewBox="0 0 40 20" width="80"').size == (80.0, 40.0)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("<svg viewBox='0 0 1 1'>\n<g>\n</svg>", 2, "a tag is not closed"),
        ("<svg viewBox='0 0 1 1'>\n<g a=1/></svg>", 1, "no well-formed XML"),
        ("<p>x</p>", 0, "it begins with `<p>`"),
        ("", 0, "it ends before its tags are closed"),
        ("<svg/>", 0, "its size is not known"),
        ("<svg viewBox='0 0 1 1'>&nonsense;</svg>", 0, "does not know this"),
        ("<!DOCTYPE svg [<!ENTITY a 'aaa'>]>\n<svg viewBox='0 0 1 1'>&a;</svg>", 0, "it declares entities"),
        ("<svg viewBox='0 0 1 1'>" + "<g>" * 300 + "</g>" * 300 + "</svg>", 0, "stand more than 200 deep"),
    ],
)
def test_what_is_no_svg_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(SvgError) as caught:
        write(read(text), "d1", scoped=False)
    assert (caught.value.line, said in str(caught.value)) == (line, True), str(caught.value)
