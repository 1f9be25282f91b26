"""A chapter's real cells on workers that are processes of their own: what is recorded, and what stays when one dies."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cluster.gang import connected, gang
from cluster.seats import MANNER, Machines, until
from deckcast.cluster.kernels import ClusterKernels
from deckcast.engines import kernel_sandbox
from deckcast.engines.kernel_local import LocalKernels
from deckcast.ports import Availability
from deckcast.theme import PlotStyle, find_theme
from run.chapter import Chapter, texts

pytestmark = pytest.mark.slow

DECK = """\
# One

```python exec name=first files=data.txt
import tools

numbers = tools.read("data.txt")
print(numbers, {"a", "b", "c", "d"})
```

---

# Two

```python exec name=drawn
import matplotlib.pyplot as plt

plt.plot(numbers)
```

---

# Three

```python exec name=fast needs=gpu
print("on the device", sum(numbers))
```

```python exec may_fail
tools.read("none.txt")
```

The sum is `{python} sum(numbers)`.
"""
WHO = """\
```python exec needs=gpu
import os

print(os.getppid())
```

```python exec
print(os.environ["WORKER_TOKEN"])
```
"""
TOOLS = """\
from pathlib import Path

def read(name):
    return [int(word) for word in Path(name).read_text().split()]
"""


def style() -> PlotStyle:
    """With this one, a figure has the same bytes each time."""
    return find_theme("light", ()).plots


def chapter(folder: Path, text: str = DECK) -> Chapter:
    deck = folder / "chapters" / "one"
    deck.mkdir(parents=True)
    (deck / "data.txt").write_text("3 1 2")
    (deck.parent / "tools.py").write_text(TOOLS)
    return Chapter(deck, text)


@contextmanager
def on(machines: Machines) -> Iterator[Any]:
    with connected(machines.scheduler, machines.folder / "store") as cluster:
        until(lambda: [worker.name for worker in cluster.workers] == sorted(machines))
        place = ClusterKernels(cluster, MANNER, style)
        yield place
        place.close()


def settled(record: Any) -> Any:
    """A record without what no two runs have in common."""
    if isinstance(record, dict):
        return {
            name: settled(one)
            for name, one in record.items()
            if name not in ("seal", "date", "seconds", "peak", "provenance", "session", "sessions", "measured")
        }
    return [settled(one) for one in record] if isinstance(record, list) else record


def recorded(chapter: Chapter) -> tuple[Any, dict[str, bytes]]:
    return settled(chapter.written), {name: (chapter.record.parent / name).read_bytes() for name in chapter.pictures}


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with gang() as workers:
        found = Machines(workers.scheduler_address, tmp_path_factory.mktemp("machines"))
        yield found
        found.exactly({})


def test_cells_that_need_a_gpu_run_where_there_is_one_and_leave_the_record_of_a_local_run(
    machines: Machines, tmp_path: Path
) -> None:
    machines.exactly({"plain": "", "box": "gpu=1"})
    local: Any = LocalKernels("python3", 0, style)
    lesson = chapter(tmp_path)
    lesson.kernels = local
    lacking = lesson.run()
    assert [result.lacking for _, result in lacking.cells] == [(), (), ("gpu",), ()]
    without, codes = recorded(lesson), lesson.codes()
    local.meets = lambda need: Availability(need == "gpu", "so we say")
    lesson.run("always")
    whole = recorded(lesson)

    with on(machines) as place:
        lesson.kernels = place
        results = lesson.run("always")
        assert [result.lacking for _, result in results.cells] == [(), (), (), ()]
        assert lesson.codes() == []
        assert recorded(lesson) == whole
        who = chapter(tmp_path / "who", WHO)
        who.kernels = place
        assert texts(who.run()) == [f"{machines['box'].pid}\n", "•••\n"], "the kernel's parent is the worker"
        assert who.codes() == ["cell-secret"]
        until(lambda: not machines["box"].kernels() and not machines["box"].decks())

    machines.exactly({"plain": ""})
    with on(machines) as place:
        lesson.record.unlink()
        lesson.kernels = place
        lesson.run()
        assert lesson.codes() == codes == ["cell-not-run"]
        assert recorded(lesson) == without


def test_a_worker_that_is_killed_while_a_cell_runs_costs_a_second_session_and_nothing_else(
    machines: Machines, tmp_path: Path
) -> None:
    machines.exactly({"plain": "", "other": ""})
    deadly = tmp_path / "deadly"
    kill = f"""
import os, pathlib, time
if pathlib.Path({str(deadly)!r}).exists():
    pathlib.Path({str(deadly)!r}).unlink()
    os.kill(os.getppid(), 9)
    time.sleep(60)
"""
    lesson = chapter(tmp_path, DECK.replace(" needs=gpu\n", kill))
    lesson.kernels = LocalKernels("python3", 0, style)  # type: ignore[assignment]
    lesson.run()
    whole = recorded(lesson)
    with on(machines) as place:
        deadly.touch()
        lesson.kernels = place
        lesson.run("always")
        assert not deadly.exists()
        assert [machine.alive for machine in (machines["plain"], machines["other"])].count(False) == 1
        assert lesson.codes() == []
        assert any("was lost while it ran cells" in one for one in lesson.told.said)
        assert len(lesson.told.made) == len(lesson.told.pieces) == 4, "each cell is told once"
        assert recorded(lesson) == whole


CLIENT = """
import sys
from pathlib import Path
from cluster.gang import connected
from cluster.seats import MANNER
from deckcast.cluster.kernels import ClusterKernels
from deckcast.theme import PlotStyle

scheduler, folder = sys.argv[1], Path(sys.argv[2])
with connected(scheduler, folder / "store") as cluster:
    place = ClusterKernels(cluster, MANNER, PlotStyle)
    kernel = place.start("python", folder, ())
    try:
        started = "import pathlib, subprocess, time; subprocess.Popen(['sleep', '600'])"
        kernel.run(f"{started}; pathlib.Path({str(folder / 'runs')!r}).touch(); time.sleep(600)", timeout=900, limit=9)
    finally:
        kernel.close()
        place.close()
"""


def test_whoever_ends_a_build_leaves_no_kernel_on_a_worker(machines: Machines, tmp_path: Path) -> None:
    machines.exactly({"plain": ""})
    worker = machines["plain"]
    for number in (signal.SIGINT, signal.SIGKILL):
        folder = tmp_path / number.name
        folder.mkdir()
        client = subprocess.Popen(
            [sys.executable, "-c", CLIENT, machines.scheduler, str(folder)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            stderr=subprocess.DEVNULL,
        )
        until((folder / "runs").exists)
        assert len(worker.kernels()) >= 2
        client.send_signal(number)
        client.wait(60)
        until(lambda: not worker.kernels() and not worker.decks())
    assert worker.alive


@pytest.mark.skipif(not kernel_sandbox.availability().works, reason="no bubblewrap here")
def test_the_sandbox_shuts_cells_in_there_too(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("nobody reads this")
    with gang({}) as workers, connected(workers.scheduler_address, tmp_path / "store") as cluster:
        place = ClusterKernels(cluster, dataclasses.replace(MANNER, sandbox="bwrap"), PlotStyle)
        assert not place.meets("hub").works
        kernel = place.start("python", tmp_path, ())
        try:
            secret = str(tmp_path / "secret.txt")
            look = f"from pathlib import Path\nPath('new.txt').touch()\nprint(Path({secret!r}).exists())"
            ran = kernel.run(look, timeout=30, limit=999)
            assert [one.get("text/plain") for one in ran.outputs] == ["False\n"]
            assert ran.failure is None
        finally:
            kernel.close()
            place.close()
