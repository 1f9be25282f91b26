"""One request to run code: followed until it is over, stopped where it goes beyond its limits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deckcast.engines.kernel_messages import Outputs
from deckcast.engines.kernel_terminal import uncoloured
from deckcast.engines.kernel_wire import Channel, Message, Wire, request_of
from deckcast.model import Failure

GRACE = 3.0
"""Seconds that code has to stop when it was interrupted."""
FLOOD = 64_000_000
"""Bytes beyond the limit at which output is taken to have no end."""
TICK = 0.1
"""Seconds after which the kernel's health is looked at while it is silent."""
LAST_WORDS = 2.0
"""Seconds of silence after the answer, at which a kernel that does not say that it is idle is taken to be."""
_LONGEST_MESSAGE = 10_000
_LONGEST_TRACEBACK = 100_000


@dataclass
class Turn:
    """What has come back of the request so far."""

    request: str
    outputs: Outputs
    count: int = 0
    """The kernel's number of the run."""
    reply: Mapping[str, Any] | None = None
    idle: bool = False
    error: Mapping[str, Any] | None = None
    stopped: Literal["", "Timeout", "OutputLimit"] = ""
    """Why it was interrupted."""
    killed: bool = False
    """It did not stop then, so that the kernel was ended."""
    seconds: float = 0.0

    @property
    def answers(self) -> Mapping[str, Any]:
        """To `user_expressions`."""
        return (self.reply or {}).get("user_expressions") or {}

    @property
    def over(self) -> bool:
        return self.reply is not None and self.idle


def follow(turn: Turn, wire: Wire, timeout: float, other: Callable[[Channel, Message], None]) -> None:
    """Until the turn is over, or the kernel. `other` is given what belongs to other requests."""
    begun = heard = time.monotonic()
    deadline = begun + timeout
    ended = ""
    while not turn.over:
        now = time.monotonic()
        if not turn.stopped and (turn.outputs.flood > FLOOD or (now >= deadline and turn.reply is None)):
            turn.stopped = "OutputLimit" if turn.outputs.flood > FLOOD else "Timeout"
            deadline = now + GRACE
            wire.interrupt()
        elif turn.stopped and now >= deadline:
            if turn.reply is None:
                turn.killed = True
                wire.kill()
            break
        elif turn.reply is not None and now >= heard + LAST_WORDS:
            break
        wait = min(TICK, deadline - now) if turn.reply is None or turn.stopped else TICK
        got = wire.receive(max(wait, 0.0))
        if got is None:
            if ended:  # and all that it had said has come
                break
            ended = wire.ended()
            continue
        heard = time.monotonic()
        if request_of(got[1]) != turn.request:
            other(*got)
            continue
        _take(turn, *got)
        if got[1]["msg_type"] == "execute_reply":
            turn.seconds = heard - begun
    turn.seconds = turn.seconds or time.monotonic() - begun


def _take(turn: Turn, channel: Channel, message: Message) -> None:
    kind, content = message["msg_type"], message["content"]
    if kind == "execute_reply":
        turn.reply = content
        turn.count = int(content.get("execution_count") or turn.count)
        for payload in content.get("payload") or ():
            if payload.get("source") == "page":
                turn.outputs.show(str((payload.get("data") or {}).get("text/plain", "")))
    elif kind == "execute_input":
        turn.count = int(content.get("execution_count") or turn.count)
    elif kind == "status":
        turn.idle = turn.idle or content.get("execution_state") == "idle"
    elif kind == "error":
        turn.error = content
    elif channel == "iopub":
        turn.outputs.add(kind, content)


def failure(turn: Turn, timeout: float, ended: str, ended_by_us: Failure | None) -> Failure | None:
    """What went wrong in it, if anything did; `ended` tells how the kernel ended."""
    raised = _raised(turn)
    if ended_by_us is not None:
        return ended_by_us
    if turn.stopped:
        message = f"it took longer than {timeout:g} s"
        if turn.stopped == "OutputLimit":
            message = f"it put out more than {FLOOD // 1_000_000} MB"
        if turn.killed:
            message += " and did not stop when it was interrupted, so that its kernel was ended"
        return Failure(turn.stopped, message, raised.traceback if raised else "", raised.line if raised else 0)
    if ended:
        return Failure(
            "KernelDied", f"the kernel died: {ended}{_OUT_OF_MEMORY if ended.startswith('signal 9') else ''}"
        )
    if raised is None and turn.reply is not None and turn.reply.get("status") not in ("ok", None):
        return Failure("Interrupted", "it was interrupted")
    return raised


_OUT_OF_MEMORY = "; was there not enough memory on the machine?"


def _raised(turn: Turn) -> Failure | None:
    told = turn.error
    if told is None and turn.reply is not None and turn.reply.get("status") == "error":
        told = turn.reply
    if told is None:
        return None
    lines = "\n".join(str(line) for line in told.get("traceback") or ())
    return tidied(Failure(str(told.get("ename") or ""), str(told.get("evalue") or ""), lines), turn.count)


_IN_CELL = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")


def tidied(failure: Failure, count: int = 0) -> Failure:
    """Without colours, of a sensible length, with the deepest line of run `count` that its traceback names."""
    message, traceback = uncoloured(failure.message), uncoloured(failure.traceback)
    if failure.name == "StdinNotImplementedError":
        message = "it asks for input, and cells run without anybody to answer"
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " …"
    if len(traceback) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        traceback = f"{traceback[:half]}\n…\n{traceback[-half:]}"
    lines = [int(line) for run, line in _IN_CELL.findall(traceback) if int(run) == count]
    return Failure(uncoloured(failure.name) or "Error", message, traceback, lines[-1] if lines else failure.line)
