"""`Browser` on a cluster: pages are drawn part by part, by workers whose browsers are of one version.

What a page asks for is answered here. So each task carries a table of what it may ask for; what is missing in the table
is told by the worker, looked up, and the task sent again. The table grows meanwhile and is used for all that follows.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from deckcast.cluster import drawing
from deckcast.cluster.connection import Cluster
from deckcast.cluster.drawing import Drawn, Served, part
from deckcast.cluster.workers import Worker
from deckcast.errors import BrowserError
from deckcast.ports import Bench, Browser, Done, Page, Paper, Resources, Shot

SECTIONS = (4, 40)
"""Fewest and most sections of a task: opening the document costs as much as some of them."""
JOBS = 8
"""Fewest jobs of a bench in a task."""
SHARES = 3
"""Tasks for each browser, so that the last ones end at about the same time."""
ROUNDS = 12
"""How often a task may ask for more; style sheets that name style sheets need a round each."""
_NAMED = re.compile(
    r"""(?:src|href|poster|data-[a-z-]+)\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)"""
)


def open_browser(cluster: Cluster, here: Callable[[], Browser]) -> Browser:
    """The workers' browsers, or `here` where none offers any; that is said."""
    versions: dict[str, int] = {}
    for worker in cluster.offering("browser"):
        if worker.browser:
            versions[worker.browser] = versions.get(worker.browser, 0) + worker.offers("browser")
        else:
            cluster.say(f"worker {worker.name} draws nothing: {worker.facts.get('no_browser', 'it has no browser')}")
    if not versions:
        cluster.say("no worker offers a browser: slides are drawn on this machine")
        return here()
    identity = max(versions, key=lambda one: (versions[one], one))
    for worker in cluster.offering("browser"):
        if worker.browser not in ("", identity):
            cluster.say(f"worker {worker.name} draws nothing: it has {worker.browser}, and most have {identity}")
    return ClusterBrowser(cluster, identity)


class ClusterBrowser:
    """All workers that have this browser."""

    def __init__(self, cluster: Cluster, identity: str) -> None:
        self.identity = identity
        self._cluster = cluster
        self._of: Resources | None = None
        self._table: dict[str, tuple[str, int, str] | None] = {}

    def shoot(self, page: Page, resources: Resources) -> Generator[Shot, None, None]:
        least, most = SECTIONS
        size = min(max(math.ceil(len(page.sections) / (SHARES * self._slots())), least), most)
        parts = [part(page, page.sections[at : at + size]) for at in range(0, len(page.sections), size)]
        yield from self._all(drawing.shoot, [(one,) for one in parts], page.html, resources)

    def work(self, bench: Bench, jobs: Sequence[Any], resources: Resources) -> Generator[Done, None, None]:
        size = max(math.ceil(len(jobs) / (SHARES * self._slots())), JOBS)
        parts = [(bench, tuple(jobs[at : at + size])) for at in range(0, len(jobs), size)]
        yield from self._all(drawing.work, parts, bench.html, resources)

    def print(self, paper: Paper, resources: Resources) -> bytes:
        (printed,) = self._all(drawing.press, [(paper,)], paper.html, resources)
        return bytes(printed)

    def close(self) -> None:
        """Workers close what nobody uses any more by themselves."""

    def _slots(self) -> int:
        """How many browsers work at once."""
        return sum(one.offers("browser") for one in self._cluster.offering("browser") if self._has(one)) or 1

    def _has(self, worker: Worker) -> bool:
        return worker.browser == self.identity

    def _all(
        self,
        function: Callable[..., Drawn],
        parts: Sequence[tuple[Any, ...]],
        document: str,
        resources: Resources,
    ) -> Generator[Any, None, None]:
        """What is made of all parts, in order; some are sent ahead of whoever takes them."""
        if self._of is not resources:
            self._of, self._table = resources, {}
        # What was refused may be there by now.
        self._table = {path: entry for path, entry in self._table.items() if entry is not None}
        self._foresee(document, "/deck/", resources)
        window = 2 * self._slots() + 2
        waiting: deque[tuple[tuple[Any, ...], Future[Drawn]]] = deque()
        left = deque(parts)
        try:
            while left or waiting:
                while left and len(waiting) < window:
                    waiting.append((left[0], self._send(function, left.popleft())))
                arguments, future = waiting.popleft()
                drawn = self._settled(function, arguments, future.result(), resources)
                yield from drawn.made
                if drawn.error is not None:
                    raise drawn.error
        finally:
            for _, future in waiting:
                future.cancel()

    def _send(self, function: Callable[..., Drawn], arguments: tuple[Any, ...]) -> Future[Drawn]:
        served = Served(self._cluster.shared, dict(self._table))
        return self._cluster.submit(function, *arguments, served, resources={"browser": 1}, on=self._has)

    def _settled(
        self, function: Callable[..., Drawn], arguments: tuple[Any, ...], drawn: Drawn, resources: Resources
    ) -> Drawn:
        """What was made when nothing was missing any more."""
        for _ in range(ROUNDS):
            if not drawn.wanted:
                return drawn
            for path in drawn.wanted:
                self._answer(path, resources)
            drawn = self._send(function, arguments).result()
        raise BrowserError(
            f"a page asks for more and more files, {drawn.wanted[0]} at last",
            hint="look for style sheets that name each other without end",
        )

    def _foresee(self, text: str, base: str, resources: Resources) -> None:
        """Answers what a document or style sheet names before it is asked for: that saves rounds."""
        for found in _NAMED.finditer(text):
            address = (found[1] or found[2] or found[3]).replace("&amp;", "&")
            if address.startswith(("data:", "#", "//")) or re.match(r"[a-z][a-z0-9+.-]*:", address):
                continue
            try:
                path = unquote(urlsplit(urljoin(f"http://deck{base}", address)).path)
            except ValueError:
                continue
            if path not in self._table and path != base:
                self._answer(path, resources, foreseen=True)

    def _answer(self, path: str, resources: Resources, *, foreseen: bool = False) -> None:
        found = resources.get(path)
        if found is None:
            if not foreseen:
                self._table[path] = None
            return
        blob = self._cluster.shared.put(found.body)
        self._table[path] = (blob.sha256, blob.size, found.media_type)
        if found.media_type.startswith("text/css"):
            self._foresee(found.body.decode("utf-8", "replace"), path, resources)
