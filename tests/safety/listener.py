"""A server on this machine that hears everything: connections over TCP, before anything is said, and datagrams."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

ANSWER = (
    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
    b"Connection: close\r\n\r\n"
)


class Listener:
    """Remembers in `heard` what came in, and answers HTTP requests with `bodies`, by path, or with nothing."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.bodies: dict[str, bytes] = {}
        self._something = threading.Condition()
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._accept, self._datagrams)]
        for thread in self._threads:
            thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def wait(self, seconds: float) -> bool:
        """Whether anything comes within `seconds`."""
        with self._something:
            return self._something.wait_for(lambda: bool(self.heard), seconds)

    def clear(self) -> None:
        self.heard.clear()

    def close(self) -> None:
        with suppress(OSError):
            self._tcp.shutdown(socket.SHUT_RDWR)
        self._udp.sendto(b"", ("127.0.0.1", self.port))
        for thread in self._threads:
            thread.join(10)
        self._tcp.close()
        self._udp.close()

    def _note(self, what: str) -> None:
        with self._something:
            self.heard.append(what)
            self._something.notify_all()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            if not self.bodies:
                self._note("a connection")
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            asked = connection.recv(65536).decode("latin-1").split("\r\n")[0].split(" ")
            path = asked[1] if len(asked) > 1 else ""
            body = self.bodies.get(path, b"")
            kind = b"text/html" if path in self.bodies else b"text/plain"
            connection.sendall(ANSWER.replace(b"{}", kind, 1).replace(b"{}", str(len(body)).encode()) + body)

    def _datagrams(self) -> None:
        while data := self._udp.recvfrom(2048)[0]:
            self._note(f"a datagram of {len(data)} bytes")
