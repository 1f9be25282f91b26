"""`deckcast build --jobs 2` with everything real: the same lessons, and nothing left behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from faults.harness import SECONDS, command, contents, deckcast, environment, gone, soon

pytestmark = pytest.mark.slow

NAMES = ("01-one", "02-broken", "03-three")


def course(folder: Path) -> Path:
    (folder / "deckcast.toml").write_text('[narration]\nvoice = "silent"\n[video]\nsize = 240\n')
    for name in NAMES:
        (folder / "chapters" / name).mkdir(parents=True)
        picture = "![none](none.png)\n\n" if "broken" in name else ""
        deck = f"# Lesson {name}\n\n{picture}Some *words*.\n\n???\n\nThis is what {name} says.\n"
        (folder / "chapters" / name / "presentation.md").write_text(deck)
    return folder


def told(document: str) -> Any:
    """What a build tells as JSON, without the time that it took.

    What two chapters have in common is made by whoever comes first, or by both at once: so it is not told who kept it.
    """
    answer = json.loads(document)
    for lesson in answer["lessons"]:
        for stage in lesson["stages"]:
            stage["seconds"] = 0
            stage["made"] = stage["made"] + stage.pop("kept")
        lesson["stages"].sort(key=lambda stage: stage["name"])
    return answer


def test_it_makes_and_tells_what_a_build_of_one_after_the_other_does(tmp_path: Path) -> None:
    course(tmp_path)
    turn = deckcast("build", "--json", cwd=tmp_path)
    lessons = contents(tmp_path / "output")
    (tmp_path / "output").rename(tmp_path / "in-turn")
    both = deckcast("build", "--json", "--jobs", "2", cwd=tmp_path)
    assert (turn.returncode, both.returncode) == (1, 1)
    assert told(turn.stdout) == told(both.stdout)
    assert {name: sha for name, sha in lessons.items() if not name.startswith(".")} == {
        name: sha for name, sha in contents(tmp_path / "output").items() if not name.startswith(".")
    }

    again = deckcast("build", "-j", "2", cwd=tmp_path)
    assert again.returncode == 1
    assert again.stdout.count("nothing was made again") == 2
    assert "01-one: " not in again.stderr, "what stands is told without a process of its own"
    assert "02-broken: reading the deck" in again.stderr
    head, broken = again.stderr.index("── 02-broken"), again.stderr.index("error[asset]")
    assert head < broken
    assert again.stderr.endswith("1 of 3 chapters not built: 02-broken\n1 error\n")

    explained = deckcast("build", "-j", "2", "--explain", "--set", "tail=1s", cwd=tmp_path)
    assert "03-three: " in explained.stderr
    assert "lesson.mp4: " in explained.stderr
    assert all(
        line.startswith(tuple(f"{name}: " for name in NAMES))
        for line in explained.stderr.splitlines()
        if "reading the deck" in line or "drawing pictures" in line or "lesson.mp4: " in line
    )


def running(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """A build in which a cell of each of two chapters runs for ever, and all processes that it has started."""
    (folder / "deckcast.toml").write_text('[narration]\nvoice = "silent"\n')
    for name in ("a", "b"):
        (folder / "chapters" / name).mkdir(parents=True)
        cell = f"import pathlib, time\npathlib.Path({str(folder / name)!r}).touch()\ntime.sleep(3600)"
        deck = f"# One\n\n```python exec timeout=3600s\n{cell}\n```\n"
        (folder / "chapters" / name / "presentation.md").write_text(deck)
    build = subprocess.Popen(
        command("build", "--jobs", "2"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    soon(lambda: ((folder / "a").exists() and (folder / "b").exists()) or build.poll() is not None)
    return build, [child.pid for child in psutil.Process(build.pid).children(recursive=True)]


def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    build, started = running(tmp_path)
    os.killpg(build.pid, signal.SIGINT)
    _, errors = build.communicate(timeout=SECONDS)
    assert build.returncode == 130, errors
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert len(started) >= 4, "two that build, two kernels"
    for pid in started:
        soon(lambda pid=pid: gone(pid))  # type: ignore[misc]


def test_whatever_a_killed_build_has_started_ends(tmp_path: Path) -> None:
    build, started = running(tmp_path)
    build.kill()
    build.communicate(timeout=SECONDS)
    for pid in started:
        soon(lambda pid=pid: gone(pid))  # type: ignore[misc]


def test_one_that_is_killed_is_told_and_the_other_goes_on(tmp_path: Path) -> None:
    course(tmp_path)
    with subprocess.Popen(
        command("build", "01-one", "03-three", "--jobs", "2"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as build:
        assert build.stderr is not None
        first = next(line for line in build.stderr if "reading the deck" in line)
        # The members were started in the order of the chapters.
        one, other = sorted(psutil.Process(build.pid).children(), key=lambda child: child.pid)
        (one if first.startswith("01") else other).kill()
        results, errors = build.communicate(timeout=4 * SECONDS)
    killed, whole = ("01-one", "03-three") if first.startswith("01") else ("03-three", "01-one")
    assert build.returncode == 3
    assert f"error[process]: the process that built {killed} was ended by signal 9" in errors
    assert [line.split("  ")[0] for line in results.splitlines()] == [f"output/{whole}/lesson.mp4"]
