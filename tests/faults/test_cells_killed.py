"""Builds that end in the middle of a cell: killed, told to end, or interrupted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from faults.harness import SECONDS, chapter, command, contents, deckcast, environment, gone, soon

pytestmark = pytest.mark.slow

DECK = """\
---
voice: silent
video:
  size: 240
---

# One

```python exec
number = {number}
number
```

---

# Two

```python exec
import os, pathlib, subprocess, time
if pathlib.Path("wait").exists():
    child = subprocess.Popen(["sleep", "120"])
    pathlib.Path("pids").write_text(f"{os.getpid()} {child.pid}\\n")
    time.sleep(120)
print("twice", 2 * number)
```
"""


def write(folder: Path, number: int) -> Path:
    talk = chapter(folder, DECK.replace("{number}", str(number)))
    (folder / "deckcast.toml").touch()
    return talk


def recorded(talk: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((talk / "outputs" / "presentation.json").read_text())
    return told


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Chapters whose cells ran in peace, by the number in their first cell."""
    made = {number: write(tmp_path_factory.mktemp("calm"), number) for number in (21, 5)}
    for talk in made.values():
        ran = deckcast("run", talk, cwd=talk.parent)
        assert ran.returncode == 0, ran.stderr
    return made


@pytest.mark.parametrize(
    ("end", "code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)],
)
def test_a_build_that_ends_in_a_cell_leaves_no_process_and_the_whole_old_record(
    tmp_path: Path, undisturbed: dict[int, Path], end: signal.Signals, code: int
) -> None:
    talk = write(tmp_path, 21)
    shutil.copytree(undisturbed[21] / "outputs", talk / "outputs")
    before = contents(talk / "outputs")

    write(tmp_path, 5)
    (talk / "wait").touch()
    build = subprocess.Popen(
        command("build", talk, "--output", tmp_path / "out"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    pids = talk / "pids"
    soon(lambda: build.poll() is not None or (pids.exists() and pids.read_text().endswith("\n")))
    assert build.poll() is None
    build.send_signal(end)
    assert build.wait(SECONDS) == code
    for pid in pids.read_text().split():
        soon(lambda pid=int(pid): gone(pid))  # type: ignore[misc]
    assert contents(talk / "outputs") == before

    (talk / "wait").unlink()
    again = deckcast("build", talk, "--output", tmp_path / "out", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    record = recorded(talk)
    assert record["cells"] == recorded(undisturbed[5])["cells"]
    assert [one["outputs"][0]["data"]["text/plain"] for one in record["cells"]] == ["5", ["twice 10", ""]]
