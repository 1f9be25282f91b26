"""Which look a slide gets: by its property, its class, or what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import ConfigError
from deckcast.render.looks import BY_CLASS, look
from deckcast.render.tidy import tidy
from deckcast.settings import LOOKS
from render.drawing import Studio, folder

IMG = '<p><img src="a"></p>'
LIST = "<ul><li>a</li></ul>"
CELL = '<div class="cell"><pre>a</pre><div class="cell-output">b</div></div>'
CASES = [
    ("<h1>a</h1>", "first", "title"),
    ("<h1>a</h1><p>b</p><h3>c</h3>", "first", "title"),
    ("<h2>a</h2><p>b</p>", "first", "default"),
    ("<h1>a</h1>", "", "section"),
    ("<h1>a</h1>\n<h2>b</h2>", "", "section"),
    ("<h1>a</h1><p>b</p>", "", "default"),
    ("<h1>a</h1>loose words", "", "default"),
    ("<h1>Thank you</h1>", "last", "end"),
    ("<h1>Thank you</h1><p>ada@example.org</p>", "last", "end"),
    (f"<h1>Summary</h1>{LIST}", "last", "default"),
    (f"<h1>Summary</h1><p>{'word ' * 30}</p>", "last", "default"),
    ("<blockquote>a</blockquote>", "", "quote"),
    ("<blockquote>a</blockquote><p>b</p>", "", "quote"),
    ("<p>One sentence that is <em>all</em>.</p>", "", "statement"),
    (f"<p>{'word ' * 40}</p>", "", "default"),
    (f"<h2>a</h2>\n{IMG}", "", "image"),
    (f"<h2>a</h2>\n{IMG}", "0.5", "image-right"),
    ('<h2>a</h2><p><img src="a" style="width: 30%"></p>', "0.5", "image"),
    ('<h2>a</h2><p><img src="a"> with words</p>', "", "default"),
    ('<h2>a</h2><p><img src="a"><img src="b"></p>', "", "default"),
    (IMG, "", "image"),
    (IMG, "0.5", "image"),
    ('<h2>a</h2><p><img src="a"></p><p><span class="footnote">b <em>c</em></span></p>', "", "image"),
    ('<h2>a</h2><p><img src="a"></p><div class="footnote"><p>b</p></div>', "", "image"),
    ('<h2>a</h2><p><img src="a"></p><p><span class="footnote">b</span> words</p>', "", "default"),
    ('<h2>a</h2><p class="footnote">b</p><p>words</p>', "", "default"),
    (f"<h2>a</h2>{LIST}{IMG}", "1.5", "image-right"),
    (f"<h2>a</h2>{IMG}<p>b</p>{LIST}", "1.5", "image-right"),
    (f"<h2>a</h2>{LIST}{IMG}", "3", "default"),
    (f"<h2>a</h2>{LIST}{IMG}", "", "default"),
    (f"<h2>a</h2>{LIST}{IMG}{LIST}", "1.5", "default"),
    (f"<h2>a</h2><pre>a</pre>{IMG}", "1.5", "default"),
    ("<h2>a</h2><pre>b</pre>", "", "code"),
    ("<h2>a</h2><p>b</p><pre>c</pre>", "", "code"),
    (f"<h2>a</h2>{CELL}", "", "code-output"),
    ("<h2>a</h2><pre>b</pre><pre>c</pre>", "", "code-output"),
    (f"<h2>a</h2>{CELL}{CELL}", "", "default"),
    (f"<h2>a</h2><h3>b</h3>{LIST}<h3>c</h3>{LIST}", "", "two-cols"),
    (f"<h2>a</h2><h3>b</h3>{LIST}<h3>c</h3><pre>d</pre>", "", "default"),
    (f"<h2>a</h2><h3>b</h3>{LIST}<h3>c</h3>", "", "default"),
    (f"<h2>a</h2><h3>b</h3>{LIST}<h3>c</h3>{LIST}<h3>c</h3>{LIST}", "", "default"),
    ("", "", "default"),
]


def chosen(source: str, where: str = "", classes: tuple[str, ...] = (), asked: str = "auto") -> str:
    aspect = float(where) if where[:1].isdigit() else None
    return look(tidy(source), classes, asked, first=where == "first", last=where == "last", aspect=aspect)


@pytest.mark.parametrize(("source", "where", "expected"), CASES)
def test_a_slide_looks_as_what_it_holds(source: str, where: str, expected: str) -> None:
    assert chosen(source, where) == expected


@pytest.mark.parametrize("name", BY_CLASS)
def test_a_class_decides(name: str) -> None:
    assert chosen("<h1>a</h1>", "first", ("center", name)) == BY_CLASS[name]


@pytest.mark.parametrize("name", LOOKS)
def test_a_property_decides_before_any_class(name: str) -> None:
    assert chosen("<h1>a</h1>", "first", ("impact",), name) == name


def test_words_that_the_author_has_placed_stay_where_they_are() -> None:
    assert chosen(f"<h2>a</h2>{LIST}{IMG}", "1.5", ("center", "middle")) == "default"
    assert chosen(f"<h2>a</h2><h3>b</h3>{LIST}<h3>c</h3>{LIST}", "", ("middle",)) == "default"
    assert chosen(f"<h2>a</h2>{IMG}", "", ("center",)) == "image"


def test_an_unknown_look_names_the_nearest(tmp_path: Path) -> None:
    studio = Studio(folder(tmp_path))
    with pytest.raises(ConfigError, match="look") as caught:
        studio.render("# a\n\n---\nlook: statment\n\n# b\n")
    assert caught.value.finding.hint == "did you mean `statement`?"
    assert caught.value.finding.where is not None
    assert caught.value.finding.where.line == 4


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="60"/>', "image-right"),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30"/>', "image"),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>', "image"),
        ("red.png", "", "image"),
    ],
)
def test_a_tall_picture_stands_beside_its_heading(tmp_path: Path, file: str, text: str, expected: str) -> None:
    studio = Studio(folder(tmp_path))
    if text:
        (studio.folder / "images" / file).write_text(text)
    studio.render(f"# a\n\n---\n# b\n\n![x](images/{file})\n\n---\n# c\n\nd")
    assert f'data-look="{expected}"' in studio.browser.pages[0].html.split("<section")[2]  # type: ignore[attr-defined]
