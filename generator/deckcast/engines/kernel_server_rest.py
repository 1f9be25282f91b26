"""Questions to a Jupyter server over HTTP, and what its refusals mean."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

from deckcast.errors import ConfigError, KernelError

TOKEN = "DECKCAST_KERNEL_TOKEN"  # noqa: S105 - the variable's name
SECONDS = 30.0
"""That a request may take; a server needs five to end a kernel that does not stop."""
_PAGES = re.compile(r"/(lab|tree|notebooks|api)(/.*)?$")


class Refused(KernelError):
    """The server answered, with a status that says no."""

    def __init__(self, message: str, status: int, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class Server:
    """A Jupyter server's address and the right to use it. The token is in no message and in no `repr`.

    No proxy is ever used: a websocket would not go through it either.
    """

    def __init__(self, url: str) -> None:
        """Connects to nothing. Raises `ConfigError` for an address that cannot be one, or that holds a token."""
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                "`kernel_url` is no address of a Jupyter server", hint="it looks like http://127.0.0.1:8888"
            )
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ConfigError(
                f"`kernel_url` holds more than an address: only {parts.scheme}://{parts.hostname} … belongs there",
                hint=f"put the token in the environment variable {TOKEN}, where nobody commits it",
            )
        self.url = f"{parts.scheme}://{parts.netloc}{_PAGES.sub('', parts.path.rstrip('/'))}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    @property
    def socket_url(self) -> str:
        """Where its websockets are."""
        return "ws" + self.url.removeprefix("http")

    def headers(self) -> dict[str, str]:
        """Raises `KernelError` for a token that is none."""
        token = os.environ.get(TOKEN, "").strip()
        if not token:
            return {}
        if not re.fullmatch(r"[!-~]+", token):
            raise KernelError(
                f"{TOKEN} holds characters that no token has", hint="copy the token alone, without its address"
            )
        return {"Authorization": f"token {token}"}

    def get(self, path: str, query: str = "") -> Any:
        return self.ask("GET", path, query=query)

    def ask(self, method: str, path: str, body: object = None, *, query: str = "") -> Any:
        """The JSON that it answers, or None. Raises `KernelError`: `Refused` where it answered that it will not."""
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self.headers()}
        address = f"{self.url}/{quote(path)}{query and '?'}{query}"
        request = urllib.request.Request(  # noqa: S310 - `__init__` lets only http and https pass
            address, data=data, headers=headers, method=method
        )
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return self._read(answer.read(), answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(path, error) from None
        except urllib.error.URLError as error:
            raise self.unreachable(error.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise self.unreachable(error) from None

    def unreachable(self, reason: object) -> KernelError:
        """What a failure to connect means."""
        if isinstance(reason, ssl.SSLCertVerificationError):
            return KernelError(
                f"the certificate of the Jupyter server at {self.url} is not trusted: {reason.verify_message}",
                hint="name the file of an authority of your own in the environment variable SSL_CERT_FILE",
            )
        if isinstance(reason, ssl.SSLError):
            return KernelError(
                f"the Jupyter server at {self.url} does not speak HTTPS: {reason.reason or reason}",
                hint="does its address begin with http://?",
            )
        if isinstance(reason, ConnectionRefusedError):
            told = "nothing answers there"
        elif isinstance(reason, socket.gaierror):
            told = "there is no machine of this name"
        elif isinstance(reason, TimeoutError):
            told = "it does not answer in time"
        else:
            told = str(reason) or type(reason).__name__
        return KernelError(
            f"the Jupyter server at {self.url} cannot be reached: {told}",
            hint="start it, or take `kernel_url` away to run cells on this machine",
        )

    def _read(self, content: bytes, kind: str) -> Any:
        if not content.strip():
            return None
        try:
            return json.loads(content)
        except ValueError:
            raise KernelError(
                f"what answers at {self.url} is no Jupyter server: it sends {kind}",
                hint="is the address complete? Behind a hub it ends in /user/NAME",
            ) from None

    def _refused(self, path: str, error: urllib.error.HTTPError) -> KernelError:
        status, told = error.code, _message(error)
        if status in (401, 403) and not path.startswith("api/contents/"):  # where it may be about a file
            given = "does not accept the token" if self.headers() else "wants a token"
            return Refused(
                f"the Jupyter server at {self.url} {given} ({status}{told})",
                status,
                f"put its token in the environment variable {TOKEN}; `jupyter server list` shows it",
            )
        if 300 <= status < 400:
            return Refused(
                f"the Jupyter server at {self.url} sends us to another address",
                status,
                "put the address that it has in the end into `kernel_url`",
            )
        hint = "look at the server's own log" if status >= 500 else "is it a Jupyter server, and the address complete?"
        return Refused(f"the Jupyter server at {self.url} refuses: {status}{told}", status, hint)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token is for one server, and not for whom it sends us to."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


def _message(error: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(error.read(100_000))["message"]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return ""
    return f": {told}" if isinstance(told, str) and told else ""
