"""Kernels on this machine, through the Jupyter protocol."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckcast import modules
from deckcast.engines import kernel_sandbox, kernel_specs, needs
from deckcast.engines.kernel_memory import allowed
from deckcast.engines.kernel_process import Process
from deckcast.engines.kernel_python import prelude
from deckcast.engines.kernel_sandbox import Sandbox
from deckcast.engines.kernel_session import Session
from deckcast.engines.kernel_specs import Spec
from deckcast.engines.kernel_wire import Channel, Message
from deckcast.errors import KernelError
from deckcast.model import Failure
from deckcast.ports import Availability
from deckcast.theme import PlotStyle

_LAST = 1.0
"""Seconds that an idle kernel has to end by itself: it runs what the cells have asked to be done at exit."""


class LocalKernels:
    """`ports.Kernels` on this machine."""

    name = "this machine"

    def __init__(self, kernel: str, memory: float, style: Callable[[], PlotStyle], sandbox: str = "none") -> None:
        """`kernel` runs Python; `memory` is how many GiB one may use, 0 for three quarters of what there is.

        `sandbox` is the setting of that name.
        """
        self._sandbox = sandbox
        self._kernel = kernel
        self._memory = memory
        self._style = style
        self._needs: dict[str, Availability] = {}

    def availability(self, language: str) -> Availability:
        there = kernel_specs.availability(language, self._kernel)
        return there if self._sandbox == "none" or not there.works else self._shut_in(language, there)

    def _shut_in(self, language: str, there: Availability) -> Availability:
        """Whether that kernel can run in a sandbox, which is asked for."""
        walls = kernel_sandbox.availability()
        if not walls.works:
            return Availability(False, f"`sandbox` is `{self._sandbox}`, but {walls.reason}", walls.mend)
        spec = kernel_specs.find(language, self._kernel)
        if spec is None or not spec.native:
            reason = f"{there.reason} talks over the network, which `sandbox` takes away"
            return Availability(False, reason, "only kernels of IPython can run in the sandbox; or say `sandbox: none`")
        return there

    def meets(self, need: str) -> Availability:
        if need == "hub" and self._sandbox == "bwrap":
            mend = "`sandbox: bwrap-network` lets cells reach it, and all else in the network"
            return Availability(False, "cells have no network: `sandbox` is `bwrap`", mend)
        if need not in self._needs:
            self._needs[need] = needs.meets(need)
        return self._needs[need]

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> Session:
        """The files are there already: the kernel works in the deck's own folder."""
        there = self.availability(language)
        spec = kernel_specs.find(language, self._kernel) if there.works else None
        if spec is None:
            raise KernelError(there.reason, hint=there.mend)
        python = spec.language == "python"
        style = self._style() if python else None
        shared = modules.shared(folder)
        opening = prelude(style, shared=shared) if style else ""
        sandbox = None
        if self._sandbox != "none":
            fonts = style.fonts if style else ()
            sandbox = Sandbox(network=self._sandbox == "bwrap-network", more=fonts)
            spec = replace(spec, interrupt="message")  # a signal would reach bubblewrap, too, and end it
        readable = modules.places(folder) if shared else ()
        wire = LocalWire(spec, folder, allowed(self._memory), sandbox, readable)
        try:
            return Session(wire, python=python, prelude=opening, machine=_machine)
        except KernelError as error:
            log = wire.log()
            wire.close()
            raise _with_log(error, log) from error
        except BaseException:
            wire.close()
            raise

    def close(self) -> None:
        """Each kernel is closed by whoever started it."""


class LocalWire:
    """`kernel_wire.Wire` to a child process."""

    def __init__(
        self,
        spec: Spec,
        folder: Path,
        memory: int,
        sandbox: Sandbox | None = None,
        readable: Sequence[Path] = (),
    ) -> None:
        """Starts the kernel with `folder` as its working folder. Raises `KernelError`."""
        import zmq
        from jupyter_client.connect import write_connection_file
        from jupyter_client.session import Session as Protocol

        self.name = spec.name
        self._process = Process(spec, sandbox, readable)
        self._protocol: Any = Protocol(key=uuid.uuid4().hex.encode("ascii"))
        self._context: Any = zmq.Context()
        self._sockets: dict[Any, Channel] = {}
        self._closed = False
        self._busy = False
        """Whether a request has not been answered yet."""
        try:
            transport, ip = ("ipc", str(self._process.folder / "s")) if spec.native else ("tcp", "127.0.0.1")
            file, told = write_connection_file(
                str(self._process.folder / "connection.json"),
                transport=transport,
                ip=ip,
                key=self._protocol.key,
                kernel_name=spec.name,
            )
            self._process.start(Path(file), folder, memory)
            self._connect(told)
        except BaseException:
            self.close()
            raise

    def _connect(self, told: Mapping[str, Any]) -> None:
        import zmq

        separator = "-" if told["transport"] == "ipc" else ":"
        self._poller = zmq.Poller()
        channels: tuple[Channel, ...] = ("iopub", "shell", "control")
        for channel in channels:
            socket = self._context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
            socket.linger = 0
            socket.rcvhwm = 0  # nothing is lost on our side of a flood
            if channel == "iopub":
                socket.setsockopt(zmq.SUBSCRIBE, b"")
            else:
                socket.setsockopt(zmq.IDENTITY, self._protocol.bsession)
            socket.connect(f"{told['transport']}://{told['ip']}{separator}{told[f'{channel}_port']}")
            self._sockets[socket] = channel
            self._poller.register(socket, zmq.POLLIN)

    # ── the wire ──

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        socket = next(one for one, name in self._sockets.items() if name == channel)
        self._busy = self._busy or channel == "shell"
        return str(self._protocol.send(socket, kind, dict(content))["header"]["msg_id"])

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        ready = dict(self._poller.poll(round(timeout * 1000)))
        for socket, channel in self._sockets.items():
            if socket in ready:
                _, parts = self._protocol.feed_identities(socket.recv_multipart())
                message = self._read(parts)
                if message is None:
                    return self.receive(timeout)
                self._busy = self._busy and channel != "shell"
                return channel, message
        return None

    def _read(self, parts: list[bytes]) -> Message | None:
        try:
            message: Message = self._protocol.deserialize(parts)
        except (ValueError, TypeError, KeyError):  # not signed with our key, or no JSON: no message of our kernel's
            return None
        return message

    def interrupt(self) -> None:
        if self._process.spec.interrupt == "message":
            self.send("control", "interrupt_request", {})
        else:
            self._process.interrupt()

    def kill(self) -> None:
        self._process.kill()

    def ended(self) -> str:
        return self._process.ended()

    def ended_by_us(self) -> Failure | None:
        return self._process.ended_by_us()

    def peak(self) -> int:
        return self._process.peak()

    def log(self) -> str:
        """The last of the kernel's own words, which no message brings."""
        return self._process.log()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        polite = bool(self._sockets) and not self._busy and not self.ended()
        if polite:
            with contextlib.suppress(Exception):  # it will be ended anyway
                self.send("control", "shutdown_request", {"restart": False})
        self._process.close(_LAST if polite else 0.0)
        self._context.destroy(linger=0)


def _machine() -> Mapping[str, Any]:
    from deckcast.engines import kernel_probe_program

    return kernel_probe_program.machine()


def _with_log(error: KernelError, log: str) -> KernelError:
    finding = error.finding
    details = (*finding.details, ("the kernel's own words", log)) if log else finding.details
    return KernelError(finding.message, hint=finding.hint, details=details)
