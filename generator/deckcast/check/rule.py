"""What a rule is: a function that looks at a lesson, and all that its page in the documents says of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from deckcast.check.subject import Subject
from deckcast.model import Finding, Severity, Where


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is not kept."""

    message: str
    """With the measured value, where something was measured."""
    where: Where | None = None
    line: str = ""
    width: int = 1
    hint: str = ""
    slide: str = ""
    """`Slide.label`, where the place does not tell it."""
    severity: Severity | None = None
    """Where it is not the rule's own."""


Look = Callable[[Subject], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `summary` and `text` are the first line and the rest of its function's docstring."""

    code: str
    severity: Severity
    look: Look
    bad: str
    """A deck, or a part of one, that does not keep it."""
    good: str
    settings: tuple[str, ...] = ()
    """Those that it goes by."""
    drawn: bool = False
    """It needs slides that a browser has drawn."""

    @property
    def family(self) -> str:
        """The module in which it stands."""
        return self.look.__module__.rpartition(".")[2]

    @property
    def summary(self) -> str:
        return inspect.cleandoc(self.look.__doc__ or "").partition("\n")[0].removesuffix(".")

    @property
    def text(self) -> str:
        return inspect.cleandoc(self.look.__doc__ or "").partition("\n")[2].strip()

    def findings(self, subject: Subject) -> Iterator[Finding]:
        for hit in self.look(subject):
            yield Finding(
                self.code,
                hit.severity or self.severity,
                hit.message,
                hit.where,
                hit.line,
                max(hit.width, 1),
                hit.hint,
                hit.slide,
            )


def rule(
    code: str, severity: Severity, *, bad: str, good: str, settings: tuple[str, ...] = (), drawn: bool = False
) -> Callable[[Look], Rule]:
    """Makes a function into a rule."""

    def made(look: Look) -> Rule:
        return Rule(code, severity, look, inspect.cleandoc(bad), inspect.cleandoc(good), settings, drawn)

    return made
