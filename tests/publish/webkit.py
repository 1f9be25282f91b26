"""WebKitGTK without a screen, as far as a test of a page needs it, by WebDriver (https://www.w3.org/TR/webdriver2/).

Playwright has a WebKit of its own, which is no Debian package; this is the one of `webkit2gtk-driver`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALL = (
    "there is no WebKit here that can be driven; on Debian: apt-get install webkit2gtk-driver xvfb gstreamer1.0-libav"
    " gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
)
_WAIT = 180
"""Seconds until an answer is given up."""
_BROWSERS = "*/webkit2gtk-4.1/MiniBrowser"


def find() -> tuple[str, str, str] | None:
    """Driver, browser and a screen for them."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next((str(path) for path in Path("/usr/lib").glob(_BROWSERS)), None)
    return (driver, browser, screen) if driver and browser and screen else None


class Page:
    """One page of a browser that runs."""

    def __init__(self, address: str, browser: str) -> None:
        self._address = address
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        asked = {"capabilities": {"alwaysMatch": {**wanted, "timeouts": {"script": 1000 * _WAIT}}}}
        self._session = f"/session/{self._call('POST', '/session', asked)['sessionId']}"

    def open(self, address: str) -> None:
        self._call("POST", f"{self._session}/url", {"url": address})

    def evaluate(self, function: str, argument: Any = None) -> Any:
        """What a function of JavaScript returns for an argument, both as JSON knows them."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => ({function})(arguments[0]))()"
            ".then(value => done(['', value]), error => done([String(error)]));"
        )
        told = self._call("POST", f"{self._session}/execute/async", {"script": script, "args": [argument]})
        if told[0]:
            raise AssertionError(told[0])
        return told[1]

    def close(self) -> None:
        self._call("DELETE", self._session)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_WAIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode(errors='replace')}") from error


@contextmanager
def started(found: tuple[str, str, str], folder: Path) -> Iterator[Page]:
    """A page of a new browser, whose home is `folder`."""
    driver, browser, screen = found
    reading, writing = os.pipe()
    # Its sandbox needs rights that a container does not give; the page is our own.
    environment = {
        **os.environ,
        "HOME": str(folder),
        "GDK_BACKEND": "x11",
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    }
    command = [screen, "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as display:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                environment["DISPLAY"] = f":{told.readline().strip()}"
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            with subprocess.Popen([driver, f"--port={port}", "--host=127.0.0.1"], env=environment) as running:
                try:
                    yield from _page(f"http://127.0.0.1:{port}", browser)
                finally:
                    running.terminate()
        finally:
            display.terminate()


def _page(address: str, browser: str) -> Iterator[Page]:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/status", timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    page = Page(address, browser)
    try:
        yield page
    finally:
        page.close()
