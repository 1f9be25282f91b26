"""Takes tokens and passwords out of what cells put out, before anything records, shows or speaks it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from deckcast.model import Failure, Output
from deckcast.ports import Ran
from deckcast.redact import redacted


def withheld(ran: Ran) -> Ran:
    """What a run gave without the values of this process's secret variables. Pictures are not read."""
    clean = rewritten(ran, redacted)
    return clean if clean == ran else dataclasses.replace(clean, withheld=True)


def rewritten(ran: Ran, change: Callable[[str], str]) -> Ran:
    """What a run gave, with all of its texts changed."""
    outputs = tuple(_output(output, change) for output in ran.outputs)
    failure = None if ran.failure is None else _failure(ran.failure, change)
    return dataclasses.replace(ran, outputs=outputs, failure=failure)


def _output(output: Output, change: Callable[[str], str]) -> Output:
    data = tuple((name, change(text) if isinstance(text, str) else text) for name, text in output.data)
    return dataclasses.replace(output, data=data)


def _failure(failure: Failure, change: Callable[[str], str]) -> Failure:
    return dataclasses.replace(failure, message=change(failure.message), traceback=change(failure.traceback))
