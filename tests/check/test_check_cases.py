"""What is found in small decks: `cases/*.md`, one file a family of rules, and the examples of docs/checks.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from check.words import checked, folder, lines, rules_with_decks
from deckcast.check import RULES, Rule
from deckcast.check.known import DECK, ELSEWHERE
from parse.textcases import Case, cases_in


@pytest.mark.parametrize("case", cases_in(Path(__file__).parent / "cases", "*.md"), ids=str)
def test_case(tmp_path: Path, case: Case) -> None:
    found = lines(checked(folder(tmp_path), case.given.removesuffix("\n")))
    assert found.replace(str(tmp_path), "…") == case.gives


@pytest.mark.parametrize("rule", rules_with_decks(), ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_what_they_say(tmp_path: Path, rule: Rule) -> None:
    bad = [one.code for one in checked(folder(tmp_path), rule.bad).findings]
    good = [one.code for one in checked(folder(tmp_path), rule.good).findings]
    assert rule.code in bad
    assert rule.code not in good


def test_each_code_is_told_once() -> None:
    codes = [one.code for one in RULES]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & {*ELSEWHERE, *DECK}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_a_page(rule: Rule) -> None:
    assert rule.summary[0].isupper() or rule.summary[0] == "`"
    assert not rule.summary.endswith(".")
    assert rule.text.endswith(".")
    assert rule.good != rule.bad
