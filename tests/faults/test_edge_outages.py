"""A service that fails in the middle of a build: what is told, what is kept, as docs/voices.md has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faults.edge_outages import DONE, FAULTS, SENTENCES, observe, table

DOCS = Path(__file__).parents[2] / "docs" / "voices.md"


def documented() -> list[str]:
    text = DOCS.read_text(encoding="utf-8")
    return (
        text.partition("<!-- edge faults:")[2]
        .partition("-->\n")[2]
        .partition("\n<!-- /edge faults -->")[0]
        .splitlines()
    )


def washed(row: str) -> str:
    """Without numbers, which depend on the sentence that was the first to fail."""
    return re.sub(r"\d+(\.\d+)?", "#", row)


def test_every_fault_is_documented() -> None:
    head, _, *rows = documented()
    assert head == table([]).splitlines()[0]
    assert [row.split(" | ")[0] for row in rows] == [f"| {what}" for what in FAULTS.values()]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_as_documented(fault: str, tmp_path: Path) -> None:
    outcome = observe(fault, tmp_path)
    assert outcome.kept == DONE
    assert outcome.again == SENTENCES - DONE, "the next build asks for what is missing, and for no more"
    assert outcome.same
    assert outcome.mended == (fault not in ("gone", "403-nodate")), "what happens once does no harm"
    assert re.fullmatch(r'slide [12] "(One|Two)", line (12|20)', outcome.where)
    assert outcome.hint
    _, _, *rows = documented()
    row = table([outcome]).splitlines()[2]
    if fault != "drop":  # in which of two ways it is noticed, the network decides
        assert washed(row) in map(washed, rows)
