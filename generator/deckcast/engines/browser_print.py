"""A document in a Chromium that is printed.

It is as shut in as slides are: nothing answers it but `Resources`, and no script of it runs.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from deckcast.engines.browser_view import DOCUMENT, ORIGIN, POLICY, url_path
from deckcast.ports import Paper, Resources

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Route

_READY = """async () => {
  for (const image of document.images) { image.loading = "eager"; await image.decode().catch(() => null); }
  await document.fonts.ready;
  await Promise.all([...document.fonts].filter((face) => face.status === "loading").map((face) => face.loaded));
}"""


class Press:
    """A document, open in a running browser. Belongs to the thread that opened it."""

    def __init__(self, browser: Browser, paper: Paper, resources: Resources) -> None:
        self._browser = browser
        self._paper = paper
        self._resources = resources
        self._context: Any = None
        self._served = False
        self._trouble: Exception | None = None

    def print(self) -> bytes:
        """The document as PDF."""
        self._context = self._browser.new_context(
            service_workers="block", accept_downloads=False, reduced_motion="reduce", color_scheme="light"
        )
        try:
            self._context.route("**/*", self._answer)
            tab = self._context.new_page()
            tab.goto(DOCUMENT, wait_until="load", timeout=0)  # the desk's own time limit holds
            tab.emulate_media(media="print")
            tab.evaluate(_READY)
            session = self._context.new_cdp_session(tab)
            how = {"printBackground": True, "preferCSSPageSize": True, "generateTaggedPDF": True}
            made = session.send("Page.printToPDF", {**how, "generateDocumentOutline": True})
            if self._trouble is not None:
                raise self._trouble
            return base64.b64decode(made["data"])
        finally:
            self._context.close()

    def _answer(self, route: Route, request: Request) -> None:
        if request.is_navigation_request():
            if self._served:
                route.fulfill(status=204)
                return
            self._served = True
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=self._paper.html, content_type="text/html; charset=utf-8", headers=headers)
            return
        found = None
        if request.method == "GET" and request.url.startswith(f"{ORIGIN}/"):
            try:
                found = self._resources.get(url_path(request.url))
            except Exception as error:
                self._trouble = error
        if found is None:
            route.abort()
            return
        headers = {"x-content-type-options": "nosniff", "content-security-policy": POLICY}
        route.fulfill(body=found.body, content_type=found.media_type, headers=headers)
