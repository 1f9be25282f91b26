"""Many tasks at once. `concurrent.futures.Executor` is the port; here are threads.

Our tasks are other processes (browsers, speech workers) and encoders that release the interpreter
lock, so threads keep every core busy without the cost of starting Python again.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any


def open_executor(jobs: int) -> Executor:
    """`jobs` threads; 0 means one a processor core."""
    return ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1, thread_name_prefix="deckcast")


class InlineExecutor(Executor):
    """Runs each task when it is submitted, in the calling thread: tests see one order and plain tracebacks."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            if not isinstance(error, Exception):
                raise
            future.set_exception(error)
        return future
