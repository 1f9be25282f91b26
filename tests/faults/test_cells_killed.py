"""Builds that end in the middle of a cell: killed, told to end, or interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from faults.harness import chapter, command, contents, deckcast, environment

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


def gone(pid: int) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("end", "code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)],
)
def test_a_build_that_ends_in_a_cell_leaves_no_process_and_the_whole_old_record(
    tmp_path: Path, end: signal.Signals, code: int
) -> None:
    talk = write(tmp_path, 21)
    first = deckcast("build", talk, "--output", tmp_path / "out", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
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
    until = time.monotonic() + 120
    while not (pids.exists() and pids.read_text().endswith("\n")) and time.monotonic() < until:
        assert build.poll() is None
        time.sleep(0.02)
    build.send_signal(end)
    assert build.wait(60) == code
    assert [gone(int(pid)) for pid in pids.read_text().split()] == [True, True]
    assert contents(talk / "outputs") == before

    (talk / "wait").unlink()
    again = deckcast("build", talk, "--output", tmp_path / "out", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    calm = write(tmp_path / "calm", 5)
    undisturbed = deckcast("run", calm, "--json", cwd=calm.parent)
    assert undisturbed.returncode == 0, undisturbed.stderr
    record = json.loads((talk / "outputs" / "presentation.json").read_text())
    expected = json.loads((calm / "outputs" / "presentation.json").read_text())
    assert record["cells"] == expected["cells"]
    assert [one["outputs"][0]["data"]["text/plain"] for one in record["cells"]] == ["5", ["twice 10", ""]]
