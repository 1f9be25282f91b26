"""Nothing that an author can write about cells makes the search fall over or hang."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.errors import DeckcastError
from deckcast.run.cells import Found
from run.show_cells import found_in

WORDS = re.findall(
    r"\S+",
    r"""
    python exec r {python} {r, } {{python}} {.python} {output} { } = , | - : " ' ` # exec=false hidden echo=false
    output=right output=only output= name=a name=b name lines=1|2 lines=all fold fold=1-2 fold=9 timeout=2m timeout=
    needs=gpu needs=hub,gpu files=notes.txt files=../x may_fail varies label= eval=FALSE #| //| --| %%| title="x
    """,
)
letters = st.characters(exclude_characters="\n\r\0\ufdd0\ufdd1")
"""Without those that reading a deck replaces."""
short = st.text(alphabet=letters, max_size=8)
info_strings = st.lists(st.sampled_from(WORDS) | st.text(alphabet=letters, max_size=4))
options = st.lists(
    st.sampled_from(
        ["#| name: a", "#| lines: 1|2", "#| needs: [gpu, hub]", "#|   - x", "#| eval: no", "#| &a *a", "#|"]
    )
    | short.map(lambda text: f"#| {text}")
    | short,
    max_size=6,
).map("\n".join)


def ends_well(text: str) -> Found | None:
    """What is found, or None where a mistake was told, of which each has a place in the text."""
    lines = text.split("\n")
    try:
        found = found_in(text)
    except DeckcastError as error:
        findings = error.findings
        found = None
    else:
        findings = found.findings
    for finding in findings:
        assert finding.message
        if finding.code.startswith("cell-"):
            assert finding.where is not None
            assert finding.where.line <= len(lines)
            assert finding.line in ("", lines[finding.where.line - 1])
    return found


@settings(max_examples=150, deadline=None)
@given(info_strings, options, st.sampled_from([" ", "", ", "]))
def test_any_options_give_cells_or_mistakes(words: list[str], body: str, between: str) -> None:
    found = ends_well(f"# A\n\n```{between.join(words)}\n{body}\nx = 1\n```\n\n--\n\n```python exec\n1\n```\n")
    if found is not None:
        for number, cell in enumerate(found.cells, 1):
            assert cell.index == number
            count = len(cell.source.split("\n")) if cell.source else 0
            assert len(cell.lines) == count
            assert all(1 <= line <= count for group in cell.highlights for line in group)
            assert cell.fold is None or 1 <= cell.fold[0] <= cell.fold[1] <= count


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["`", "``", "{python}", "{output}", "{r}", "{x}", " ", "\n", "\n\n", "a", "|", "*", "???\n"])
    )
)
def test_any_sentence_gives_values_or_mistakes(pieces: list[str]) -> None:
    ends_well("".join(pieces))


LONG: dict[str, Callable[[int], str]] = {
    "an endless info string": lambda n: f"```python exec {'a ' * n}\nx\n```\n",
    "unclosed quotes": lambda n: f"```python exec {'a=' + chr(34) + ' a' * n}\nx\n```\n",
    "braces that do not end": lambda n: "```{python" + ' "' * n + "\nx\n```\n",
    "a braced info string": lambda n: "```{python " + "a=(" * n + "}\nx\n```\n",
    "option lines": lambda n: "```{python}\n" + "#| a: b\n" * n + "```\n",
    "nested options": lambda n: "```{python}\n#| a: " + "[" * n + "\n```\n",
    "long groups": lambda n: f"```python exec lines={'1-3,' * 700}1\n" + "x\n" * n + "```\n",
    "ticks": lambda n: "`" * n + " {python} x",
    "ticks and blanks": lambda n: "`" + " " * n + "{python" + "` " * n,
    "fence marks": lambda n: "~~~" * n + "\n" + "```" * n,
    "cells": lambda n: "```python exec name=a\nx\n```\n" * (n // 100),
    "missing files": lambda n: "```python exec files=nowhere\nx\n```\n" * (n // 100),
    "missing outputs": lambda n: (
        "`{output} aaaaaaa`\n\n" * (n // 100)
        + "".join(f"```python exec name=aaaaaa{number}\nx\n```\n" for number in range(n // 100))
    ),
    "values": lambda n: "`{python} x` " * (n // 20),
    "blanks in code": lambda n: f"```python exec\n{' ' * n}\nimport (\n{' ' * n}x\n```\n",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", LONG)
def test_the_time_grows_no_faster_than_the_text(kind: str) -> None:
    """Twenty thousand of anything are over in a moment; what grows with the square would hang here."""
    ends_well(LONG[kind](20_000))
