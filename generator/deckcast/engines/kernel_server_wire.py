"""The channels and the life of one kernel on a Jupyter server."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from deckcast.engines.kernel_server_folder import Folder
from deckcast.engines.kernel_server_rest import Refused, Server
from deckcast.engines.kernel_server_socket import Socket
from deckcast.engines.kernel_wire import Channel, Message, request_of
from deckcast.errors import KernelError
from deckcast.model import Failure

LOOK = 2.0
"""Seconds between questions whether the kernel lives, while it is silent."""
LOOKS = 3
"""How often in turn the server says that the kernel has nothing to do, until its answer is taken to be lost."""
REMOVE = 5.0
"""Seconds that the kernel may take to clear up."""
_DEAD = ("restarting", "autorestarting", "dead")
"""What a server says of a kernel that has died. It starts it again as if nothing had been, but its state is gone."""
_SAID = "so the server says"
_LIMITED = ("IOPub data rate exceeded", "IOPub message rate exceeded")


class ServerWire:
    """`kernel_wire.Wire` to a Jupyter server."""

    def __init__(
        self,
        server: Server,
        kernel: str,
        folder: Folder | None,
        clear_up: Mapping[str, str],
        left: Callable[[str], None],
    ) -> None:
        """Starts the kernel in `folder`, which it owns from then on, or where the server likes. Raises `KernelError`.

        `clear_up`: `user_expressions` that make the kernel itself remove what cells have left in the folder; `left` is
        told the name of a folder that could not be removed.
        """
        self.name = kernel
        self._server = server
        self._folder = folder
        self._clear_up = clear_up
        self._left = left
        self._ended = ""
        self._lost: KernelError | None = None
        self._closed = False
        self._pending: set[str] = set()
        """Requests on the shell channel that have not been answered."""
        self._looked = time.monotonic()
        self._idle = 0
        """How often in turn the server has said so while we wait, since the connection was cut."""
        model = {"name": kernel} | ({"path": folder.name} if folder else {})
        self._path = f"api/kernels/{server.ask('POST', 'api/kernels', model)['id']}"
        try:
            self._socket = Socket(server, self._path.rpartition("/")[2])
        except BaseException:
            self._end()
            raise

    # ── the wire ──

    def send(self, channel: Channel, kind: str, content: Mapping[str, Any]) -> str:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "deckcast",
            "session": self._socket.session,
            "date": datetime.now(UTC).isoformat(),
            "version": "5.3",
        }
        self._socket.send(
            {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
        )
        if channel == "shell":
            self._pending.add(header["msg_id"])
        self._idle = 0
        return header["msg_id"]

    def receive(self, timeout: float) -> tuple[Channel, Message] | None:
        if self._lost is not None:
            raise self._lost
        message = self._socket.receive(timeout)
        if message is None:
            return None
        self._looked, self._idle = time.monotonic(), 0
        channel, content = message.get("channel"), message.get("content") or {}
        if channel == "shell":
            self._pending.discard(request_of(message))
        if message.get("msg_type") == "status" and content.get("execution_state") in _DEAD:
            self._ended = self._ended or _SAID
        elif message.get("msg_type") == "stream" and str(content.get("text", "")).lstrip().startswith(_LIMITED):
            raise KernelError(
                f"the Jupyter server at {self._server.url} has thrown output away, because it was too much at once",
                hint="start it with --ZMQChannelsWebsocketConnection.limit_rate=False, or print less",
            )
        return cast(Channel, channel), message

    def interrupt(self) -> None:
        with contextlib.suppress(Refused):  # it has ended
            self._server.ask("POST", f"{self._path}/interrupt", {})

    def kill(self) -> None:
        self._end()

    def ended(self) -> str:
        if not self._ended and time.monotonic() >= self._looked + LOOK:
            self._looked = time.monotonic()
            with contextlib.suppress(KernelError):  # `receive` will tell of a connection that is lost
                self._look()
        return self._ended

    def ended_by_us(self) -> Failure | None:
        return None

    def peak(self) -> int:
        return 0

    def close(self) -> None:
        """Raises nothing: `left` tells what could not be removed."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(KernelError):
            if self._clear_up and not self._pending and not self.ended():
                self._clear()
        with contextlib.suppress(KernelError):
            self._end()
        self._socket.close()
        if self._folder is not None:
            gone = False
            with contextlib.suppress(KernelError):
                gone = self._folder.remove()
            if not gone:
                self._left(self._folder.name)

    # ── its life ──

    def _look(self) -> None:
        try:
            state = self._server.get(self._path).get("execution_state")
        except Refused as refused:
            if refused.status != 404:
                raise
            self._ended = "the server has ended it"
            return
        if state in _DEAD:
            self._ended = _SAID
        waits = bool(self._socket.cuts and self._pending and state == "idle")
        self._idle = self._idle + 1 if waits else 0
        if self._idle >= LOOKS:
            self._lost = KernelError(
                f"the kernel's answer was lost when the connection to {self._server.url} was cut",
                hint="build once more",
            )

    def _clear(self) -> None:
        content = {"code": "", "silent": True, "store_history": False, "user_expressions": dict(self._clear_up)}
        request = self.send("shell", "execute_request", content)
        until = time.monotonic() + REMOVE
        while request in self._pending and time.monotonic() < until:
            self.receive(0.1)

    def _end(self) -> None:
        self._ended = self._ended or "it was ended"
        with contextlib.suppress(Refused):  # it is gone already
            self._server.ask("DELETE", self._path)
