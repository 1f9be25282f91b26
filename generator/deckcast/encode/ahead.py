"""Work on an executor, a few pieces ahead of whoever takes them: memory does not grow with their number."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Item = TypeVar("Item")
Job = tuple[Callable[..., Any], tuple[Any, ...]]


def ahead(executor: Executor, items: Iterable[Item], job: Callable[[Item], Job]) -> Iterator[tuple[Item, Any]]:
    """(item, result of its job) in order. `job` names the function and its arguments just before they are needed.

    When a job fails or nobody wants any more, those not yet begun are called off.
    """
    window = 2 * at_once(executor) + 2
    waiting: deque[tuple[Item, Future[Any]]] = deque()
    try:
        for item in items:
            function, arguments = job(item)
            waiting.append((item, executor.submit(function, *arguments)))
            if len(waiting) >= window:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        for _, future in waiting:
            future.cancel()


def at_once(executor: Executor) -> int:
    """How many tasks it works on at once. One whose work is elsewhere has an attribute of this name."""
    told = getattr(executor, "at_once", None)
    return int(told) if told is not None else os.cpu_count() or 1
