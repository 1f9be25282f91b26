"""A wire to a kernel that does what it is told: scripts of messages for tests of sessions."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from deckcast.engines.kernel_wire import Channel, Message
from deckcast.errors import KernelError
from deckcast.model import Failure

Script = Callable[["ScriptedWire", str, Mapping[str, Any]], None]


class ScriptedWire:
    """Answers a first greeting; what comes for code is told by `script`, given the request's id and its content."""

    name = "scripted"

    def __init__(self, script: Script, *, greeting: bool = True, deaf: int = 0) -> None:
        """`deaf`: so many greetings are answered without any sign on the way of outputs."""
        self._script = script
        self._greeting = greeting
        self._deaf = deaf
        self._queue: deque[tuple[float, Channel, Message]] = deque()
        self.requests: list[Mapping[str, Any]] = []
        self.greetings = self.interrupts = self.kills = self.closes = 0
        self.end = ""
        self.by_us: Failure | None = None
        self.at_interrupt: Callable[[], None] = lambda: None
        self.seen_peak = 0

    # what scripts do

    def put(self, channel: Channel, kind: str, parent: str, content: Mapping[str, Any], *, after: float = 0) -> None:
        message = {"msg_type": kind, "parent_header": {"msg_id": parent}, "content": content}
        self._queue.append((time.monotonic() + after, channel, message))

    def stream(self, parent: str, text: str, name: str = "stdout") -> None:
        self.put("iopub", "stream", parent, {"name": name, "text": text})

    def idle(self, parent: str) -> None:
        self.put("iopub", "status", parent, {"execution_state": "idle"})

    def reply(self, parent: str, **content: Any) -> None:
        self.put("shell", "execute_reply", parent, {"status": "ok", "execution_count": len(self.requests), **content})

    def done(self, parent: str, **content: Any) -> None:
        self.reply(parent, **content)
        self.idle(parent)

    # kernel_wire.Wire

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        if kind == "kernel_info_request":
            self.greetings += 1
            request = f"greeting {self.greetings}"
            if self._greeting:
                info = {"language_info": {"name": "scheme", "version": "7"}}
                self.put("shell", "kernel_info_reply", request, info)
                if self.greetings > self._deaf:
                    self.idle(request)
            return request
        self.requests.append(content)
        request = f"request {len(self.requests)}"
        self._script(self, request, content)
        return request

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        until = time.monotonic() + timeout
        while True:
            if self._queue and self._queue[0][0] <= time.monotonic():
                return self._queue.popleft()[1:]
            if time.monotonic() >= until:
                return None
            time.sleep(0.002)

    def interrupt(self) -> None:
        self.interrupts += 1
        self.at_interrupt()

    def kill(self) -> None:
        self.kills += 1

    def ended(self) -> str:
        return self.end

    def ended_by_us(self) -> Failure | None:
        return self.by_us

    def peak(self) -> int:
        return self.seen_peak

    def close(self) -> None:
        self.closes += 1


def lost(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
    raise KernelError("the connection is lost")


def says(*texts: str) -> Script:
    """A script that prints these words and is done."""

    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        for text in texts:
            wire.stream(parent, text)
        wire.done(parent)

    return script


def in_turn(scripts: Iterable[Script]) -> Script:
    """A script for each request."""
    left = iter(scripts)

    def script(wire: ScriptedWire, parent: str, content: Mapping[str, Any]) -> None:
        next(left)(wire, parent, content)

    return script
