"""Sees to it that a Python kernel's words come whole and with the cell that they belong to. Sent to it as text when it
starts, beside `kernel_prelude_program.py`: so only the standard library, and no newer Python than 3.9.
"""

from __future__ import annotations

import concurrent.futures.thread
import json
import sys
import threading
import time
from typing import Any

LAG = 0.3
"""Seconds that are waited, at most, for what a cell's child processes have written."""


def install(shell: Any) -> None:
    shell.unobserve_all("exit_now")  # `exit()` ends no lesson
    shell.events.register("post_run_cell", _wait_for_pipes)
    _pack_all_text(shell.kernel.session)
    _lose_nothing(getattr(shell.kernel, "iopub_thread", None))
    if hasattr(shell, "set_thread_parent"):
        _mark_threads(shell)


def _wait_for_pipes(_: Any = None) -> None:
    """What child processes have written belongs to the cell; the thread that brings it may lag behind."""
    try:
        import fcntl
        import termios
    except ImportError:  # Windows, where the kernel does not look at pipes
        return
    until = time.monotonic() + LAG
    for stream in (sys.stdout, sys.stderr):
        pipe: Any = getattr(stream, "_fid", None)
        waiting = pipe is not None
        while waiting and time.monotonic() < until:
            time.sleep(0.001)  # the thread needs a moment for what it has just read, too
            waiting = any(fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))


def _pack_all_text(session: Any) -> None:
    """Text with half a character in it would be lost, with all that was printed beside it."""
    pack = session.pack

    def pack_all(content: Any) -> bytes:
        try:
            packed: bytes = pack(content)
            packed.decode("utf-8")
        except (UnicodeError, TypeError):
            return json.dumps(content, default=str).encode("ascii")
        return packed

    session.pack = pack_all


def _lose_nothing(thread: Any) -> None:
    """Outputs that come quicker than they are taken wait; as it is, all beyond a thousand of them vanish."""
    if thread is not None:
        thread.schedule(lambda: thread.socket.set_hwm(0))  # a socket may be used by its own thread only


def _mark_threads(shell: Any) -> None:
    """A thread speaks for the cell that started it, and a pool's for the cell whose work it does.

    Without this, what a thread prints later belongs to the cell that happens to run then.
    """
    thread: Any = threading.Thread
    work: Any = getattr(concurrent.futures.thread, "_WorkItem", None)
    # `run` is what subclasses replace, and a frame of ours in it would show in tracebacks.
    start, begin = thread.start, thread._bootstrap_inner  # noqa: SLF001

    def marked_start(self: Any) -> None:
        self._deckcast_parent = shell.get_parent()
        start(self)

    def marked_begin(self: Any) -> None:
        shell.set_thread_parent(getattr(self, "_deckcast_parent", None) or shell.get_parent())
        begin(self)

    thread.start, thread._bootstrap_inner = marked_start, marked_begin  # noqa: SLF001
    if work is None:
        return
    make, run = work.__init__, work.run

    def marked_make(self: Any, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self._deckcast_parent = shell.get_parent()

    def marked_run(self: Any, *arguments: Any) -> None:
        before = shell.set_thread_parent(self._deckcast_parent)
        try:
            run(self, *arguments)
        finally:
            shell.reset_thread_parent(before)

    work.__init__, work.run = marked_make, marked_run
