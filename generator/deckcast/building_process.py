"""The program of a process that builds chapters one after the other, as it is told; `building.py` is the other side.

It reads orders from its standard input and ends when that does: because there are no more, because it is to stop, or
because whoever started it is gone. Then work in hand is interrupted, as by Ctrl-C, so that kernels and browsers end; if
that takes longer than `GRACE`, it ends hard, and what it started ends with it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from deckcast.building import GRACE, Order, Outcome, build_one
from deckcast.ports import Progress
from deckcast.warm import WarmBrowser
from deckcast.workshop import Workshop

Build = Callable[[Order, Progress], Outcome]
_INTERRUPTED = 130


def main() -> int:
    """Gives the exit code."""
    warm = WarmBrowser(Workshop().browser)
    shop = Workshop(browser=warm.open)
    return serve(lambda order, progress: build_one(order, progress, shop), warm.close)


def serve(build: Build, close: Callable[[], None]) -> int:
    """Does what is ordered, and gives the exit code. `close` is called at the end, whatever ends it."""
    orders = Connection(os.dup(0), writable=False)
    answers = Connection(os.dup(1), readable=False)
    # Whatever else reads or writes there is none of our two sides.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return _Serving(orders, answers, build).run(close)


class _Serving:
    def __init__(self, orders: Connection, answers: Connection, build: Build) -> None:
        self._orders = orders
        self._answers = answers
        self._build = build
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._busy = False
        self._stopped = False

    def run(self, close: Callable[[], None]) -> int:
        signal.signal(signal.SIGINT, lambda *_: None)  # a Ctrl-C is for who ordered; not SIG_IGN, which kernels inherit
        signal.signal(signal.SIGTERM, self._interrupt)
        threading.Thread(target=self._listen, name="deckcast-orders", daemon=True).start()
        try:
            while (order := self._waiting.get()) is not None:
                self._busy = True
                if self._stopped:  # before it was begun
                    return _INTERRUPTED
                outcome = self._build(order, _Told(self.tell))
                self._busy = False
                self.tell("built", outcome)
        except KeyboardInterrupt:
            return _INTERRUPTED
        except Exception:  # a bug, which is told where people see it
            self._busy = False
            self.tell("bug", traceback.format_exc())
            return 1
        finally:
            self._busy = False
            close()
        return 0

    def tell(self, *what: Any) -> None:
        """To be called from any thread."""
        with self._lock, contextlib.suppress(OSError):  # nobody hears us: the end of orders is on its way
            self._answers.send(what)

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._waiting.put(self._orders.recv())
        self._stopped = True
        self._waiting.put(None)
        if self._busy:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        if self._busy:
            self._busy = False  # once: what clears up is not interrupted again
            raise KeyboardInterrupt


class _Told:
    """A `Progress` that tells the other side."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell

    def begin(self, stage: str, total: int) -> None:
        self._tell("progress", "begin", (stage, total), {})

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        self._tell("progress", "advance", (stage, what), {"kept": kept, "why": why})

    def end(self, stage: str, note: str = "") -> None:
        self._tell("progress", "end", (stage, note), {})

    def say(self, message: str) -> None:
        self._tell("progress", "say", (message,), {})


if __name__ == "__main__":
    sys.exit(main())
