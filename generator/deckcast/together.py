"""Two pieces of work at once, both finished before anything that went wrong in either is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from deckcast.errors import DeckcastError, raise_all

A = TypeVar("A")
B = TypeVar("B")


def together(here: Callable[[], A], beside: Callable[[], B], abandon: Callable[[], None]) -> tuple[A, B]:
    """Runs `here` in this thread and `beside` in another. Raises what either raised, both if both did.

    A failure in one lets the other finish, since finished work is kept. An interrupt calls `abandon`, which
    must make `beside` end soon.
    """
    errors: list[DeckcastError] = []
    with ThreadPoolExecutor(1, thread_name_prefix="deckcast-beside") as pool:
        future = pool.submit(beside)
        results: list[A] = []
        try:
            results.append(here())
        except DeckcastError as error:
            errors.append(error)
        except BaseException:
            abandon()
            raise
        try:
            other = future.result()
        except DeckcastError as error:
            errors.append(error)
        except BaseException:
            abandon()
            raise
    raise_all(errors)
    return results[0], other
