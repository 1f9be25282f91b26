"""Talks to a web server in bytes, as no well-behaved client would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    """0 where the connection ended without any."""
    head: bytes
    body: bytes


@contextmanager
def served(make: Any) -> Iterator[int]:
    """A uvicorn server that `make` gives for a port, in a thread; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=300)
    port = listening.getsockname()[1]
    server = make(port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive()


def dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def heard(connection: socket.socket) -> Answer:
    """All until it is closed."""
    told = b""
    try:
        while part := connection.recv(1 << 16):
            told += part
    except ConnectionResetError:
        pass
    head, _, body = told.partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ")[1]) if head else 0, head, body)


def say(port: int, text: bytes) -> Answer:
    with dial(port) as connection:
        connection.sendall(text)
        return heard(connection)


def ask(port: int, path: str, method: str = "GET", host: str = "", **headers: str) -> Answer:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return say(port, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
