"""Lane 2: generated decks, read by us and by the real remark at the same time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conformance import remark
from conformance.grammar import Grammar
from conformance.reading import differences, tree
from conformance.shrink import shrink
from deckcast.parse import as_json, script_of

DECKS = 250
SEED = 20240214
STRUCTURE = frozenset({"slides", "properties", "tree", "notes"})

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(remark.missing()), reason=remark.missing() or "-"),
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return remark.install()


def collapsed(node: Any) -> Any:
    """Runs of newlines as one: the newlines around `--` and definitions are ours (FORMAT 5.2, 8.5, 13.1)."""
    if isinstance(node, str):
        return re.sub(r"\n+", "\n", node)
    if isinstance(node, list):
        return [collapsed(one) for one in node]
    return node | {"content": collapsed(node["content"])}


def loosened(reading: dict[str, Any]) -> dict[str, Any]:
    """The reading with content and notes joined and their newlines collapsed."""
    return {
        "slides": [
            slide | {"content": collapsed(tree(slide["content"])), "notes": collapsed(tree(slide.get("notes")))}
            for slide in reading["slides"]
        ]
    }


def ours(deck: str, stage: str) -> dict[str, Any]:
    return as_json(script_of([("deck.md", deck)]), stage=stage)


def structure(deck: str, theirs: dict[str, Any], stage: str) -> list[Any]:
    """What differs in the structure, remark's own failures aside."""
    if "error" in theirs:
        return []
    found = differences(loosened(ours(deck, stage)), loosened(theirs))
    return [one for one in found if one[0] in STRUCTURE and not (one[0] == "notes" and stage == "slides")]


def explain(folder: Path, deck: str, work: Path, stage: str) -> str:
    """The smallest deck that still shows the difference, and the difference."""

    def differ(decks: Sequence[str]) -> list[bool]:
        readings = remark.read(folder, decks, work, stage)
        return [bool(structure(one, theirs, stage)) for one, theirs in zip(decks, readings, strict=True)]

    small = shrink(deck, differ)
    return f"{structure(small, remark.read(folder, [small], work, stage)[0], stage)}\n{small}"


@pytest.fixture(scope="module")
def decks() -> list[str]:
    return [Grammar(SEED + number).deck() for number in range(DECKS)]


@pytest.fixture(scope="module")
def readings(folder: Path, decks: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    work = tmp_path_factory.mktemp("decks")
    return {stage: remark.read(folder, decks, work, stage) for stage in ("parse", "slides")}


@pytest.mark.parametrize("stage", ["parse", "slides"])
def test_generated_decks_have_the_same_structure(
    folder: Path, tmp_path: Path, decks: list[str], readings: dict[str, Any], stage: str
) -> None:
    assert sum("error" in theirs for theirs in readings[stage]) < DECKS / 10
    for deck, theirs in zip(decks, readings[stage], strict=True):
        if structure(deck, theirs, stage):
            pytest.fail(explain(folder, deck, tmp_path, stage))


def test_generated_decks_show_the_same(decks: list[str], readings: dict[str, Any]) -> None:
    slides = 0
    different: Counter[str] = Counter()
    for deck, theirs in zip(decks, readings["slides"], strict=True):
        if "error" not in theirs:
            slides += len(theirs["slides"])
            different.update(layer for layer, *_ in differences(ours(deck, "slides"), theirs))
    assert slides > 2 * DECKS
    assert different["words"] <= 0.02 * slides, different
    assert different["html"] <= 0.07 * slides, different
