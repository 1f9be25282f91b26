"""Two pieces of work at once; when one fails, the other is called off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

from deckcast.errors import DeckcastError, raise_all

A = TypeVar("A")
B = TypeVar("B")


def together(here: Callable[[], A], beside: Callable[[], B], abandon: Callable[[], None]) -> tuple[A, B]:
    """Runs `here` in this thread and `beside` in another. Raises what went wrong in either, or in both.

    When `here` fails or is interrupted, `abandon` is called, which must make `beside` end soon: what it has finished
    by then is kept, and nobody waits for the rest before being told.
    """
    errors: list[DeckcastError] = []
    with ThreadPoolExecutor(1, thread_name_prefix="deckcast-beside") as pool:
        future = pool.submit(beside)
        results: list[A] = []
        try:
            results.append(here())
        except DeckcastError as error:
            errors.append(error)
            abandon()
        except BaseException:
            abandon()
            raise
        try:
            other = future.result()
        except DeckcastError as error:
            errors.append(error)
        except (CancelledError, RuntimeError):
            # Cancelled tasks, or an executor that takes no more: so ends work that was called off.
            if not errors:
                raise
        except BaseException:
            abandon()
            raise
    raise_all(errors)
    return results[0], other
