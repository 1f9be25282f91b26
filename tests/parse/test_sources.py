"""Where decks come from, and what is said when they cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import DeckError, Several
from deckcast.model import Deck, Prose, Where
from deckcast.parse import load, parse, read


def shown(deck: Deck) -> list[str]:
    return ["".join(piece.text for piece in step.content if isinstance(piece, Prose)) for step in deck.steps]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_markdown_file(tmp_path: Path) -> None:
    path = write(tmp_path, "deck.md", "\ufeff# One\r\n---\r\n# Two\r\n")
    deck = read([path])
    assert shown(deck) == ["# One", "# Two\n"]
    assert deck.path == str(path)
    assert deck.folder == tmp_path
    assert deck.steps[1].where == Where(str(path), 3, 1)


def test_the_textarea_of_a_page() -> None:
    page = (
        "<!-- <textarea id=source>no</textarea> -->\n<script>'<textarea id=\"source\">'</script>\n"
        '<p><TEXTAREA class="x" id = "source">\r\n&lt;b&gt; &amp;amp; x .a[y]\r\n---\r\n  two &#123;</TEXTAREA>\n# no'
    )
    deck = parse(page, "deck.html")
    assert shown(deck) == ["<b> &amp; x ", "  two {"]
    first = deck.steps[0].content
    assert [piece.where.column for piece in first if not isinstance(piece, Prose)] == [23]
    assert [piece.origins[0] for piece in first if isinstance(piece, Prose)] == [
        Where("deck.html", 4, column) for column in (1, 5, 6, 10, 11, 16)
    ]
    assert deck.steps[1].where == Where("deck.html", 6, 1)


def test_a_decoded_line_end_begins_a_line() -> None:
    deck = parse("<textarea id=source># A&#10;---&#10;# B</textarea>", "deck.html")
    assert shown(deck) == ["# A", "# B"]
    assert deck.steps[1].where == Where("deck.html", 1, 37)


def test_a_page_without_a_deck() -> None:
    with pytest.raises(DeckError, match="no <textarea"):
        parse("<textarea id=other></textarea>", "deck.html")


def test_several_files_are_one_deck(tmp_path: Path) -> None:
    first = write(tmp_path, "1.md", "---\ntitle: A\n---\n# One\n.a[")
    second = write(tmp_path, "2.md", "  [x]: http://e.org\n  # Two ---x\n")
    third = write(tmp_path, "3.md", "---\nauthor: B\n---\nname: three\n[t][x]")
    deck = read([first, second, third])
    assert shown(deck) == ["# One\n.a[", "# Two ---x\n", "\n[t][x]"]
    assert [step.where for step in deck.steps] == [
        Where(str(first), 4, 1),
        Where(str(second), 1, 3),
        Where(str(third), 4, 1),
    ]
    assert [(option.name, option.where.path) for option in deck.options] == [
        ("title", str(first)),
        ("author", str(third)),
    ]
    assert deck.links[0].where == Where(str(second), 1, 3)
    assert [finding.line for finding in deck.findings] == [".a["]


@pytest.mark.parametrize(
    ("name", "data", "message", "line", "column"),
    [
        ("deck.Rmd", b"# A", "R Markdown", 1, 1),
        ("deck.md", b"# A\nb\xc3\xa9\xff\n", "not UTF-8: 0xFF", 2, 3),
        ("deck.md", "# A".encode("utf-16"), "not UTF-8: 0xFF", 1, 1),
        ("deck.md", b" \n\n", "nothing to show", 1, 1),
        ("deck.md", b"---\n---\n--\n", "nothing to show", 1, 1),
        ("deck.md", b"exclude: true\n# A", "nothing to show", 1, 1),
        ("deck.md", b"layout: true\n# A", "nothing to show", 1, 1),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, data: bytes, message: str, line: int, column: int) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(DeckError, match=message) as caught:
        read([path])
    assert caught.value.finding.where == Where(str(path), line, column)
    assert caught.value.finding.hint


def test_the_line_of_a_wrong_byte_is_shown(tmp_path: Path) -> None:
    path = write(tmp_path, "deck.md", b"a\r\ncaf\xe9 au lait\r\nb")
    with pytest.raises(DeckError) as caught:
        read([path])
    assert caught.value.finding.line == "caf\ufffd au lait"


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Several) as caught:
        load([tmp_path / "no.md", tmp_path])
    messages = [finding.message for finding in caught.value.findings]
    assert [message.split(": ")[-1] for message in messages] == ["no such file or directory", "is a directory"]


def test_mistakes_of_all_files_come_together() -> None:
    from deckcast.parse import script_of

    with pytest.raises(Several) as caught:
        script_of([("a.md", "---\na: [\n---\n"), ("b.html", "x")])
    assert [finding.where.path for finding in caught.value.findings if finding.where] == ["a.md", "b.html"]


def test_a_slide_with_only_a_note_or_a_background_is_a_deck(tmp_path: Path) -> None:
    assert len(read([write(tmp_path, "a.md", "???\nHello.")]).slides) == 1
    assert len(read([write(tmp_path, "b.md", "background-image: url(a.png)\n")]).slides) == 1
