"""A running kernel, whatever wire leads to it: runs cells within their limits and reads the answers."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias

from deckcast.engines import kernel_python
from deckcast.engines.kernel_fold import Fold, plain
from deckcast.errors import KernelError
from deckcast.model import Failure, Output, Provenance
from deckcast.ports import Ran

Channel: TypeAlias = Literal["shell", "control", "iopub"]
Message: TypeAlias = Mapping[str, Any]
"""Of the Jupyter protocol: `msg_type`, `parent_header`, `content`."""

GRACE = 3.0
"""Seconds that a cell has to end by itself once it has been interrupted."""
FLOOD = 20_000_000
"""Bytes beyond its limit that count as a flood."""
PATIENCE = 2.0
"""Seconds that a flood may last, so that one which ends by itself does; then the cell is interrupted."""
TICK = 0.2
"""Seconds after which the kernel's health is looked at while it is silent."""
LAST_WORDS = 0.5
"""Seconds that outputs may be behind the reply to their request when a kernel does not say that it is idle."""
ANSWER = 30.0
"""Seconds for questions of ours, which take milliseconds."""


class Wire(Protocol):
    """A connection to one kernel."""

    name: str
    """The kernel's name: `python3`."""

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        """Sends a message and gives its id. Raises `KernelError` when the connection is lost for good."""
        ...

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        """The next message on any channel, None when there is none in time. Raises `KernelError` likewise."""
        ...

    def interrupt(self) -> None: ...

    def kill(self) -> None:
        """Ends the kernel and all that it started, at once."""
        ...

    def ended(self) -> str:
        """Empty while it lives; else how it ended: `exit code 3`, `signal 11 (SIGSEGV)`."""
        ...

    def ended_by_us(self) -> Failure | None:
        """Why we ended it, such as for the memory it took; None where we did not."""
        ...

    def close(self) -> None: ...


