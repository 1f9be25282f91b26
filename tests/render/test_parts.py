"""The parts of a slide that can be pointed at: which they are, and what is to be read in them."""

from __future__ import annotations

from pathlib import Path

from deckcast.pointing import part
from deckcast.render.parts import marked
from render.drawing import Studio, folder


def texts(source: str) -> list[str]:
    _, found = marked(source)
    assert list(found) == [f"part/{number}" for number in range(1, len(found) + 1)]
    return list(found.values())


def test_parts_are_named_in_reading_order_with_what_is_read_in_them() -> None:
    assert texts("<h1>A &amp; <em>B</em></h1><ul><li>one<ul><li>two</li></ul></li></ul>") == ["A & B", "one two", "two"]
    assert texts("<table><tr><td>a</td><td>b c</td></tr></table>") == ["a b c", "a b c", "a", "b c"]
    assert texts('<p>See <img alt="the sea" src="x.png"></p>') == ["See the sea", "the sea"]
    assert texts('<p><span data-words="x squared"><b>x²</b></span> it is</p>') == ["x squared it is"]
    assert texts('<pre><code><div class="l">a = 1</div><div class="l">b</div></code></pre>') == [
        "a = 1 b",
        "a = 1",
        "b",
    ]
    assert texts('<p>a</p><div aria-hidden="true">7 / 9</div>') == ["a"]


def test_each_line_that_a_cell_has_put_out_is_a_part() -> None:
    source = '<pre class="cell-text"><samp class="cell-stdout">8 bits <b>100%</b>\n\n2 bits &lt;50%</samp></pre>'
    assert texts(source) == ["8 bits 100% 2 bits <50%", "8 bits 100%", "2 bits <50%"]
    whole, _ = marked(source)
    assert whole.count("\n") == 2
    assert texts("<p>a <samp>b</samp></p>") == ["a b", "b"]


def test_nothing_but_names_is_put_into_the_text() -> None:
    source = '<p title="<li>">a &lt; b<br>\n<img alt=\'p\' src="x"></p>\n<LI class="k">c</LI>'
    whole, found = marked(source)
    assert (
        whole.replace(' data-region="part/1"', "")
        .replace(' data-region="part/2"', "")
        .replace(' data-region="part/3"', "")
        == source
    )
    assert len(found) == 3


def test_only_slides_whose_notes_point_are_measured(tmp_path: Path) -> None:
    studio = Studio(folder(tmp_path))
    text = '# One\n\n- same\n\n???\nSay it.\n---\n# One\n\n- same\n\n???\nSay [point "same"] it.\n'
    (plain, pointed), _ = studio.render(text, points=True)
    assert plain.regions == ()
    assert [one.text for one in pointed.regions] == ["One", "same"]
    found = part(pointed, "SAME")
    assert found
    assert found.name == "part/2"
    studio.render(text.replace('[point "same"] ', ""), points=True)
    assert [what for what, _ in studio.told.made] == ["picture of slide 2"]
    studio.render(text, points=True)
    assert studio.told.made == []
