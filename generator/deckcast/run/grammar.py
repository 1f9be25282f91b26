"""Code that no Python can read, told before anything runs: a typing mistake must not cost minutes of training."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator

from deckcast.errors import CellError
from deckcast.model import Cell, Inline
from deckcast.settings import CellsSettings

OURS = "python3"
"""The kernel whose Python is of the same version as ours, or so near that mistakes are the same."""
_MORE_THAN_PYTHON = re.compile(r"^\s*[%!?]|=\s*[%!]|\?\s*$", re.M)
"""Lines that IPython reads and Python does not."""


def mistakes(cells: Iterable[Cell], inlines: Iterable[Inline], settings: CellsSettings) -> Iterator[CellError]:
    """Each cell and expression in Python that has a syntax error, but for cells that may fail.

    Cells with commands of IPython's are left to the kernel, as are all where another Python runs them.
    """
    if settings.kernel != OURS or settings.kernel_url:
        return
    for cell in cells:
        if cell.language == "python" and not cell.may_fail and not _MORE_THAN_PYTHON.search(cell.source):
            error = _error(cell.source, "exec")
            if error is not None:
                yield _in_cell(cell, error)
    for inline in inlines:
        if inline.language == "python":
            error = _error(inline.expression.strip(), "eval")
            if error is not None:
                message = f"{inline.label} is no Python expression: {error.msg}"
                hint = "a value is one expression on one line; back-ticks end it"
                width = len(inline.label) - 2
                yield CellError(message, where=inline.where, width=width, hint=hint, code="cell-syntax")


def _in_cell(cell: Cell, error: SyntaxError) -> CellError:
    number = min(max(error.lineno or 1, 1), len(cell.lines))
    line = cell.source.split("\n")[number - 1]
    message = f"{cell.label} is no Python: {error.msg}"
    hint = "a cell that is to show this error says `may_fail`"
    width = max(len(line.strip()), 1)
    return CellError(message, where=cell.lines[number - 1], width=width, hint=hint, code="cell-syntax")


def _error(source: str, mode: str) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the author's escapes, which Python tells when it runs them
        try:
            ast.parse(source, mode=mode)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):  # the kernel tells what it makes of that
            return None
    return None
