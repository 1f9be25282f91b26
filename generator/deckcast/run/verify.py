"""Compares what a run gave with what is recorded."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import zip_longest

from deckcast.digest import sha256
from deckcast.model import Cell, Finding, Inline, Output, Result
from deckcast.run.job import Job
from deckcast.run.session import Fresh
from deckcast.run.settle import same_outcome, without_chance
from deckcast.run.traces import without_colours

_HINT = "if the new output is right, record it: `--exec=always`; if it shall differ each time, write `varies`"


def differences(job: Job, fresh: Fresh) -> tuple[Finding, ...]:
    """An error for each cell and expression whose record does not say what came out now."""
    found: list[Finding] = []
    for stale in job.match.roots:
        found.append(_stale(stale.code, stale.why))
    for cell in job.cells:
        new, old = fresh.results.get(cell.index), job.match.serving.get(cell.index)
        if new is None or cell.varies:
            continue
        if old is None:
            if cell in job.match.unserved:
                found.append(_stale(cell, "there is no record of it"))
        elif not same_outcome(old, new):
            found.append(_differs(cell, *_first_difference(old, new)))
    varying = _varying_names(job.cells)
    for place, inline in enumerate(job.inlines):
        then, now = job.match.values.get(place), fresh.values.get(place)
        if then is not None and now is not None and then != now and not varying & _words(inline.expression):
            found.append(_differs(inline, then, now))
    return tuple(found)


def _varying_names(cells: Sequence[Cell]) -> set[str]:
    """The names to which cells that vary give values, and those that are made of them."""
    names: set[str] = set()
    for cell in cells:
        if cell.varies or names & _words(cell.source):
            names |= _given(cell)
    return names


def _given(cell: Cell) -> set[str]:
    try:
        tree = ast.parse(cell.source) if cell.language == "python" else None
    except (SyntaxError, ValueError, RecursionError):
        tree = None  # IPython's own commands
    if tree is None:
        return _words(cell.source)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w*", text))


def _stale(code: Cell | Inline, why: str) -> Finding:
    hint = "record what comes out now: `--exec=always`"
    return Finding("cell-stale", "error", f"the record of {code.label} does not serve: {why}", code.where, hint=hint)


def _differs(code: Cell | Inline, old: str, new: str) -> Finding:
    details = (("recorded", old or "nothing"), ("came out", new or "nothing"))
    message = f"{code.label} gives something else than what is recorded"
    return Finding("cell-differs", "error", message, code.where, hint=_HINT, details=details)


def _first_difference(old: Result, new: Result) -> tuple[str, str]:
    """The first lines that differ, then and now."""
    for then, now in zip_longest(_lines(old), _lines(new), fillvalue=""):
        if then != now:
            return then, now
    return f"{old.dropped} bytes left out", f"{new.dropped} bytes left out"


def _lines(result: Result) -> list[str]:
    lines = [line for output in result.outputs for line in _output_lines(output)]
    if result.failure is not None:
        lines += [f"{result.failure.name}: {result.failure.message}", *result.failure.traceback.split("\n")]
    return lines


def _output_lines(output: Output) -> list[str]:
    lines: list[str] = []
    for media_type, content in output.data:
        if isinstance(content, bytes) or media_type == "image/svg+xml":
            lines.append(f"{output.kind}: {media_type} {_digest(content)}")
        else:
            lines += [f"{output.kind}: {line}" for line in str(without_chance(without_colours(content))).split("\n")]
    return lines


def _digest(content: str | bytes) -> str:
    return sha256(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))[:12]
