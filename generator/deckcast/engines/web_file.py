"""A large file of the web: whole or not at all."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deckcast import __version__
from deckcast.errors import VoiceError, storage_errors
from deckcast.lock import exclusive
from deckcast.ports import Progress

PATIENCE = 60.0
"""Seconds without a byte after which a download is given up."""
LARGEST = 4 << 30
"""Bytes of a file; the models that are fetched so have a tenth of it."""
SLOWEST = 4_096
"""Bytes a second, over each `PATIENCE`: a server that drips holds nobody up for ever."""
_BLOCK = 1 << 20


def fetch(address: str, path: Path, progress: Progress) -> Path:
    """Downloads the file, unless one of the same size is there. Raises `VoiceError`, `StorageError`."""
    waiting = "another download of it goes on; waiting for it"
    with exclusive(path.with_name(f".{path.name}.lock"), lambda: progress.say(f"{path}: {waiting}")):
        try:
            _fetch(address, path, progress)
        except urllib.error.HTTPError as error:
            error.close()
            raise VoiceError(f"{address} answers {error.code} {error.reason}", hint=_by_hand(address, path)) from error
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, ValueError) as error:
            why = getattr(error, "reason", None) or error
            raise VoiceError(f"{address} cannot be reached: {why}", hint=_by_hand(address, path)) from error
    return path


def _fetch(address: str, path: Path, progress: Progress) -> None:
    request = urllib.request.Request(address, headers={"User-Agent": f"deckcast/{__version__}"})  # noqa: S310 - as named
    opener = urllib.request.build_opener(_Redirects)
    with opener.open(request, timeout=PATIENCE) as answer:
        size = int(answer.headers.get("Content-Length") or 0)
        if size > LARGEST:
            raise VoiceError(f"{address} has {size >> 20:,} MiB, and {LARGEST >> 20:,} are the most", hint=_ODD)
        if path.is_file() and size and path.stat().st_size == size:
            return
        progress.say(f"downloading {path.name} ({size / 2**20:.0f} MiB) from {address}")
        aside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with storage_errors("write", aside), aside.open("wb") as file:
                got = 0
                begun = time.monotonic()
                while block := _next(answer, got, size):
                    got += len(block)
                    if got > LARGEST:
                        raise VoiceError(f"{address} does not end after {LARGEST >> 20:,} MiB", hint=_ODD)
                    waited = time.monotonic() - begun
                    if waited > PATIENCE and got < SLOWEST * waited:
                        raise VoiceError(f"{address} gives {got / waited:,.0f} bytes a second", hint="try again later")
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            with storage_errors("write", path):
                aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _next(answer: Any, got: int, size: int) -> bytes:
    """The next block. Raises `VoiceError` where the connection ends too early: `OSError` would be the disk's."""
    try:
        block: bytes = answer.read1(_BLOCK)
    except (OSError, HTTPException) as error:
        raise VoiceError(f"the download broke off after {got:,} bytes: {error}", hint="try again") from error
    if not block and size and got != size:
        raise VoiceError(f"the download broke off after {got:,} of {size:,} bytes", hint="try again")
    return block


_ODD = "this is not what its makers publish: look at the address, and at what answers there"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to the web alone, and from https never to http: who stands in between would give us another file."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        scheme = urlsplit(newurl).scheme.lower()
        if scheme not in ("http", "https") or (req.type == "https" and scheme != "https"):
            if fp is not None:
                fp.close()
            raise urllib.error.URLError(f"it leads to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _by_hand(address: str, path: Path) -> str:
    return f"connect to the network and try again, or bring {address} to {path} by hand"
