"""A stand-in for the model hub: a server on the loopback address that speaks the hub's own protocol.

It serves small models, and the library that downloads models cannot tell it from the real one: ids that have moved
answer with a redirect, files with the commit they belong to, large files lie on another address, and what is not
there is refused with the hub's own words. What was asked of it can be looked up.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin", ".onnx")
"""Files that the hub keeps apart and redirects to."""


@dataclass(frozen=True)
class Model:
    """A folder of files as a repository of the hub."""

    id: str
    folder: Path
    task: str
    """Its `pipeline_tag`."""
    commit: str = ""
    """What the commit's id begins with."""
    moved_from: tuple[str, ...] = ()
    """Ids that it had before."""

    @cached_property
    def files(self) -> dict[str, bytes]:
        """By their paths in the repository."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def sha(self) -> str:
        """The commit: 40 hexadecimal digits."""
        digest = hashlib.sha1(b"".join(name.encode() + text for name, text in self.files.items()))
        return (self.commit + digest.hexdigest())[:40]

    def has(self, revision: str) -> bool:
        return revision == "main" or (len(revision) >= 7 and self.sha.startswith(revision))


class Asked(NamedTuple):
    """A request and what it was answered with."""

    method: str
    path: str
    status: int
    size: int
    """Bytes of the answer's body."""


@dataclass
class Hub:
    """The server, from `with Hub(models) as hub` on."""

    models: Sequence[Model]
    asked: list[Asked] = field(default_factory=list)
    """Every request, in order."""
    cut: int = 0
    """Break off the next answer that is longer, behind so many bytes."""

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundHandler", (_Handler,), {"hub": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """For `HF_ENDPOINT`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def apart(self) -> str:
        """Where large files lie: another host, so that the library does not follow when it only asks about one."""
        return f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing listens at its address any more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def downloaded(self) -> list[str]:
        """The large files that were sent whole, such as `google-bert/bert-base-uncased/model.safetensors`."""
        whole = {
            (f"/large/{hashlib.sha256(text).hexdigest()}", len(text)): f"{model.id}/{name}"
            for model in self.models
            for name, text in model.files.items()
        }
        sent = [(asked.path, asked.size) for asked in self.asked if asked.method == "GET"]
        return [whole[one] for one in sent if one in whole]


_RESOLVE = re.compile(r"/(?P<id>[^/]+(?:/[^/]+)?)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
_TREE = re.compile(r"/api/models/(?P<id>[^/]+(?:/[^/]+)?)/tree/(?P<revision>[^/]+)(?P<folder>/.*)?")
_API = re.compile(r"/api/models/(?P<id>[^/]+(?:/[^/]+)??)(?:/revision/(?P<revision>[^/]+))?")


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    server_version = "StandInHub"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if found := re.fullmatch(r"/large/([0-9a-f]{64})", path):
            self._large(found[1])
        elif found := _RESOLVE.fullmatch(path):
            self._file(found)
        elif found := _TREE.fullmatch(path):
            self._tree(found)
        elif found := _API.fullmatch(path):
            self._about(found)
        elif path == "/":
            self._send(200, b"a stand-in for the model hub", "text/plain")
        else:
            self._refuse("", "Sorry, we can't find the page you are looking for.")

    do_HEAD = do_GET  # noqa: N815

    def _large(self, digest: str) -> None:
        texts = (text for model in self.hub.models for text in model.files.values())
        text = next((text for text in texts if hashlib.sha256(text).hexdigest() == digest), None)
        if text is None:
            self._refuse("", "AccessDenied")
        else:
            self._send(200, text, "application/octet-stream", {"ETag": f'"{digest}"'})

    def _file(self, found: re.Match[str]) -> None:
        model = self._model(found)
        if model is None:
            return
        commit = {"X-Repo-Commit": model.sha}
        text = model.files.get(found["file"])
        if text is None:
            self._refuse("EntryNotFound", "Entry not found", commit)
        elif found["file"].endswith(LARGE):
            digest = hashlib.sha256(text).hexdigest()
            linked = {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(text))}
            self._send(302, b"", "text/plain", {**commit, **linked, "Location": f"{self.hub.apart}/large/{digest}"})
        else:
            self._send(200, text, "text/plain", {**commit, "ETag": f'"{_blob(text)}"'})

    def _tree(self, found: re.Match[str]) -> None:
        model = self._model(found)
        if model is None:
            return
        if (found["folder"] or "").strip("/"):
            self._refuse("EntryNotFound", f"{found['folder']} does not exist", {"X-Repo-Commit": model.sha})
            return
        entries: list[dict[str, Any]] = []
        for name, text in model.files.items():
            entry: dict[str, Any] = {"type": "file", "oid": _blob(text), "size": len(text), "path": name}
            if name.endswith(LARGE):
                entry["lfs"] = {"oid": hashlib.sha256(text).hexdigest(), "size": len(text), "pointerSize": 134}
            entries.append(entry)
        self._json(entries)

    def _about(self, found: re.Match[str]) -> None:
        model = self._model(found)
        if model is not None:
            self._json(
                {
                    "_id": model.sha[:24],
                    "id": model.id,
                    "modelId": model.id,
                    "sha": model.sha,
                    "private": False,
                    "gated": False,
                    "disabled": False,
                    "downloads": 0,
                    "likes": 0,
                    "library_name": "transformers",
                    "pipeline_tag": model.task,
                    "tags": ["transformers", "safetensors", model.task],
                    "siblings": [{"rfilename": name} for name in model.files],
                }
            )

    def _model(self, found: re.Match[str]) -> Model | None:
        """The model that a request names; refuses or redirects where there is none of that name."""
        name, revision = found["id"], found["revision"] or "main"
        for model in self.hub.models:
            if name in model.moved_from:
                self._send(307, b"", "text/plain", {"Location": self.path.replace(name, model.id, 1)})
                return None
            if name == model.id:
                if model.has(revision):
                    return model
                self._refuse("RevisionNotFound", f"Invalid rev id: {revision}")
                return None
        self._refuse("RepoNotFound", "Repository not found", status=401)
        return None

    def _json(self, data: Any) -> None:
        self._send(200, json.dumps(data).encode(), "application/json; charset=utf-8")

    def _refuse(self, code: str, message: str, headers: dict[str, str] | None = None, status: int = 404) -> None:
        told = {"X-Error-Code": code, "X-Error-Message": message} if code else {}
        self._send(status, json.dumps({"error": message}).encode(), "application/json", {**told, **(headers or {})})

    def _send(self, status: int, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": media_type, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        sent = b"" if self.command == "HEAD" else body
        if 0 < self.hub.cut < len(sent):
            sent, self.hub.cut, self.close_connection = sent[: self.hub.cut], 0, True
        self.hub.asked.append(Asked(self.command, unquote(urlsplit(self.path).path), status, len(sent)))
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """What was asked is in `Hub.asked`."""


def _blob(text: bytes) -> str:
    """The id that git gives a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()
