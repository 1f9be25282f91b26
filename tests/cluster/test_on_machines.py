"""Real workers, a real browser and a real voice: the lesson is the same, whoever draws, speaks and dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import psutil
import pytest

import deckcast
from cluster.gang import CALM, connected
from cluster.machines import Machines, machines, until
from cluster.test_build_on_a_cluster import Watched, contents
from deckcast.cluster import browser, connection
from deckcast.cluster.browser import open_browser
from deckcast.cluster.connection import Cluster
from deckcast.model import Lesson
from deckcast.ports import Browser, Page
from engines.s3_server import S3Server

pytestmark = [pytest.mark.slow, *CALM]
DECK = """\
---
title: Trees
size: 240
voice: flite
---

# Trees

Roots hold $2^n$ leaves.

???

Trees have roots. They also have leaves.

---

# Counting

```python exec
print(sum(range(10)))
```

???

Python counts. The sum is forty five.

--

- and more

???

And more.

---

# The end

???

Good bye.
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "talk").mkdir()
    (folder / "talk" / "presentation.md").write_text(DECK)
    return folder


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    server.make("lessons")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def there(place: Path, s3: S3Server) -> Iterator[Machines]:
    """A scheduler, two workers with a browser and one without."""
    keys = {"FSSPEC_S3_KEY": "someone", "FSSPEC_S3_SECRET": "quite-secret-words"}
    with machines(place, FSSPEC_S3_ENDPOINT_URL=s3.address, **keys) as found:
        found.worker("one", "browser=1 voice=1")
        found.worker("two", "browser=1 voice=1")
        found.worker("three", "voice=2")
        yield found


@pytest.fixture(scope="module")
def here(place: Path) -> dict[str, bytes]:
    """What a build of this machine makes. It leaves the record of the cell, which all others replay."""
    return contents(build(place, "here").folder)


@pytest.fixture
def clusters(monkeypatch: pytest.MonkeyPatch) -> list[Cluster]:
    """Every connection that builds make."""
    made: list[Cluster] = []

    class Remembered(Cluster):
        def __init__(self, *given: Any, **named: Any) -> None:
            made.append(self)
            super().__init__(*given, **named)
            until(lambda: {one.name for one in self.workers} >= EXPECTED, "workers")

    monkeypatch.setattr(connection, "Cluster", Remembered)
    return made


EXPECTED = {"one", "two", "three"}
"""The workers that a build waits for, so that which of them work is no chance."""


def build(place: Path, output: str, address: str = "", told: Watched | None = None) -> Lesson:
    settings = {"build.cluster": address} if address else {}
    return deckcast.build(place / "talk", output=place / output, progress=told, trust=True, settings=settings)


def test_the_lesson_is_the_same_byte_for_byte(
    place: Path, there: Machines, here: dict[str, bytes], clusters: list[Cluster]
) -> None:
    lesson = build(place, "there", there.address)
    assert contents(lesson.folder) == here
    did = clusters[0].tally
    assert did.total() > 0
    assert {worker for worker, name in did if name in ("shoot", "work", "press")} <= {"one", "two"}
    assert {name for _, name in did} >= {"shoot", "work", "speak", "key_picture", "encode_take"}


@pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning")
def test_a_store_in_s3(
    place: Path,
    there: Machines,
    here: dict[str, bytes],
    clusters: list[Cluster],
    s3: S3Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = {"key": "someone", "secret": "quite-secret-words", "endpoint_url": s3.address}
    monkeypatch.setitem(fsspec.config.conf, "s3", mine)
    settings = {"build.cluster": there.address, "build.store": "s3://lessons/store"}
    lesson = deckcast.build(place / "talk", output=place / "s3", trust=True, settings=settings)
    assert contents(lesson.folder) == here
    assert clusters[0].tally.total() > 0
    assert [name for name in s3.keys if name.startswith("store/blobs/")]
    log = "".join(path.read_text() for path in place.glob("*.log"))
    assert "quite-secret-words" not in log


def test_workers_that_are_killed_lose_nothing(
    place: Path, there: Machines, here: dict[str, bytes], clusters: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stops in the middle of drawing, then one in the middle of encoding, each with work in its hands."""
    monkeypatch.setattr(browser, "SECTIONS", (1, 1))
    killed: list[str] = []

    def dies(name: str, *tasks: str) -> None:
        """It takes work and never answers; when it has some, it is killed."""

        def holds() -> bool:
            cluster = clusters[0]
            address = next(one.address for one in cluster.workers if one.name == name)
            return any(
                f"deckcast-{task}-" in str(key) for key in cluster.client.processing()[address] for task in tasks
            )

        there.signal(name, signal.SIGSTOP)

        def kill() -> None:
            until(holds, f"work of {name}")
            there.kill(name)
            killed.append(name)

        threading.Thread(target=kill, daemon=True).start()

    class Deadly(Watched):
        def begin(self, stage: str, total: int) -> None:
            if stage == "render":
                dies("one", "shoot", "work")
            if stage == "encode":
                dies("two", "key_picture", "measure", "measure_alone", "encode_take")

    lesson = build(place, "killed", there.address, Deadly())
    assert contents(lesson.folder) == here
    assert killed == ["one", "two"]
    assert [one.name for one in clusters[0].workers] == ["three"]


def test_a_worker_that_ends_leaves_no_browser(there: Machines, tmp_path: Path) -> None:
    there.worker("four", "browser=1")
    with connected(there.address, tmp_path) as cluster:
        until(lambda: "four" in [one.name for one in cluster.workers], "the worker")
        page = Page("<!doctype html><main><section id='a'>A</section></main>", ("a",), 64, 36)
        assert list(open_browser(cluster, nobody).shoot(page, Nothing()))
        drew = {worker for worker, name in cluster.tally if name == "shoot"}
    for name in drew:
        worker = next(one for one in psutil.process_iter() if _named(one, name))
        children = worker.children(recursive=True)
        assert [one for one in children if "chrom" in one.name()]  # it stays open for a while
        there.stop(name)
        until(lambda left=children: not any(map(_lives, left)), "the browser's end")  # type: ignore[misc]


class Nothing:
    """`Resources` that has none."""

    def get(self, path: str) -> None:
        return None


def nobody() -> Browser:
    raise AssertionError("no worker draws")


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _named(process: psutil.Process, name: str) -> bool:
    try:
        command = process.cmdline()
    except psutil.Error:
        return False
    return "distributed.cli.dask_worker" in command and name in command and process.ppid() == os.getpid()
