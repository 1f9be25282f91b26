"""Firefox without a window, as far as a test of a video needs it, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).

Playwright has a Firefox of its own, which is no Debian package; this is the one that is installed.
"""

from __future__ import annotations

import base64
import copy
import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

INSTALL = "there is no Firefox here; on Debian: apt-get install firefox-esr"
_WAIT = 180
"""Seconds until an answer, or the first word of the browser, is given up."""


def find() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Page:
    """One page of a browser that runs."""

    def __init__(self, address: str) -> None:
        import websocket

        self._socket = websocket.create_connection(f"{address}/session", timeout=_WAIT, suppress_origin=True)
        self._numbers = itertools.count(1)
        self._call("session.new", capabilities={})
        self._context = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def set_file(self, selector: str, path: Path) -> None:
        """Chooses a file in an `<input type=file>`."""
        locator = {"type": "css", "value": selector}
        (node,) = self._call("browsingContext.locateNodes", context=self._context, locator=locator)["nodes"]
        self._call("input.setFiles", context=self._context, element={"sharedId": node["sharedId"]}, files=[str(path)])

    def windows(self) -> list[Page]:
        """The pages of all windows, the first one first."""
        found: list[Page] = []
        for one in self._call("browsingContext.getTree")["contexts"]:
            page = copy.copy(self)
            page._context = one["context"]
            found.append(page)
        return found

    def evaluate(self, function: str, argument: Any = None, *, by_hand: bool = False) -> Any:
        """What a function of JavaScript returns for an argument, both as JSON knows them.

        `by_hand` lets it do what only people may have done, such as opening windows.
        """
        script = f"(async () => JSON.stringify(await ({function})({json.dumps(argument)})))()"
        target = {"context": self._context}
        told = self._call(
            "script.evaluate", expression=script, target=target, awaitPromise=True, userActivation=by_hand
        )
        if told["type"] != "success":
            raise AssertionError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def pdf(self, height: float) -> bytes:
        """What it prints on paper of the width of A4, `height` centimetres high."""
        paper = {"width": 21.0, "height": height}
        told = self._call("browsingContext.print", context=self._context, page=paper)
        return base64.b64decode(told["data"])

    def _call(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == number:
                if told["type"] == "error":
                    raise AssertionError(f"{method}: {told['message']}")
                return told["result"]

    def close(self) -> None:
        self._socket.close()


@contextmanager
def started(program: str, folder: Path, preferences: Mapping[str, bool] | None = None) -> Iterator[Page]:
    """A page of a new browser, whose profile and home are in `folder`."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in (preferences or {}).items()]
    (profile / "user.js").write_text("".join(lines))
    options = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "HOME": str(folder)}
    with subprocess.Popen([program, *options], env=environment, stderr=subprocess.PIPE, text=True) as browser:
        try:
            assert browser.stderr is not None
            told = []
            for line in browser.stderr:
                told.append(line)
                if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                    break
            else:
                raise AssertionError(f"Firefox did not start: {''.join(told)}")
            with closing(Page(found[1])) as page:
                yield page
        finally:
            browser.terminate()


@contextmanager
def served(html: str) -> Iterator[str]:
    """The address of a page: Firefox plays no file that is chosen in one without an address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
