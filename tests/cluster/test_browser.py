"""Slides drawn by workers: which, with what, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.gang import CALM, Told, connected, gang
from cluster.machines import until
from deckcast.cluster import browser as cluster_browser
from deckcast.cluster import drawing, facts, warm
from deckcast.cluster.browser import ClusterBrowser, open_browser
from deckcast.cluster.connection import Cluster
from deckcast.cluster.workers import Worker
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.errors import BrowserError
from deckcast.ports import Bench, Browser, Done, Page, Paper, Resource

pytestmark = CALM
SECTIONS = tuple(f"s{number}" for number in range(30))


def document(of: str = "<p>{name}</p>") -> str:
    parts = "".join(f'<section id="{name}">{of.format(name=name)}</section>' for name in SECTIONS)
    return f"<!doctype html><html><body><main>{parts}</main></body></html>"


class Files:
    """Resources that remember what was asked for."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.asked: list[str] = []

    def get(self, path: str) -> Resource | None:
        self.asked.append(path)
        body = self.files.get(path.rpartition("/")[2].partition(".")[0])
        return Resource(body, "text/css" if path.endswith(".css") else "image/png") if body is not None else None


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gang({"browser": 1}, {"browser": 2}, {}) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeBrowser]]:
    """The browsers that workers have opened."""
    opened: list[FakeBrowser] = []

    def opening(*_: object) -> Browser:
        opened.append(FakeBrowser())
        return opened[-1]

    monkeypatch.setattr(drawing, "open_browser", opening)
    monkeypatch.setattr(facts, "_browser", lambda: {"browser": "fake 1"})
    yield opened

    def closed() -> bool:
        warm.close_idle()
        return all(one.closed for one in opened)

    until(closed, "the end of what workers were at")


@pytest.fixture
def cluster(address: str, tmp_path: Path) -> Iterator[Cluster]:
    with connected(address, tmp_path) as found:
        yield found


def nobody() -> Browser:
    raise AssertionError("no worker draws")


def test_pages_are_drawn_in_parts_and_come_in_order(cluster: Cluster, fakes: list[FakeBrowser]) -> None:
    browser = open_browser(cluster, nobody)
    assert browser.identity == "fake 1"
    page = Page(document(), SECTIONS, 64, 36, measured=("s3",))
    shots = list(browser.shoot(page, Files()))
    assert shots == list(FakeBrowser().shoot(page, Files()))
    assert {worker for worker, name in cluster.tally if name == "shoot"} <= {"0", "1"}  # never the one without
    assert sum(count for (_, name), count in cluster.tally.items() if name == "shoot") == 8  # four sections each
    assert len(fakes) <= 3  # as many as work at once, used again and again


def test_what_a_page_names_goes_with_it(cluster: Cluster) -> None:
    files = Files(style=b"@import 'more.css'; p { background: url(a.png) }", more=b"", a=b"A", b=b"B")
    of = '<link href="style.css"><img src="images/b.png"><img src="gone.png">'
    page = Page(document(of), SECTIONS, 64, 36)
    shots = list(open_browser(cluster, nobody).shoot(page, files))
    assert {"/deck/style.css", "/deck/more.css", "/deck/a.png", "/deck/images/b.png"} <= set(files.asked)
    assert shots == list(FakeBrowser().shoot(page, files))
    assert {one.failed for one in shots} == {("/deck/gone.png",)}


def test_what_nobody_foresaw_is_asked_for(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClusterBrowser, "_foresee", lambda *_: None)
    files = Files(b=b"B")
    page = Page(document('<img src="b.png"><img src="gone.png">'), SECTIONS, 64, 36)
    browser = open_browser(cluster, nobody)
    shots = list(browser.shoot(page, files))
    assert shots == list(FakeBrowser().shoot(page, files))
    first = cluster.tally.total()
    assert list(browser.shoot(page, files)) == shots
    assert cluster.tally.total() - first <= first  # what is there needs no more rounds, what is not is asked again


def test_a_page_that_asks_for_ever_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_browser, "ROUNDS", 2)
    monkeypatch.setattr(ClusterBrowser, "_answer", lambda *_, **__: None)
    page = Page(document('<img src="b.png">'), SECTIONS[:1], 64, 36)
    with pytest.raises(BrowserError, match="asks for more and more files"):
        list(open_browser(cluster, nobody).shoot(page, Files()))


def test_what_was_drawn_before_it_failed_comes_first(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "open_browser", lambda *_: FakeBrowser(broken="s6"))
    shots = open_browser(cluster, nobody).shoot(Page(document(), SECTIONS, 64, 36), Files())
    assert [next(shots).section for _ in range(6)] == list(SECTIONS[:6])
    with pytest.raises(BrowserError, match="the browser failed") as raised:
        next(shots)
    assert raised.value.finding.hint == "it was told to"


def test_benches_and_paper(cluster: Cluster) -> None:
    browser = open_browser(cluster, nobody)
    jobs = [{"tex": f"x^{number}", "macros": {}} for number in range(20)]
    bench = Bench("<!doctype html><script src='/scripts/formulas.js'></script>")
    assert list(browser.work(bench, jobs, Files())) == list(FakeBrowser().work(bench, jobs, Files()))
    assert isinstance(next(iter(browser.work(bench, jobs, Files()))), Done)
    paper = Paper(document())
    assert browser.print(paper, Files()) == FakeBrowser().print(paper, Files())


def test_only_what_is_needed_is_sent_ahead(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_browser, "SECTIONS", (1, 1))
    shots = open_browser(cluster, nobody).shoot(Page(document(), SECTIONS, 64, 36), Files())
    next(shots)
    shots.close()
    assert cluster.tally.total() <= 2 * 3 + 3


def test_one_version_draws(monkeypatch: pytest.MonkeyPatch, address: str, tmp_path: Path) -> None:
    monkeypatch.setattr(Worker, "browser", property(lambda worker: f"fake of {worker.name}"))
    said = Told()
    with connected(address, tmp_path, said) as cluster:
        browser = open_browser(cluster, nobody)
        assert browser.identity == "fake of 1"  # which has room for two
        assert said[1:] == ["worker 0 draws nothing: it has fake of 0, and most have fake of 1"]
        list(browser.shoot(Page(document(), SECTIONS, 64, 36), Files()))
        assert {worker for worker, _ in cluster.tally} == {"1"}


def test_this_machine_draws_where_nobody_else_does(tmp_path: Path) -> None:
    said, own = Told(), FakeBrowser()
    with gang({}) as alone, connected(alone.scheduler_address, tmp_path, said) as cluster:
        assert open_browser(cluster, lambda: own) is own
    assert said[1:] == ["no worker offers a browser: slides are drawn on this machine"]
