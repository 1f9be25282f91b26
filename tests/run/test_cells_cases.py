from __future__ import annotations

from pathlib import Path

import pytest

from parse.textcases import Case, cases_in
from run.show_cells import show


@pytest.mark.parametrize("case", cases_in(Path(__file__).parent / "cases", "*.md"), ids=str)
def test_cells(case: Case) -> None:
    assert show(case.given) == case.gives
