"""A running kernel, whatever wire leads to it: `ports.Kernel` in terms of the Jupyter protocol."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from deckcast.engines import kernel_python
from deckcast.engines.kernel_messages import Outputs
from deckcast.engines.kernel_terminal import safe, uncoloured
from deckcast.engines.kernel_turn import Turn, failure, follow, tidied
from deckcast.engines.kernel_wire import Channel, Message, Wire, request_of
from deckcast.errors import KernelError
from deckcast.model import Failure, Output, Provenance
from deckcast.ports import Ran

__all__ = ["START", "Channel", "Message", "Session", "Wire"]

START = 60.0
"""Seconds that a kernel may take to answer for the first time; 0.7 are usual."""
_HEARD = 0.25
"""Seconds in which the first sign on the way of outputs must come, once the kernel answers."""
_ANSWER = 30.0
"""Seconds for questions of ours, which take milliseconds."""
_VALUE = 1_000_000
"""Bytes that a value may have."""
_LATE = 10_000
"""Characters of late text that are remembered of a run."""
_MEND = "build once more; if it stays so, `deckcast doctor` looks at the kernels here"


class Session:
    """`ports.Kernel` over a wire."""

    def __init__(
        self,
        wire: Wire,
        *,
        python: bool,
        prelude: str = "",
        machine: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        """Waits until the kernel answers, and runs `prelude` silently. Raises `KernelError` where that fails.

        `machine` tells what is known of the kernel's machine, as fields of `Provenance`; a Python kernel knows itself.
        """
        self._wire = wire
        self._python = python
        self._machine = machine
        self._closed = self._killed = False
        self._started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._runs: dict[str, int] = {}
        """Our requests that have ended → `Ran.count`."""
        self._late: dict[int, str] = {}
        self._language = ""
        self._introduce()
        if prelude:
            self._prepare(prelude)

    # ── the port ──

    def run(self, source: str, *, timeout: float, limit: int) -> Ran:
        expressions = kernel_python.PEAK if self._python else {}
        turn = self._turn(source, timeout, limit, expressions, silent=False)
        wrong = self._wrong(turn, timeout)
        if turn.count and not turn.stopped and not turn.outputs.dropped:
            self._runs[turn.request] = turn.count
        peak = self._wire.peak()
        if self._python and turn.answers:
            with contextlib.suppress(KernelError):
                peak = max(peak, kernel_python.peak(turn.answers))
        return self._ran(turn, turn.outputs.all, wrong, peak)

    def evaluate(self, expression: str, *, timeout: float) -> Ran:
        if not self._python:
            return _value(self.run(expression, timeout=timeout, limit=_VALUE))
        turn = self._turn("", timeout, _VALUE, kernel_python.evaluation(expression))
        wrong = self._wrong(turn, timeout)
        text = ""
        if wrong is None:
            value = kernel_python.value(turn.answers)
            if isinstance(value, Failure):
                wrong = tidied(value)
            else:
                text = safe(value)
        outputs = () if wrong else (Output("result", (("text/plain", text),)),)
        return self._ran(turn, outputs, wrong)

    def provenance(self) -> Provenance:
        if self._python:
            return kernel_python.provenance(self._answers(kernel_python.PROVENANCE), self._wire.name)
        facts = {**self._machine(), "date": self._started, "language": self._language}
        facts["accelerators"] = tuple(facts.get("accelerators", ()))
        return Provenance(kernel=self._wire.name, **facts)

    def late(self) -> tuple[tuple[int, str], ...]:
        if not self._closed:
            with contextlib.suppress(KernelError):
                self._gather()
        told, self._late = tuple(sorted(self._late.items())), {}
        return told

    def kill(self) -> None:
        """Ends it at once, and whatever it runs; from any thread."""
        self._wire.kill()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._wire.close()

    # ── questions of ours ──

    def meets(self, need: str) -> tuple[bool, str]:
        """Whether the kernel's machine has it, and the reason. Python kernels only."""
        return kernel_python.met(self._answers(kernel_python.need(need)))

    def _answers(self, expressions: Mapping[str, str]) -> kernel_python.Answers:
        """Raises `KernelError` where there are none."""
        turn = self._turn("", _ANSWER, 0, expressions)
        wrong = self._wrong(turn, _ANSWER)
        if wrong is not None:
            raise KernelError(f"the kernel {self._wire.name} does not answer: {wrong.message}", hint=_MEND)
        return turn.answers

    def _prepare(self, prelude: str) -> None:
        turn = self._turn(prelude, START, 0, {})
        wrong = self._wrong(turn, START)
        if wrong is not None:
            raise KernelError(
                f"the kernel {self._wire.name} cannot be prepared: {wrong.name}: {wrong.message}",
                hint="is it an IPython kernel? `kernel` in the settings names another one",
                details=(("traceback", wrong.traceback),) if wrong.traceback else (),
            )

    def _introduce(self) -> None:
        """Until the kernel answers, and a sign of that has come the way that outputs come: they might get lost else."""
        until = time.monotonic() + START
        while time.monotonic() < until:
            request = self._wire.send("shell", "kernel_info_request", {})
            answered = heard = 0.0
            while not (answered and heard) and (now := time.monotonic()) < min(until, (answered or until) + _HEARD):
                got = self._wire.receive(0.05)
                if got is None:
                    if ended := self._wire.ended():
                        raise KernelError(
                            f"the kernel {self._wire.name} ended when it was started: {ended}", hint=_MEND
                        )
                    continue
                channel, message = got
                if channel == "iopub":
                    heard = now
                elif request_of(message) == request and message["msg_type"] == "kernel_info_reply":
                    answered = now
                    self._language = _spoken(message["content"])
            if answered and heard:
                return
        raise KernelError(f"the kernel {self._wire.name} did not answer within {START:g} s", hint=_MEND)

    # ── running ──

    def _turn(
        self, code: str, timeout: float, limit: int, expressions: Mapping[str, str], *, silent: bool = True
    ) -> Turn:
        if self._closed or self._killed or self._wire.ended():
            raise KernelError(f"the kernel {self._wire.name} has ended", hint="build once more")
        self._gather()
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": dict(expressions),
            "allow_stdin": False,
            "stop_on_error": False,
        }
        turn = Turn(self._wire.send("shell", "execute_request", content), Outputs(limit))
        follow(turn, self._wire, timeout, self._other)
        self._killed = turn.killed
        return turn

    def _wrong(self, turn: Turn, timeout: float) -> Failure | None:
        ended = "" if turn.over else self._wire.ended()
        return failure(turn, timeout, ended, self._wire.ended_by_us())

    def _ran(self, turn: Turn, outputs: tuple[Output, ...], wrong: Failure | None, peak: int = 0) -> Ran:
        alive = not turn.killed and not self._wire.ended()
        return Ran(outputs, wrong, turn.count, turn.seconds, peak, turn.outputs.dropped, alive)

    # ── between runs ──

    def _gather(self) -> None:
        """Takes what has come since the last run."""
        until = time.monotonic() + 1
        while time.monotonic() < until and (got := self._wire.receive(0)) is not None:
            self._other(*got)

    def _other(self, channel: Channel, message: Message) -> None:
        """Words of a run that is over: a thread of it goes on."""
        count = self._runs.get(request_of(message))
        if channel == "iopub" and count is not None and message["msg_type"] == "stream":
            text = uncoloured(str(message["content"].get("text", "")))
            self._late[count] = (self._late.get(count, "") + text)[:_LATE]


def _value(ran: Ran) -> Ran:
    """What running an expression gave, as its value: what it shows, or else prints."""
    shown = [one for one in ran.outputs if one.kind in ("result", "display")] or ran.outputs
    text = uncoloured("".join(str(one.get("text/plain") or "") for one in shown if one.kind != "stderr")).strip()
    return replace(ran, outputs=() if ran.failure else (Output("result", (("text/plain", text),)),))


def _spoken(info: Mapping[str, Any]) -> str:
    """The language and its version, as a kernel tells them of itself: `Bash 5.2`."""
    language = info.get("language_info") or {}
    name = str(language.get("name", ""))
    number = re.search(r"\d+(?:\.\d+)+", str(info.get("banner", "")))
    version = str(language.get("version") or (number[0] if number else ""))
    return f"{name[:1].upper()}{name[1:]} {version}".strip()
