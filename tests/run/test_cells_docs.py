"""Holds what docs/cells.md promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deckcast import settings
from deckcast.run.options import NAMES
from deckcast.run.quarto import DIAGRAMS
from run.show_cells import found_in

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "cells.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", TEXT, re.M | re.S)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_is_a_deck_whose_cells_are_found_without_a_finding(example: str) -> None:
    found = found_in(example)
    assert found.cells
    assert found.findings == ()


def test_every_option_stands_in_the_table_and_in_an_example() -> None:
    table = TEXT.partition("| option | does |")[2].partition("\n\n")[0]
    for name in NAMES:
        assert re.search(rf"^\|.*`{name}\b", table, re.M), name
    used = " ".join(EXAMPLES)
    for name in set(NAMES) - {"echo", "timeout", "varies"}:
        assert re.search(rf"\b{name}\b", used), name


def test_every_message_about_cells_is_told() -> None:
    package = ROOT / "generator" / "deckcast"
    quoted = {
        code
        for file in package.rglob("*.py")
        for code in re.findall(r'"(cell-[a-z][a-z-]*)"', file.read_text(encoding="utf-8"))
    }
    given = {
        code
        for file in (package / "run").glob("*.py")
        for code in re.findall(r'"(cell-[a-z][a-z-]*)"', file.read_text(encoding="utf-8"))
    }
    listed = set(re.findall(r"^\| `(cell-[a-z-]+)` \|", TEXT.partition("## Messages")[2], re.M))
    assert given <= listed
    assert listed <= quoted


def test_the_settings_it_names_are_settings() -> None:
    names = {name.partition(".")[2] for name in settings.fields()}
    table = TEXT.partition("## Limits")[2].partition("[writing.md]")[0]
    limits = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert len(limits) == 5
    assert {*limits, "exec", "kernel", "kernel_url", "provenance", "lock"} <= names
    modes = re.findall(r"^\| `(\w+)` \| (?:when|always|never)", TEXT, re.M)
    assert tuple(modes) == settings.fields()["cells.mode"].metadata["choices"]


def test_diagrams_are_named() -> None:
    assert all(f"`{{{name}}}`" in TEXT for name in DIAGRAMS)
