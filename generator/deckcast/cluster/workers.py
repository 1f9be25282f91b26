"""A cluster's workers as a build sees them, and which of them may work for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works for whoever asks the scheduler."""

    address: str
    name: str
    threads: int
    resources: Mapping[str, float]
    """What it was started to offer, and how many tasks at once: `browser`, `voice`, `gpu`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What it told of itself (`facts.look`)."""
    trouble: str = ""
    """Why it may take nothing of this build; empty where it may."""

    def offers(self, resource: str) -> int:
        """How many tasks at once it takes that need the resource."""
        return int(self.resources.get(resource, 0))

    @property
    def browser(self) -> str:
        """`Browser.identity`; empty where it has none."""
        return str(self.facts.get("browser", ""))


def trouble(told: Mapping[str, Any] | BaseException, program: str, mark: str) -> str:
    """What keeps a worker that told this from working for a build of this program with the store of this mark."""
    if isinstance(told, ImportError | AttributeError):
        return "it has no deckcast, or one that knows nothing of clusters"
    if isinstance(told, TimeoutError):
        return "it does not say what it has"
    if isinstance(told, BaseException):
        return f"it cannot say what it has: {told}"
    if told["deckcast"] != program:
        return f"it has deckcast {told['deckcast']}, and this one is {program}"
    if told["store"] != mark:
        return f"it does not reach the store: {told.get('no_store') or 'what lies there is another one'}"
    return ""


def encoding_trouble(worker: Worker, own: Mapping[str, str]) -> str:
    """What keeps it from encoding for a lesson whose other parts are encoded here."""
    theirs = worker.facts.get("encoding", {})
    other = [
        f"{name} {theirs.get(name, 'unknown')} instead of {one}" for name, one in own.items() if theirs.get(name) != one
    ]
    return ", ".join(other)
