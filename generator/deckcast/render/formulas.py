"""TeX → HTML: formulas are set by KaTeX in a page of its own, and kept one by one."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deckcast.digest import Question
from deckcast.errors import DeckcastError, MachineError
from deckcast.keep import Keeper
from deckcast.markup import plain_math
from deckcast.model import Cell, Finding
from deckcast.ports import Browser, Resources
from deckcast.render import macros, scripts
from deckcast.render.formula_faults import fault
from deckcast.render.orders import Formula

KIND = "formula-1"
LIBRARY, SCRIPT = "katex/katex.min.js", "formulas.js"
SHEET = "/libraries/katex/katex.min.css"
SMALLEST = 0.7
"""Part of its size down to which a formula in a block of its own is set where it is wider than its place."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What one formula is set from."""

    order: Formula
    tex: str
    macros: Mapping[str, str]

    @property
    def question(self) -> Question:
        return Question.of(
            KIND,
            tex=self.tex,
            display=self.order.math.display,
            macros=self.macros,
            katex=scripts.version(LIBRARY, SCRIPT),
        )


def typeset(
    formulas: Mapping[int, Formula],
    wanted: frozenset[int],
    given: Sequence[tuple[str, str]],
    keeper: Keeper,
    browser: Browser,
    resources: Resources,
) -> tuple[dict[int, str], list[DeckcastError], list[Finding]]:
    """The HTML of the wanted ones of a deck's formulas, by number; every mistake in them; what the author should know.

    `given` are the macros of the settings; those that a formula defines hold in all behind it.
    """
    settings = {number: one for number, one in _settings(formulas, given).items() if number in wanted}
    answers: dict[str, dict[str, Any]] = {}
    missing: dict[str, _Setting] = {}
    for one in settings.values():
        key = one.question.key
        kept = keeper.find_part(one.question) if key not in missing and key not in answers else None
        if kept is not None:
            answers[key] = dict(kept.facts)
        elif key not in answers and one.tex.strip():
            missing[key] = one
    answers |= _made(missing, keeper, browser, resources)

    made: dict[int, str] = {}
    errors: list[DeckcastError] = []
    findings: list[Finding] = []
    for number, one in settings.items():
        answer = answers.get(one.question.key, {"html": ""})
        if "html" in answer:
            made[number] = _placed(one, answer["html"])
        elif one.order.cell is not None:
            made[number] = plain_math(one.order.math)
            findings.append(_unset(one.order.cell, answer["error"]))
        else:
            errors.append(fault(one.order.math, answer["error"], answer["position"], answer["length"], one.macros))
    return made, errors, findings


def _settings(formulas: Mapping[int, Formula], given: Sequence[tuple[str, str]]) -> dict[int, _Setting]:
    known = macros.DEFAULTS | macros.named(given)
    settings: dict[int, _Setting] = {}
    for number, order in formulas.items():
        own, tex = macros.definitions(order.math.tex)
        all_ = known | own
        settings[number] = _Setting(order, tex, macros.needed(tex, all_))
        if order.cell is None:
            known = all_
    return settings


def _made(
    missing: Mapping[str, _Setting], keeper: Keeper, browser: Browser, resources: Resources
) -> dict[str, dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = {}
    jobs = [{"tex": one.tex, "display": one.order.math.display, "macros": dict(one.macros)} for one in missing.values()]
    if not jobs:
        return answers
    done = browser.work(scripts.bench(LIBRARY, SCRIPT), jobs, resources)
    for (key, one), result in zip(missing.items(), done, strict=True):
        if result.trouble:
            raise MachineError(
                f"KaTeX cannot set a formula: {result.trouble}",
                where=one.order.math.where,
                hint="write it in another way; if it is plain TeX, this is a mistake of deckcast",
            )
        answers[key] = {"length": 0, **result.answer}
        if "html" in result.answer:
            keeper.keep_part(one.question, {"html": result.answer["html"]})
    return answers


def _placed(one: _Setting, inside: str) -> str:
    if not inside:
        return ""
    words = html.escape(one.order.math.tex)
    if one.order.math.display:
        return f'<div class="math display" data-words="{words}" data-shrink="{SMALLEST}">{inside}</div>'
    return f'<span class="math inline" data-words="{words}">{inside}</span>'


def _unset(cell: Cell, message: str) -> Finding:
    return Finding(
        "cell-output-form",
        "warning",
        f"a formula that {cell.label} put out is no TeX that can be set: {message}",
        cell.where,
        hint="its TeX stands there as it is; put out a formula that KaTeX knows: https://katex.org/docs/supported",
    )
