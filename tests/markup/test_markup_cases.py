from __future__ import annotations

from pathlib import Path

import pytest

from markup.show import html, words
from parse.textcases import Case, cases_in

FOLDER = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", cases_in(FOLDER, "html-*.txt"), ids=str)
def test_html(case: Case) -> None:
    assert html(case.given) == case.gives


@pytest.mark.parametrize("case", cases_in(FOLDER, "words-*.txt"), ids=str)
def test_words(case: Case) -> None:
    assert words(case.given) == case.gives
