"""Two pieces of work at once; when one fails, the other is called off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from deckcast.errors import DeckcastError, raise_all

A = TypeVar("A")
B = TypeVar("B")


class Stoppable(Executor):
    """Another executor, until `stop` is called; then `submit` raises `CancelledError`.

    Tasks that wait in a queue are not cancelled: `concurrent.futures.wait` would never hear of it (a future
    that `shutdown(cancel_futures=True)` cancels does not wake its waiters). So submit few tasks ahead.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._stopped:
            raise CancelledError
        return self._executor.submit(fn, *args, **kwargs)

    def stop(self) -> None:
        self._stopped = True


def together(here: Callable[[], A], beside: Callable[[], B], abandon: Callable[[], None]) -> tuple[A, B]:
    """Runs `here` in this thread and `beside` in another. Raises what went wrong in either, or in both.

    When `here` fails or is interrupted, `abandon` is called, which must make `beside` end soon with
    `CancelledError`: what it has finished is kept, and nobody waits for the rest before being told.
    """
    errors: list[DeckcastError] = []
    ours: list[A] = []
    theirs: list[B] = []
    with ThreadPoolExecutor(1, thread_name_prefix="deckcast-beside") as pool:
        future = pool.submit(beside)
        try:
            ours.append(here())
        except DeckcastError as error:
            errors.append(error)
            abandon()
        except BaseException:
            abandon()
            raise
        try:
            theirs.append(future.result())
        except DeckcastError as error:
            errors.append(error)
        except CancelledError:
            if not errors:
                raise
        except BaseException:
            abandon()
            raise
    raise_all(errors)
    return ours[0], theirs[0]
