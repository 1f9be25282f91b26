"""A server that speaks S3 on this machine, moto's, with the troubles that real ones have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

Start = Callable[..., Any]
Reply = Iterable[bytes]
DENIED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]

    @property
    def lists(self) -> bool:
        return self.method == "GET" and ("list-type" in self.query or "prefix" in self.query)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@dataclass
class S3Server:
    """Keeps its buckets while it is stopped. `trouble` may answer a request with (status, body) in moto's place."""

    seen: list[Request] = field(default_factory=list)
    trouble: Callable[[Request], tuple[str, bytes] | None] = lambda _: None
    hides: bool = False
    """Whether what is not there is denied, as to one who may not list the bucket."""
    port: int = 0

    def __post_init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer | None = None
        self.start()

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self._serve, threaded=True, request_handler=_Quiet)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> dict[str, Any]:
        """Objects of the bucket `lessons`, by name."""
        return dict(s3_backends["123456789012"]["aws"].buckets["lessons"].keys)

    def make(self, bucket: str) -> None:
        s3_backends["123456789012"]["aws"].create_bucket(bucket, "eu-west-1")

    def damage(self, name: str, body: bytes) -> None:
        s3_backends["123456789012"]["aws"].put_object("lessons", name, body)

    def remove(self, name: str) -> None:
        s3_backends["123456789012"]["aws"].delete_object("lessons", name)

    def _serve(self, environ: dict[str, Any], start: Start) -> Reply:
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        request = Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], query)
        self.seen.append(request)
        answer = self.trouble(request)
        if answer is not None:
            status, body = answer
            start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [] if request.method == "HEAD" else [body]
        if not self.hides:
            return self._app(environ, start)
        told: list[Any] = []
        body = b"".join(self._app(environ, lambda *given, **_: told.extend(given)))
        if told[0].startswith("404"):
            start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(DENIED)))])
            return [] if request.method == "HEAD" else [DENIED]
        start(*told)
        return [body]
