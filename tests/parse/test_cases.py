from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import DeckError
from deckcast.parse import parse
from parse.dump import dump, finding_line
from parse.textcases import Case, cases_in


@pytest.mark.parametrize("case", cases_in(Path(__file__).parent / "cases"), ids=str)
def test_case(case: Case) -> None:
    try:
        found = dump(parse(case.given.removesuffix("\n"), "deck.md"))
    except DeckError as error:
        found = finding_line(error.finding)
    assert found == case.gives
