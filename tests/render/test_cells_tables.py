"""Tables that code put out, and how room is shared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckcast.htmltree import Node, parse
from deckcast.render.tables import MOST_COLUMNS, Table
from deckcast.render.words import share
from render.came_out import text_of


def table(source: str, lines: float = 100, width: float = 5000) -> str:
    [node] = [one for one in parse(source).walk() if one.tag == "table"]
    return Table(node).to_html(lines, width)[0]


def rows(html: str) -> list[list[Node]]:
    return [list(one.nodes()) for one in parse(html).walk() if one.tag == "tr"]


def test_numbers_stand_right_under_their_heads_and_words_left() -> None:
    head, *body = rows(table(text_of("frame.html")))
    assert [cell.text() for cell in head] == ["", "model", "parameters", "accuracy", "loss"]
    for row in (head, *body):
        assert [cell.classes for cell in row] == [[], [], ["num"], ["num"], ["num"]]
    assert [cell.tag for cell in body[0]] == ["th", "td", "td", "td", "td"]


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["1", "-2.5", "1e-05", "NaN", ""], True),
        (["1,234", "12 %", "3.0×", "$5", ".5"], True),
        (["−1", "+3", "inf", "…"], True),
        (["1", "two"], False),
        (["3.11.2"], False),
        (["2026-11-24"], False),
        ([""], False),
    ],
)
def test_a_column_of_numbers(texts: list[str], number: bool) -> None:
    body = "".join(f"<tr><td>x</td><td>{text}</td></tr>" for text in texts)
    shown = rows(table(f"<table><tr><th>a</th><th>b</th></tr>{body}</table>"))
    assert {"num" in row[1].classes for row in shown} == {number}


def test_rows_that_have_no_room_are_counted() -> None:
    body = "".join(f"<tr><td>{number}</td></tr>" for number in range(50))
    texts = [row[0].text() for row in rows(table(f"<table>{body}</table>", lines=13))]
    assert texts == ["0", "1", "2", "3", "4", "5", "⋯ 41 rows left out", "47", "48", "49"]


def test_where_pandas_left_rows_out_already_nobody_counts() -> None:
    texts = [row[0].text() for row in rows(table(text_of("long.html"), lines=11))]
    assert texts == ["", "0", "1", "2", "3", "⋯", "198", "199"]


def test_a_table_that_has_room_is_whole() -> None:
    assert len(rows(table(text_of("long.html")))) == 12


def test_columns_that_have_no_room_leave_a_mark_in_the_middle() -> None:
    head, *body = rows(table(text_of("wide.html"), width=1000))
    texts = [cell.text() for cell in head]
    assert texts[:2] == ["", "feature_0"]
    assert texts.count("⋯") == 1
    assert texts[-1] == "feature_29"
    assert len(texts) < 8
    assert all(len(row) == len(texts) for row in body)


def test_spans_of_columns_stay_and_spans_of_rows_become_blanks() -> None:
    shown = table(text_of("multi.html"))
    assert '<th colspan="2">score</th>' in shown
    assert "rowspan" not in shown
    first = [row[0].text() for row in rows(shown)[3:]]
    assert first == ["train", "", "", "test", "", ""]
    assert {len(row) for row in rows(shown)[2:]} == {5}


def test_long_cells_are_cut_and_hostile_ones_clean() -> None:
    shown = table(f"<table><tr><td>{'x' * 500}</td><td onclick=y><script>z</script><b>ok</b></td></tr></table>")
    assert "x" * 59 + "…</td>" in shown
    assert "<td><b>ok</b></td>" in shown
    assert "onclick" not in shown


@pytest.mark.parametrize(
    "source", ["<table></table>", "<table><tr></tr></table>", "<table><td>1<td>2<tr><td>3</table>"]
)
def test_odd_tables_are_borne(source: str) -> None:
    assert table(source, 5, 100).startswith('<table class="cell-frame">')


@given(st.lists(st.integers(0, 100), max_size=6), st.integers(0, 200))
def test_room_is_shared_fairly(wants: list[int], room: int) -> None:
    given_ = share(wants, room)
    assert sum(given_) <= room + 1e-6
    assert all(0 <= one <= want for one, want in zip(given_, wants, strict=True))
    if sum(wants) <= room:
        assert given_ == wants
    else:
        assert sum(given_) == pytest.approx(room)
        short = [one for one, want in zip(given_, wants, strict=True) if one < want]
        assert max(given_) <= min(short) + 1e-6, "who gets less than is wanted gets as much as anybody"


def test_cells_that_claim_to_span_all_the_world_cost_no_more_than_a_wide_table() -> None:
    wide = "<tr>" + '<td colspan="100" rowspan="100">1</td>' * 2_000 + "<tr>" * 200
    (node,) = parse(f"<table>{wide}</table>").nodes()
    shown, _, columns = Table(node).to_html(10, 1_000)
    assert columns < MOST_COLUMNS
    assert shown.count("<td") < 10 * MOST_COLUMNS
