"""Asks the store for many pieces at once, and has the missing ones made on the executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Generic, TypeVar

from deckcast.digest import Question
from deckcast.encode.ahead import Job, ahead
from deckcast.keep import Keeper
from deckcast.model import Blob

STAGE = "encode"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Item]):
    """A piece of the lesson."""

    item: Item
    slot: str
    """What reports call it."""
    question: Question


def ask(
    wanted: Iterable[Wanted[Item]], blob: str, job: Callable[[Item], Job], keeper: Keeper, executor: Executor
) -> Iterator[tuple[Item, Blob]]:
    """(item, its kept blob of that name): those that are kept first, then those that `job` had to make."""
    missing: list[Wanted[Item]] = []
    each = tuple(wanted)
    keeper.expect(one.question for one in each)
    for one in each:
        answer = keeper.find(STAGE, one.slot, one.question)
        if answer is None:
            missing.append(one)
        else:
            yield one.item, answer.blobs[blob]
    for one, made in ahead(executor, missing, lambda entry: job(entry.item)):
        answer = keeper.keep(STAGE, one.slot, one.question, {}, {blob: made})
        yield one.item, answer.blobs[blob]
