"""A process that has imported deckcast already; each build is a fork of it, so that none pays for Python's start.

`Nursery` speaks to that process, which is this file run as a program: a request a line on its standard input, an
answer a line on its standard output. A fork is a process and a session of its own and runs the command line's own
function to Python's regular end. Other than in a build as a person starts it, modules are there already, what is
compiled once (patterns, templates) is, and all forks of a nursery hash strings alike, so campaigns begin new ones now
and then.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

from faults.harness import SECONDS, environment


class Nursery:
    """Starts builds, and other commands of deckcast."""

    def __init__(self, *, library: Path | None = None) -> None:
        """`library`: `shim.c`, compiled; builds may then be started with what it understands in their environment."""
        self._folder = tempfile.TemporaryDirectory(prefix="nursery")
        self._number = 0
        # A fork of a process with threads would be another thing.
        calm = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        preload = {"LD_PRELOAD": str(library)} if library else {}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment(**calm, **preload),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(SECONDS) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._folder.cleanup()

    def start(self, *arguments: str | Path, cwd: Path, watch: bool = False, **changes: str) -> Build:
        """Starts the command; with `watch`, it tells its stages as it goes."""
        self._number += 1
        place = Path(self._folder.name) / str(self._number)
        place.with_suffix(".err").touch()  # a build may be killed before it has a hand to write with
        events = -1
        if watch:
            os.mkfifo(f"{place}.events")
            events = os.open(f"{place}.events", os.O_RDONLY | os.O_NONBLOCK)
        pid = self.ask(
            "start",
            arguments=[*map(str, arguments)],
            cwd=str(cwd),
            environment=environment(**changes),
            place=str(place),
            watch=watch,
        )
        return Build(self, pid, place, events)

    def run(self, *arguments: str | Path, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end. A traceback is never an answer to anything that these tests do."""
        build = self.start(*arguments, cwd=cwd, **changes)
        code, errors = build.end()
        assert "Traceback" not in errors, errors
        return subprocess.CompletedProcess([*map(str, arguments)], code, "", errors)

    def warm(self, *arguments: str | Path, cwd: Path, **changes: str) -> None:
        """Runs a build in the nursery itself that has nothing to make, so that those to come find all compiled."""
        code = self.ask("warm", arguments=[*map(str, arguments)], cwd=str(cwd), environment=environment(**changes))
        assert code == 0, "the lesson must stand"

    def ask(self, what: str, **more: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **more}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Build:
    """A command under way."""

    def __init__(self, nursery: Nursery, pid: int, place: Path, events: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._place = place
        self._events = events
        self._rest = b""
        self._code: int | None = None

    def wait(self, seconds: float) -> int | None:
        """The exit code, below zero for a signal's; None while it runs."""
        if self._code is None:
            self._code = self._nursery.ask("wait", pid=self.pid, seconds=seconds)
        return self._code

    def end(self, seconds: float = 3 * SECONDS) -> tuple[int, str]:
        """Waits for it: its exit code, and what it wrote to standard error."""
        code = self.wait(seconds)
        if code is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait(SECONDS)
        self.forget()
        said = self._place.with_suffix(".err")
        errors = said.read_text(errors="replace")
        said.unlink()
        assert code is not None, f"the build hangs:\n{errors}"
        return code, errors

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """With what runs in its session's group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def told(self, seconds: float) -> Iterator[tuple[str, str]]:
        """What it tells within so many seconds: (`begin` or `end`, a stage), and (`gone`, ``) as the last."""
        until = time.monotonic() + seconds
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                verb, _, stage = line.decode().partition(" ")
                yield verb, stage
            left = until - time.monotonic()
            if not select.select([self._events], [], [], max(0.0, left))[0]:
                return
            try:
                block = os.read(self._events, 65536)
            except BlockingIOError:
                continue
            if not block:
                # Nobody has opened it yet, or it has ended.
                if self.wait(0) is not None:
                    yield "gone", ""
                    return
                if left <= 0:
                    return
                time.sleep(0.002)
            self._rest += block

    def forget(self) -> None:
        if self._events >= 0:
            os.close(self._events)
            self._events = -1
            self._place.with_suffix(".events").unlink()


# ── the process itself ───────────────────────────────────────────────────────────────────────────


def serve() -> int:
    """Answers requests until there are no more. In a fork, gives the command's exit code."""
    from importlib import import_module

    import deckcast.cli

    for name in ("av", "playwright.sync_api", "deckcast.build", "deckcast.cli.build", "deckcast.course"):
        import_module(name)
    while line := sys.stdin.readline():
        asked = json.loads(line)
        answer: Any = None
        if asked["what"] == "wait":
            answer = _wait(asked["pid"], asked["seconds"])
        elif asked["what"] == "warm":
            answer = _warm(asked)
        else:
            answer = os.fork()
            if not answer:
                _settle(asked)
                return deckcast.cli.run(asked["arguments"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


def _warm(asked: Mapping[str, Any]) -> int:
    import gc
    import io

    import deckcast.cli

    _place(asked)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = deckcast.cli.run(asked["arguments"])
    assert threading.active_count() == 1, "a fork of a process with threads is another thing"
    gc.freeze()
    return code


def _wait(pid: int, seconds: float) -> int | None:
    until = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            return None
        time.sleep(0.005)


def _settle(asked: Mapping[str, Any]) -> None:
    """Makes of a fork what a shell would have started."""
    os.setsid()
    place = Path(asked["place"])
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)
    os.dup2(os.open(place.with_suffix(".err"), os.O_WRONLY), 2)
    _place(asked)
    if "FAULT_FOLDER" in os.environ or "FAULT_CLOCK" in os.environ:
        import ctypes

        ctypes.CDLL(None).fault_begin()
    if asked["watch"]:
        _tell(os.open(place.with_suffix(".events"), os.O_WRONLY))


def _place(asked: Mapping[str, Any]) -> None:
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.environ.pop("LD_PRELOAD", None)  # what stands before the C library here does already; it is nobody else's


def _tell(pipe: int) -> None:
    """Has the progress that people see tell its stages to `pipe`, too."""
    from deckcast.cli import progress

    class Telling(progress.PlainProgress):
        def begin(self, stage: str, total: int) -> None:
            super().begin(stage, total)
            os.write(pipe, f"begin {stage}\n".encode())

        def end(self, stage: str, note: str = "") -> None:
            os.write(pipe, f"end {stage}\n".encode())
            super().end(stage, note)

    progress.PlainProgress = Telling  # type: ignore[misc]


if __name__ == "__main__":
    sys.exit(serve())
