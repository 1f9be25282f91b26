"""Finding cells: what the cases as text cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import CellError, Several
from deckcast.markup.groups import read_groups, read_range
from deckcast.model import Deck, Where
from deckcast.parse import compose, parse, script_of
from deckcast.parse.macros import Call
from deckcast.report import render_finding
from deckcast.run import cells
from deckcast.run.cells import find
from deckcast.settings import Settings, SlidesSettings
from run.show_cells import found_in

CELL = "```python exec\nx = 1\n```\n"


def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each piece of content that is read as Markdown from now on."""
    seen: list[object] = []
    real = cells.find_code

    def counted(content: object, dialect: object) -> object:
        seen.append(content)
        return real(content, dialect)  # type: ignore[arg-type]

    monkeypatch.setattr(cells, "find_code", counted)
    return seen


def test_slides_without_cells_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = reads(monkeypatch)
    slide = '# A slide\n\n```python\nprint({"a": 1})\n```\n\nText with `code` and $x_{1}$.\n\n???\n\nNotes `too`.\n'
    found = found_in("\n---\n".join([slide] * 500))
    assert (found.cells, seen) == ((), [])


def test_a_slide_of_many_steps_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = reads(monkeypatch)
    found = found_in("\n--\n\n".join(f"```python exec name=c{number}\nx\n```\n" for number in range(20)))
    assert [(cell.index, cell.step, cell.name) for cell in found.cells] == [(n, n, f"c{n - 1}") for n in range(1, 21)]
    assert len(seen) == 1


def test_the_last_step_holds_all_that_the_ones_before_show() -> None:
    """`find` reads only the last step of a slide's content."""
    indented = CELL.replace("\n", "\n  ")
    text = (
        f"layout: true\n{CELL}\n{{{{content}}}}\n{CELL}\n---\n{CELL}\n--\n- a\n\n  {indented}\n"
        f"--\n.col[\n{CELL}\n--\n]\n---\nname: base\n{CELL}\n--\n{CELL}\n---\ntemplate: base\n{CELL}\n--\n{CELL}\n"
    )
    deck = parse(text, "p.md")
    every = set()
    for step in deck.steps:
        every |= {code.where for code in cells.find_code(step.content) if isinstance(code, cells.Code)}
    assert {cell.where for cell in find(deck, Settings()).cells} == every
    assert len(every) == 9


def test_without_increments_notes_and_cells_of_all_steps_are_found() -> None:
    text = f"{CELL}\n???\nSays `{{python}} a`.\n\n--\n\n{CELL}\n???\nSays `{{python}} b`.\n"
    script = script_of([("p.md", text)])
    slides = SlidesSettings(disable_incremental_slides=True)
    found = find(compose(script, slides), Settings(slides=slides))
    assert [cell.step for cell in found.cells] == [1, 1]
    assert [inline.expression for inline in found.inlines] == ["a", "b"]


def test_cells_of_several_files_know_their_file() -> None:
    deck = compose(script_of([("a.md", CELL), ("b.md", CELL)]), SlidesSettings())
    found = find(deck, Settings())
    assert [cell.where for cell in found.cells] == [Where("a.md", 1), Where("b.md", 1)]
    assert [cell.lines for cell in found.cells] == [(Where("a.md", 2),), (Where("b.md", 2),)]


def macro_deck(text: str) -> Deck:
    def both(call: Call) -> str:
        return call.target.replace("|", "\n")

    return parse(text, "p.md", macros={"code": both})


def test_a_macro_may_make_a_cell_but_not_two_in_one_place() -> None:
    one = "![:code](```python exec|a|```)"
    assert [cell.source for cell in find(macro_deck(one), Settings()).cells] == ["a"]
    with pytest.raises(CellError, match="in one place"):
        find(macro_deck("![:code](```python exec|a|```||```python exec|b|```)"), Settings())


def test_every_mistake_of_a_deck_is_told_at_once_in_order() -> None:
    text = "`{output} none`\n\n" + "\n".join(
        f"```python exec {option}\nx\n```\n" for option in ("ecko", "name=", "a b")
    )
    with pytest.raises(Several) as caught:
        found_in(text)
    lines = [finding.where.line for finding in caught.value.findings if finding.where]
    assert lines == [1, 3, 7, 11, 11]
    assert caught.value.exit_code == 1


def test_a_mistake_shows_the_authors_line_with_the_word_underlined() -> None:
    with pytest.raises(CellError) as caught:
        found_in("# A\n\n- item\n\n  ```python exec output=rigth\n  x\n  ```\n")
    shown = render_finding(caught.value.finding).split("\n")
    assert shown[3:5] == ["5 |   ```python exec output=rigth", "  |                  ^^^^^^^^^^^^"]
    assert shown[5] == "help: did you mean `right`?"


def test_a_mistake_in_an_option_line_is_shown_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "presentation.md"
    text = "```{python}\n#| label: a\n#| timeout: soon\nx\n```\n"
    path.write_text(text)
    with pytest.raises(CellError) as caught:
        find(parse(text, str(path)), Settings())
    shown = render_finding(caught.value.finding).split("\n")
    assert shown[3:5] == ["3 | #| timeout: soon", "  |    ^^^^^^^^^^^^^"]


def test_files_that_a_link_leads_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "deck"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "inner.txt").write_text("x")
    (folder / "good.txt").symlink_to(folder / "inner.txt")
    assert found_in("```python exec files=good.txt\nx\n```", folder).cells[0].files == ("good.txt",)
    with pytest.raises(CellError, match="outside of the deck's folder") as caught:
        found_in("```python exec files=link.txt\nx\n```", folder)
    assert caught.value.finding.code == "cell-file"


def test_lines_in_words() -> None:
    assert read_groups("1|3-5|all|", 6) == (
        frozenset({1}),
        frozenset({3, 4, 5}),
        frozenset(range(1, 7)),
        frozenset(),
    )
    assert read_groups("1, 3 - 4".replace(" - ", "-"), 4) == (frozenset({1, 3, 4}),)
    assert read_range("3", 3) == (3, 3)
    for wrong in ("4", "0", "-1", "1-", "2-1", "x", "1-2-3", "٣"):
        with pytest.raises(ValueError, match=r"line|range"):
            read_range(wrong, 3)
    with pytest.raises(ValueError, match="groups"):
        read_groups("|" * 1000, 3)
