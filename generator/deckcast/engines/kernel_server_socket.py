"""A websocket to a kernel on a Jupyter server. A thread keeps it open: answers pings, connects again when it is cut."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import threading
import uuid
from collections.abc import Mapping
from typing import Any

from deckcast.engines.kernel_server_rest import Server
from deckcast.errors import KernelError

PAUSES = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each new attempt to connect."""
CONNECT = 10.0
"""Seconds that one attempt may take."""
PING = 10.0
"""Seconds between signs of life, without which a dead connection would look like a silent one."""
LARGEST = 256_000_000
"""Bytes of one message."""


class Socket:
    """Sends and receives messages of one kernel. Used by one thread."""

    def __init__(self, server: Server, kernel: str) -> None:
        """Connects. Raises `KernelError`."""
        self._server = server
        # The server keeps what the kernel says for whoever comes back with the same session.
        self.session = uuid.uuid4().hex
        self._address = f"{server.socket_url}/api/kernels/{kernel}/channels?session_id={self.session}"
        self._inbox: queue.Queue[Mapping[str, Any] | KernelError] = queue.Queue()
        self._outbox: asyncio.Queue[str]
        self._loop = asyncio.new_event_loop()
        self._lost: KernelError | None = None
        self._closing = False
        self.cuts = 0
        """How often the connection was cut and made again."""
        ready: queue.Queue[KernelError | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, args=(ready,), name=f"kernel {kernel}", daemon=True)
        self._thread.start()
        error = ready.get()
        if error is not None:
            self._thread.join()
            raise error

    def send(self, message: Mapping[str, Any]) -> None:
        """Raises `KernelError` when the connection is lost for good."""
        if self._lost is not None:
            raise self._lost
        with contextlib.suppress(RuntimeError):  # the loop has just ended: `receive` tells why
            self._loop.call_soon_threadsafe(self._outbox.put_nowait, json.dumps(message))

    def receive(self, timeout: float) -> Mapping[str, Any] | None:
        """None when there is none in time. Raises `KernelError` when the connection is lost for good."""
        try:
            got = self._inbox.get(timeout=timeout) if timeout > 0 else self._inbox.get_nowait()
        except queue.Empty:
            if self._lost is not None:
                raise self._lost from None
            return None
        if isinstance(got, KernelError):
            raise got
        return got

    def close(self) -> None:
        """Twice is harmless."""
        if not self._closing:
            self._closing = True
            with contextlib.suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(CONNECT)

    # ── in the thread ──

    def _run(self, ready: queue.Queue[KernelError | None]) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._task = self._loop.create_task(self._serve(ready))
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass  # closed
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self, ready: queue.Queue[KernelError | None]) -> None:
        self._outbox = asyncio.Queue()
        try:
            connection = await self._connect()
        except KernelError as error:
            ready.put(error)
            return
        ready.put(None)
        unsent: list[str] = []
        while True:
            try:
                await self._talk(connection, unsent)
            finally:
                connection.close()
            try:
                connection = await self._again()
            except KernelError as error:
                self._lost = error
                self._inbox.put(error)
                return
            self.cuts += 1

    async def _talk(self, connection: Any, unsent: list[str]) -> None:
        """Until the connection is cut. What could not be sent by then is in `unsent`."""
        sender = asyncio.ensure_future(self._send_all(connection, unsent))
        try:
            while (text := await connection.read_message()) is not None:
                with contextlib.suppress(ValueError):
                    self._inbox.put(json.loads(text))
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _send_all(self, connection: Any, unsent: list[str]) -> None:
        from tornado.iostream import StreamClosedError
        from tornado.websocket import WebSocketClosedError

        while True:
            if not unsent:
                unsent.append(await self._outbox.get())
            try:
                await connection.write_message(unsent[0])
            except (WebSocketClosedError, StreamClosedError):
                return
            unsent.pop()

    async def _connect(self) -> Any:
        """Raises `KernelError` where it fails, `_Refusal` where it is no use to try again."""
        from tornado.httpclient import HTTPClientError, HTTPRequest
        from tornado.websocket import WebSocketError, websocket_connect

        request = HTTPRequest(
            self._address, headers=self._server.headers(), connect_timeout=CONNECT, follow_redirects=False
        )
        try:
            return await asyncio.wait_for(
                websocket_connect(request, ping_interval=PING, ping_timeout=PING, max_message_size=LARGEST), CONNECT
            )
        except HTTPClientError as error:
            if error.code >= 500:  # no connection (599 in tornado), or a go-between that has none
                raise self._server.unreachable(error.message) from None
            if error.code == 404:
                raise _Refusal(f"the Jupyter server at {self._server.url} has no such kernel any more") from None
            raise _Refusal(
                f"the Jupyter server at {self._server.url} refuses a websocket: {error.code}",
                hint="do the server and all between here and there let websockets pass?",
            ) from None
        except (OSError, WebSocketError) as error:
            raise self._server.unreachable(error) from None

    async def _again(self) -> Any:
        error: KernelError | None = None
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                return await self._connect()
            except _Refusal:
                raise
            except KernelError as failed:
                error = failed
        raise KernelError(
            f"the connection to the Jupyter server at {self._server.url} was cut and cannot be made again"
            + (f": {error}" if error else ""),
            hint="look after the network and the server, then build once more",
        )


class _Refusal(KernelError):
    """To try again is no use."""
