"""Several chapters at once, each in a process of its own: this side hands out orders and hears what becomes of them.

Two pipes lead to a process: orders go in, what is told comes out. When the first one ends, the process ends, in its
own time and by itself (`building_process.py`). That is how it is stopped, and it ends likewise when this process is
killed. What it or a library writes to its standard error comes by a third pipe, so that lines stay whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, cast

from deckcast.errors import DeckcastError, MachineError
from deckcast.model import Finding, Lesson
from deckcast.ports import Progress
from deckcast.project import Chapter
from deckcast.workshop import Workshop

GRACE = 30.0
"""Seconds that a process has to end by itself when it is stopped, with all that it has started."""
_LAST_WORDS = 20
"""Lines of what a process wrote to its standard error that are told when it dies."""
_PIECES = 16
"""Of 64 kB, that are read at once from one process before the others are heard."""
# The modules of this process, wherever they come from, are those of the other one.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1));"
    "from deckcast.building_process import main; sys.exit(main())"
)


@dataclass(frozen=True, slots=True)
class Order:
    """A chapter, and how it is to be built: what `build` takes."""

    chapter: Chapter
    output: Path
    only: str = ""
    draft: bool = False
    force: bool = False
    trust: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a chapter."""

    lesson: Lesson | None
    """None where there is none, for reasons that `findings` tell."""
    findings: tuple[Finding, ...]
    code: int
    """As the command's exit code."""

    @classmethod
    def of(cls, lesson: Lesson) -> Outcome:
        return cls(lesson, lesson.findings, int(any(one.severity == "error" for one in lesson.findings)))

    @classmethod
    def failed(cls, error: DeckcastError) -> Outcome:
        return cls(None, error.findings, error.exit_code)


def build_one(order: Order, progress: Progress, workshop: Workshop) -> Outcome:
    """Builds a chapter in this process."""
    from deckcast.build import build  # half a second, which a lesson that stands does not need

    try:
        lesson = build(
            order.chapter,
            output=order.output,
            only=order.only,
            draft=order.draft,
            force=order.force,
            trust=order.trust,
            settings=order.settings,
            progress=progress,
            workshop=workshop,
        )
    except DeckcastError as error:
        return Outcome.failed(error)
    return Outcome.of(lesson)


