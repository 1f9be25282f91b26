"""One document in a Chromium: what it may ask for, how a section of it is photographed, what is wrong with it.

The page lives at an address that does not exist: every request is answered here from `Resources` or refused.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from deckcast.engines.browser_ink import letterings
from deckcast.model import Inspection, Painted, Region
from deckcast.ports import Page, Resources, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, JSHandle, Request, Route

ORIGIN = "http://deck.invalid"
"""RFC 2606 keeps `.invalid` from ever being a real name."""
DOCUMENT = f"{ORIGIN}/deck/"
"""Where the document itself is: `images/a.png` on a slide is asked for as `/deck/images/a.png`."""

POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'none'; base-uri 'none'; form-action 'none'"
)
MOST_PROBES = 60
"""How many characters of a slide are looked at one by one when it uses a font of the machine."""
SCRIPT = Path(__file__).with_name("browser_page.js")
REGIONS = Path(__file__).with_name("browser_regions.js")
FILLS = ("#000", "#fff", "")
"""How openings are painted: black, white, empty."""


class SwallowedError(Exception):
    """A section is not where it should be in the document."""


class View:
    """A page, open in a running browser. Belongs to the thread that opened it."""

    def __init__(self, browser: Browser, page: Page, resources: Resources) -> None:
        self._browser = browser
        self._page = page
        self._resources = resources
        self._context: Any = None
        self._tab: Any = None
        self._cdp: CDPSession
        self._script: JSHandle
        self._measuring: JSHandle | None = None
        self._root = 0
        self._served = False
        self._refused: list[str] = []
        """Addresses since the last photograph."""
        self._early: dict[str | None, list[str]] = {}
        """Addresses that the document asked for when it was opened, by section; None for its style sheets'."""
        self._trouble: Exception | None = None

    def open(self) -> None:
        page = self._page
        self._context = self._browser.new_context(
            viewport={"width": page.width, "height": page.height},
            service_workers="block",
            accept_downloads=False,
            reduced_motion="reduce",
            color_scheme="light",
            timezone_id="UTC",
        )
        self._context.route("**/*", self._answer)
        self._tab = self._context.new_page()
        self._tab.goto(DOCUMENT, wait_until="load", timeout=0)  # the desk's own time limit holds
        self._cdp = self._context.new_cdp_session(self._tab)
        self._cdp.send("DOM.enable")
        self._cdp.send("CSS.enable")
        self._root = self._cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        self._script = self._tab.evaluate_handle(SCRIPT.read_text(encoding="utf-8"))
        if absent := self._script.evaluate("(page, ids) => page.absent(ids)", list(self._page.sections)):
            raise SwallowedError(f"the markup of a slide takes in what follows it, {absent[0]} for one")
        for url in self._refused:
            owner = self._script.evaluate("(page, url) => page.owner(url)", url)
            self._early.setdefault(owner, []).append(url)
        self._refused.clear()

    def shoot(self, section: str) -> Shot:
        broken = self._script.evaluate("(page, id) => page.show(id)", section)
        png = self._photograph()
        attributes, shrunk = self._script.evaluate("(page, id) => page.setting(id)", section)
        regions, painted, untyped = self._measure(section) if section in self._page.measured else ((), (), b"")
        text = self._script.evaluate("(page, id) => page.text(id)", section)
        overflow, beyond = self._script.evaluate("(page, id) => page.overflow(id)", section)
        smallest = self._script.evaluate("(page, id) => page.smallest(id)", section)
        unshown, borrowed = self._judge_fonts(section)
        if self._trouble is not None:
            raise self._trouble
        failed = [*broken, *self._early.pop(section, ()), *self._early.pop(None, ()), *self._refused]
        self._refused.clear()
        failures = tuple(dict.fromkeys(map(url_path, failed)))
        seen = self._inspect(section, png) if self._page.inspected else Inspection()
        return Shot(
            section,
            png,
            text,
            failures,
            unshown,
            borrowed,
            overflow,
            tuple((size, words) for size, words in smallest),
            regions,
            painted,
            untyped,
            tuple((name, value) for name, value in attributes),
            tuple(map(float, shrunk)),
            seen,
            beyond,
        )

    def close(self) -> None:
        if self._context is not None:
            self._context.close()

    def _photograph(self) -> bytes:
        return base64.b64decode(self._cdp.send("Page.captureScreenshot", self._capture())["data"])

    def _measure(self, section: str) -> tuple[tuple[Region, ...], tuple[bytes, ...], bytes]:
        """Where parts of the section lie, pictures of it with its openings painted over, and one without what is
        typed."""
        measuring: JSHandle = self._measuring or self._tab.evaluate_handle(REGIONS.read_text(encoding="utf-8"))
        self._measuring = measuring
        ask = measuring.evaluate
        scale = self._page.scale
        boxes = ask("(page, id) => page.regions(id)", section)
        regions = tuple(_region(box, scale) for box in boxes)
        painted: list[bytes] = []
        if ask("(page, id) => page.openings(id)", section):
            for fill in FILLS:
                ask("(page, [id, fill]) => page.fill(id, fill)", [section, fill])
                painted.append(self._photograph())
            ask("(page) => page.restore()")
        untyped = b""
        if ask("(page, id) => page.untype(id)", section):
            untyped = self._photograph()
            ask("(page) => page.restore()")
        return regions, tuple(painted), untyped

    def _size(self) -> tuple[int, int]:
        return self._page.width, self._page.height

    def _capture(self) -> dict[str, Any]:
        how: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
        if self._page.scale != 1:
            # exactly a whole number of pixels, where the stage times the scale is a fraction of one more or less
            width, height = (round(side * self._page.scale) / self._page.scale for side in self._size())
            how["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": self._page.scale}
        return how

    def _answer(self, route: Route, request: Request) -> None:
        url = request.url
        if request.is_navigation_request():
            if self._served:  # a refresh: 204 leaves the page as it is, an abort would show an error page
                route.fulfill(status=204)
                return
            self._served = True
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=self._page.html, content_type="text/html; charset=utf-8", headers=headers)
            return
        found = None
        if request.method == "GET" and url.startswith(f"{ORIGIN}/"):
            try:
                found = self._resources.get(url_path(url))
            except Exception as error:
                self._trouble = error
        if found is None:
            self._refused.append(url)
            route.abort()
            return
        headers = {"x-content-type-options": "nosniff", "content-security-policy": POLICY}
        route.fulfill(body=found.body, content_type=found.media_type, headers=headers)

    def _inspect(self, section: str, png: bytes) -> Inspection:
        told = self._script.evaluate("(page, id) => page.inspect(id)", section)
        pictures = (
            Painted(url_path(one["address"]), tuple(one["pixels"]), tuple(one["size"])) for one in told["pictures"]
        )
        return Inspection(letterings(told["words"], png, self._page.scale), tuple(pictures))

    def _judge_fonts(self, section: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Characters that no font has, and (font, characters) of fonts that the page did not bring."""
        strange = dict.fromkeys(self._families(f"[id='{section}']"), "")
        candidates: list[dict[str, str]] = self._script.evaluate("(page, id) => page.unusual(id)", section)
        if not candidates:
            return (), tuple(strange.items())
        missing: list[str] = self._script.evaluate("(page, list) => page.missing(list)", candidates)
        if strange:
            shown = [one for one in candidates if one["character"] not in missing][:MOST_PROBES]
            self._script.evaluate("(page, args) => page.probe(...args)", [section, shown])
            for number, one in enumerate(shown):
                for family in self._families(f"#deckcast-probe-{number}"):
                    strange[family] = strange.get(family, "") + one["character"]
            self._script.evaluate("(page) => page.unprobe()")
        return tuple(dict.fromkeys(missing)), tuple((name, "".join(dict.fromkeys(of))) for name, of in strange.items())

    def _families(self, selector: str) -> list[str]:
        """The machine's own fonts with which an element's text is drawn."""
        node = self._cdp.send("DOM.querySelector", {"nodeId": self._root, "selector": selector})["nodeId"]
        fonts = self._cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return [font["familyName"] for font in fonts if not font["isCustomFont"]]


def _region(told: Sequence[Any], scale: float) -> Region:
    """`told`: name, left, top, width, height, and where there are some, a colour and the edges of letters."""
    name, *box = told
    left, top, width, height = (round(side * scale, 3) for side in box[:4])
    colour, edges = (box[4] if len(box) > 4 else ""), (box[5] if len(box) > 5 else ())
    return Region(name, left, top, width, height, colour, edges=tuple(round(edge * scale, 3) for edge in edges))


def url_path(url: str) -> str:
    """`/deck/images/a.png` for what lies at our own origin, else the whole address."""
    return unquote(urlsplit(url).path) if url.startswith(f"{ORIGIN}/") else url