class Session:
    """`ports.Kernel` over a wire."""

    def __init__(self, wire: Wire, *, python: bool, prelude: str = "") -> None:
        """`prelude` is run silently first. Raises `KernelError` where that fails."""
        self._wire = wire
        self._python = python
        self._closed = False
        self._dead = ""
        self._runs: dict[str, int] = {}
        """Our number of the run that a message id asked for; runs that have ended."""
        self._late: dict[int, str] = {}
        if prelude:
            answer = self._ask(prelude, silent=True)
            if answer.get("status") != "ok":
                raise KernelError(
                    f"the kernel {wire.name} cannot be prepared: {answer.get('ename')}: {answer.get('evalue')}",
                    hint="is it an IPython kernel? `kernel` in the settings names another one",
                )

    # ── the port ──

    def run(self, source: str, *, timeout: float, limit: int) -> Ran:
        return self._execute(source, timeout=timeout, limit=limit)[0]

    def evaluate(self, expression: str, *, timeout: float) -> Ran:
        if not self._python:
            return self._as_code(expression, timeout)
        asked = kernel_python.evaluation(expression)
        ran, reply = self._execute("", timeout=timeout, limit=1_000_000, expressions=asked, silent=True)
        if ran.failure is not None or not reply:
            return ran
        told = kernel_python.value(reply.get("user_expressions") or {})
        if isinstance(told, Failure):
            clean = Failure(told.name, plain(told.message), plain(told.traceback), told.line)
            return Ran(failure=clean, count=ran.count, seconds=ran.seconds, alive=ran.alive)
        output = Output("result", (("text/plain", told),))
        return Ran((output,), count=ran.count, seconds=ran.seconds, alive=ran.alive)

    def provenance(self) -> Provenance:
        if self._python:
            return kernel_python.provenance(self._asked(kernel_python.PROVENANCE), self._wire.name)
        return self._plain_provenance()

    def late(self) -> tuple[tuple[int, str], ...]:
        if not self._dead and not self._closed:
            with contextlib.suppress(KernelError):
                while (got := self._wire.receive(0.05)) is not None:
                    self._note_late(*got)
        return tuple(sorted(self._late.items()))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._wire.close()

    # ── questions of ours ──

    def meets(self, need: str) -> tuple[bool, str]:
        """Whether the kernel's machine has it, and the reason. Python kernels only."""
        return kernel_python.met(self._asked(kernel_python.need(need)))

    def _asked(self, expressions: Mapping[str, str]) -> kernel_python.Answers:
        reply = self._ask("", expressions=expressions, silent=True)
        answers: kernel_python.Answers = reply.get("user_expressions") or {}
        return answers

    def _ask(self, code: str, *, expressions: Mapping[str, str] | None = None, silent: bool) -> Mapping[str, Any]:
        ran, reply = self._execute(code, timeout=ANSWER, limit=100_000, expressions=expressions, silent=silent)
        if not reply:
            why = ran.failure.message if ran.failure else "it gives no answer"
            raise KernelError(f"the kernel {self._wire.name} does not answer: {why}", hint="run it again")
        return reply

    def _as_code(self, expression: str, timeout: float) -> Ran:
        """The value of an expression in a language of which we know nothing: what it shows, or else prints."""
        ran = self.run(expression, timeout=timeout, limit=1_000_000)
        shown = [one for one in ran.outputs if one.kind in ("result", "display")] or list(ran.outputs)
        text = "".join(str(one.get("text/plain") or "") for one in shown if one.kind != "stderr").strip()
        outputs = () if ran.failure else (Output("result", (("text/plain", text),)),)
        return Ran(outputs, ran.failure, ran.count, ran.seconds, ran.peak, ran.dropped, ran.alive)

    def _plain_provenance(self) -> Provenance:
        """Of a kernel that is not Python, on this machine; its language as it tells it."""
        from deckcast.engines import kernel_probe_program as probe

        info = self._language()
        facts = dict(probe.machine())
        facts["language"] = " ".join(str(info.get(key, "")) for key in ("name", "version")).strip()
        facts["accelerators"] = tuple(facts["accelerators"])
        return Provenance(kernel=self._wire.name, **facts)

    def _language(self) -> Mapping[str, Any]:
        wanted = self._wire.send("shell", "kernel_info_request", {})
        until = time.monotonic() + ANSWER
        while time.monotonic() < until:
            got = self._wire.receive(TICK)
            if got is not None and got[0] == "shell" and _parent(got[1]) == wanted:
                info: Mapping[str, Any] = got[1]["content"].get("language_info") or {}
                return info
        return {}

    # ── running ──

    def _execute(
        self,
        code: str,
        *,
        timeout: float,
        limit: int,
        expressions: Mapping[str, str] | None = None,
        silent: bool = False,
    ) -> tuple[Ran, Mapping[str, Any]]:
        """What came out, and the content of the reply; that is empty where there came none."""
        if self._closed or self._dead:
            raise KernelError(
                "the kernel has ended" + (f" ({self._dead})" if self._dead else ""), hint="start the chapter again"
            )
        peak = dict(kernel_python.PEAK) if self._python and not silent else {}
        begun = time.monotonic()
        wanted = self._wire.send(
            "shell",
            "execute_request",
            {
                "code": code,
                "silent": silent,
                "store_history": not silent,
                "user_expressions": {**peak, **(expressions or {})},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        running = _Running(wanted, Fold(limit), begun + timeout)
        ended = self._wait(running)
        seconds = time.monotonic() - begun
        reply = running.reply or {}
        if ended:
            self._dead = ended
        count = int(reply.get("execution_count") or running.count)
        failure = self._failure(running, ended, timeout)
        if failure is not None and not failure.line:
            failure = dataclasses.replace(failure, line=_line(failure.traceback, count))
        if not silent:
            self._runs[wanted] = count
        memory = 0
        if peak and reply.get("user_expressions"):
            with contextlib.suppress(KernelError):
                memory = kernel_python.peak(reply["user_expressions"])
        fold = running.fold
        return Ran(fold.outputs(), failure, count, seconds, memory, fold.dropped, not ended), reply

    def _wait(self, running: _Running) -> str:
        """Until the run is over; how the kernel ended, if it did."""
        while True:
            now = time.monotonic()
            got = self._wire.receive(max(min(TICK, running.next_deadline(now) - now), 0.001))
            if got is not None:
                self._take(running, *got)
                if running.reply is not None and running.idle:
                    return ""
            elif ended := self._wire.ended():
                self._drain(running)
                return "" if running.reply is not None and running.idle else ended
            now = time.monotonic()
            if running.over(now):
                return ""
            if running.interrupted and now > running.interrupted + GRACE:
                self._wire.kill()
                return "it was ended, since an interrupt did not help"
            if not running.interrupted and (running.floods(now) or (now > running.deadline and not running.reply)):
                running.flooded = running.floods(now)
                running.interrupted = now
                self._wire.interrupt()

    def _drain(self, running: _Running) -> None:
        with contextlib.suppress(KernelError):
            while (got := self._wire.receive(0.05)) is not None:
                self._take(running, *got)

    def _take(self, running: _Running, channel: Channel, message: Message) -> None:
        if _parent(message) != running.wanted:
            self._note_late(channel, message)
            return
        content = message["content"]
        if channel == "shell":
            if message["msg_type"] == "execute_reply":
                running.replied(content)
        elif channel == "iopub" and message["msg_type"] == "status":
            running.idle = content.get("execution_state") == "idle"
        elif channel == "iopub":
            if message["msg_type"] == "execute_input":
                running.count = int(content.get("execution_count") or 0)
            running.fold.take(message["msg_type"], content)

    def _note_late(self, channel: Channel, message: Message) -> None:
        """Words of a run that is over: a thread or a child process of it goes on."""
        count = self._runs.get(_parent(message))
        if channel == "iopub" and count is not None and message["msg_type"] == "stream":
            text = plain(str(message["content"].get("text", "")))
            self._late[count] = (self._late.get(count, "") + text)[:10_000]

    def _failure(self, running: _Running, ended: str, timeout: float) -> Failure | None:
        found = running.fold.failure
        if ended and not running.interrupted:
            return self._wire.ended_by_us() or Failure("KernelDied", f"the kernel died: {ended}")
        if running.flooded:
            return Failure("OutputLimit", f"it did not stop putting out: {running.fold.dropped / 1e6:.0f} MB too much")
        if running.interrupted:
            where = found.traceback if found else ""
            line = found.line if found else 0
            return Failure(
                "Timeout", f"it took longer than {timeout:g} s" + (f"; {ended}" if ended else ""), where, line
            )
        reply = running.reply or {}
        if found is None and reply.get("status") in ("error", "aborted"):
            lines = "\n".join(map(str, reply.get("traceback") or ()))
            name = str(reply.get("ename") or "Error")
            found = Failure(plain(name), plain(str(reply.get("evalue") or "")), plain(lines))
        return found


class _Running:
    """A run as it goes on."""

    def __init__(self, wanted: str, fold: Fold, deadline: float) -> None:
        self.wanted = wanted
        self.fold = fold
        self.deadline = deadline
        self.reply: Mapping[str, Any] | None = None
        self.idle = False
        self.count = 0
        self.interrupted = 0.0
        """When, by the monotonic clock; 0 while it was not."""
        self.flooded = False
        self._replied = 0.0
        self._flood_began = 0.0

    def replied(self, content: Mapping[str, Any]) -> None:
        self.reply = content
        self._replied = time.monotonic()

    def floods(self, now: float) -> bool:
        """Whether it goes on putting out what nobody keeps."""
        if self.fold.dropped > FLOOD and self.reply is None:
            self._flood_began = self._flood_began or now
            return now > self._flood_began + PATIENCE
        return False

    def over(self, now: float) -> bool:
        """Whether nothing more is to come: some kernels never say that they are idle."""
        return self.reply is not None and now > self._replied + LAST_WORDS

    def next_deadline(self, now: float) -> float:
        return self.interrupted + GRACE if self.interrupted else max(self.deadline, now)


_IN_CELL = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")


def _line(traceback: str, count: int) -> int:
    """The deepest line of run `count` in a traceback of IPython's; 0 where there is none."""
    lines = [int(line) for run, line in _IN_CELL.findall(traceback) if int(run) == count]
    return lines[-1] if lines else 0


def _parent(message: Message) -> str:
    return str((message.get("parent_header") or {}).get("msg_id", ""))