def share(processes: int) -> int:
    """Tasks at once for each of so many processes: the cores of this machine, shared out."""
    return max(1, (os.cpu_count() or 1) // processes)


def program() -> list[str]:
    """The command of a process that builds."""
    return [sys.executable, "-c", _BOOT, json.dumps(sys.path)]


def build_all(
    orders: Sequence[Order],
    processes: int,
    begin: Callable[[int], Progress],
    done: Callable[[int, Outcome], None],
    *,
    command: Sequence[str] | None = None,
) -> None:
    """Builds chapters, as many at once as there are to be `processes`; each takes one after the other.

    `begin` is told the number of an order when it is begun, `done` what came of it; both are called in this thread. A
    process that dies fails its own chapter and is replaced. However this ends, no process is left behind; a second
    interrupt ends them at once. Raises `RuntimeError` for a bug in one of them, and stops the others.
    """
    team = _Team(orders, begin, done, command or program())
    try:
        team.work(min(processes, len(orders)))
    finally:
        team.end()


class _Member:
    """One process."""

    def __init__(self, command: Sequence[str]) -> None:
        # In our own process group: what a terminal suspends and goes on with is all of it.
        self._popen = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        given, told, words = cast(tuple[IO[bytes], IO[bytes], IO[bytes]], self._streams())
        with given, told:
            self.orders = Connection(os.dup(given.fileno()), readable=False)
            self.answers = Connection(os.dup(told.fileno()), writable=False)
        self.words = words
        os.set_blocking(words.fileno(), False)
        self.silent = False
        """Whether it can write no more to its standard error."""
        self.at: int | None = None
        """The number of the order at which it is."""
        self.progress: Progress | None = None
        """Of that order, or of the last one."""
        self.last: deque[str] = deque(maxlen=_LAST_WORDS)
        self._half = b""
        """What it has written since its last whole line."""

    def _streams(self) -> tuple[Any, Any, Any]:
        return self._popen.stdin, self._popen.stdout, self._popen.stderr

    def give(self, order: Order) -> None:
        with contextlib.suppress(OSError):  # it is dead, of which we shall hear
            self.orders.send(order)

    def dismiss(self) -> None:
        """It ends when it has done what it was given last; where it is at work, it stops."""
        with contextlib.suppress(OSError):
            self.orders.close()

    def overhear(self, *, all_of_it: bool = False) -> list[str]:
        """The lines that it has written to its standard error: whole ones, or `all_of_it` that is there."""
        data = self._half
        with contextlib.suppress(BlockingIOError):
            for _ in range(_PIECES):
                if not (piece := os.read(self.words.fileno(), 65536)):
                    self.silent = all_of_it = True
                    break
                data += piece
        *lines, self._half = [*data.split(b"\n"), b""] if all_of_it else data.split(b"\n")
        told = [text for line in lines if (text := line.decode("utf-8", "replace").rstrip())]
        self.last.extend(told)
        return told

    def ended(self, seconds: float) -> str:
        """How it ended, which it has to within `seconds`."""
        try:
            code = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return "hung"
        if code >= 0:
            return f"ended with exit code {code}"
        name = signal.Signals(-code).name if -code in set(signal.Signals) else "unknown"
        return f"was ended by signal {-code} ({name})"

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()

    def close(self) -> None:
        self.dismiss()
        self.answers.close()
        self.words.close()


class _Team:
    """The processes, and what is left to do."""

    def __init__(
        self,
        orders: Sequence[Order],
        begin: Callable[[int], Progress],
        done: Callable[[int, Outcome], None],
        command: Sequence[str],
    ) -> None:
        self._orders = orders
        self._left = deque(range(len(orders)))
        self._begin = begin
        self._done = done
        self._command = command
        self._members: list[_Member] = []
        self._selector = selectors.DefaultSelector()

    def work(self, processes: int) -> None:
        for _ in range(processes):
            self._start()
        while self._members:
            for key, _ in self._selector.select():
                member, hear = key.data
                if member in self._members:  # what was heard before may have ended it
                    hear(member)

    def end(self) -> None:
        """Lets those end that are still there."""
        try:
            for member in tuple(self._members):
                member.dismiss()
            until = time.monotonic() + GRACE
            while self._members and (left := until - time.monotonic()) > 0:
                for key, _ in self._selector.select(left):
                    member, _ = key.data
                    if member in self._members:
                        self._drain(member, key.fileobj)
        finally:
            for member in tuple(self._members):
                member.kill()
                self._forget(member)
            self._selector.close()

    def _start(self) -> None:
        member = _Member(self._command)
        self._members.append(member)
        self._selector.register(member.answers, selectors.EVENT_READ, (member, self._hear))
        self._selector.register(member.words, selectors.EVENT_READ, (member, self._overhear))
        self._next(member)

    def _next(self, member: _Member) -> None:
        if not self._left:
            member.at = None
            member.dismiss()
            return
        member.at = self._left.popleft()
        member.progress = self._begin(member.at)
        member.give(self._orders[member.at])

    def _hear(self, member: _Member) -> None:
        try:
            kind, *told = member.answers.recv()
        except (EOFError, OSError):
            self._lost(member)
            return
        if kind == "progress" and member.progress is not None:
            name, given, named = told
            getattr(member.progress, name)(*given, **named)
        elif kind == "built" and member.at is not None:
            self._overhear(member)  # which was before
            self._done(member.at, told[0])
            self._next(member)
        elif kind == "bug":
            name = "" if member.at is None else self._orders[member.at].chapter.name
            raise RuntimeError(f"a bug, in the process that built {name}:\n{told[0]}")

    def _overhear(self, member: _Member, *, all_of_it: bool = False) -> None:
        if member.silent:
            return
        for line in member.overhear(all_of_it=all_of_it):
            if member.progress is not None:
                member.progress.say(line)
        if member.silent:
            self._selector.unregister(member.words)

    def _lost(self, member: _Member) -> None:
        """It has ended: as it should, or in the middle of its chapter."""
        how = member.ended(GRACE)
        self._overhear(member, all_of_it=True)
        if member.at is not None:
            name = self._orders[member.at].chapter.name
            error = MachineError(
                f"the process that built {name} {how}",
                code="process",
                hint="what it had finished is kept, so build again; if memory was short, with a smaller --jobs",
                details=(("it said last", "\n".join(member.last)),) if member.last else (),
            )
            self._done(member.at, Outcome.failed(error))
        self._forget(member)
        if self._left:
            self._start()

    def _drain(self, member: _Member, stream: Any) -> None:
        """Lets a process write that is to end, and takes note of its end."""
        try:
            if stream is member.answers:
                member.answers.recv_bytes()
            elif not os.read(member.words.fileno(), 65536):
                self._selector.unregister(member.words)
        except (EOFError, OSError):
            member.ended(GRACE)
            self._forget(member)

    def _forget(self, member: _Member) -> None:
        self._members.remove(member)
        for stream in (member.answers, member.words):
            with contextlib.suppress(KeyError):
                self._selector.unregister(stream)
        member.close()
