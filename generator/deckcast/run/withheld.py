"""Takes tokens and passwords out of what cells put out, before anything records, shows or speaks it."""

from __future__ import annotations

import dataclasses

from deckcast.model import Cell, Failure, Finding, Inline, Output
from deckcast.ports import Ran
from deckcast.redact import HIDDEN, redacted


def withheld(ran: Ran) -> tuple[Ran, bool]:
    """What a run gave without the values of secret variables, and whether there were any. Pictures are not read."""
    clean = dataclasses.replace(
        ran,
        outputs=tuple(map(_output, ran.outputs)),
        failure=None if ran.failure is None else _failure(ran.failure),
    )
    return clean, clean != ran


def finding(code: Cell | Inline) -> Finding:
    return Finding(
        "cell-secret",
        "warning",
        f"{code.label} put out a password or token of this machine's environment; {HIDDEN} stands in its place",
        code.where,
        hint="lessons are seen by many: print nothing that holds one",
    )


def _output(output: Output) -> Output:
    data = tuple((name, redacted(text) if isinstance(text, str) else text) for name, text in output.data)
    return dataclasses.replace(output, data=data)


def _failure(failure: Failure) -> Failure:
    return dataclasses.replace(failure, message=redacted(failure.message), traceback=redacted(failure.traceback))
