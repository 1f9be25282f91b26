"""A document of ours in a Chromium, whose scripts make things of what they are given.

It shares with slides that it lives at an address that does not exist, and that nothing answers it but `Resources`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deckcast.engines.browser_view import DOCUMENT, ORIGIN, url_path
from deckcast.ports import Bench, Done, Resources

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Route

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_WORK = """async (job) => {
  try { return { answer: await window.work(job) }; }
  catch (error) { return { trouble: String(error?.message || error || "it says nothing") }; }
}"""


class OpenBench:
    """A bench, open in a running browser. Belongs to the thread that opened it."""

    def __init__(self, browser: Browser, bench: Bench, resources: Resources) -> None:
        self._browser = browser
        self._bench = bench
        self._resources = resources
        self._context: Any = None
        self._tab: Any = None
        self._served = False

    def open(self) -> None:
        self._context = self._browser.new_context(service_workers="block", accept_downloads=False, timezone_id="UTC")
        self._context.route("**/*", self._answer)
        self._tab = self._context.new_page()
        self._tab.goto(DOCUMENT, wait_until="load", timeout=0)  # the desk's own time limit holds

    def work(self, job: Any) -> Done:
        made = self._tab.evaluate(_WORK, job)
        return Done(made.get("answer"), made.get("trouble", ""))

    def close(self) -> None:
        if self._context is not None:
            self._context.close()

    def _answer(self, route: Route, request: Request) -> None:
        if request.is_navigation_request():
            if self._served:
                route.fulfill(status=204)
                return
            self._served = True
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=self._bench.html, content_type="text/html; charset=utf-8", headers=headers)
            return
        found = None
        if request.method == "GET" and request.url.startswith(f"{ORIGIN}/"):
            found = self._resources.get(url_path(request.url))
        if found is None:
            route.abort()
            return
        route.fulfill(body=found.body, content_type=found.media_type, headers={"x-content-type-options": "nosniff"})
