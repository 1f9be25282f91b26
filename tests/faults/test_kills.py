"""Builds that are killed, interrupted, or run into each other."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from faults.harness import SECONDS, chapter, command, contents, deckcast, environment, soon

pytestmark = pytest.mark.slow


def start(talk: Path, output: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("build", talk, "--output", output, *more),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_builds_killed_at_ten_random_times_end_as_an_undisturbed_one(tmp_path: Path) -> None:
    talk = chapter(tmp_path, voice="espeak")
    begun = time.monotonic()
    undisturbed = deckcast("build", talk, "--output", tmp_path / "calm", cwd=tmp_path)
    assert undisturbed.returncode == 0, undisturbed.stderr
    whole = time.monotonic() - begun
    expected = contents(tmp_path / "calm" / "talk")

    chance = random.Random(20261122)
    killed = 0
    for number in range(10):
        output = tmp_path / f"killed-{number}"
        begun = time.monotonic()
        build = start(talk, output)
        try:
            # One in each tenth of the time that a build takes, so that every stage is hit.
            build.wait(whole * (number + chance.random()) / 10)
            whole = time.monotonic() - begun  # the machine is less busy than it was
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            killed += 1
        build.communicate()
        again = deckcast("build", talk, "--output", output, cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert contents(output / "talk") == expected, f"killed in tenth {number}"
    assert killed >= 5, "the kills must hit running builds, or this test shows nothing"


MOVING = """\
---
title: It moves
voice: silent
transition: {transition}
transition_seconds: 1.5s
video: {{size: 720}}
---

# One

```python typed=1.5s
print("a line", "that takes its time")
```

???

The first slide stays for a while, since there is something to be said.

---

# Two

???

The second one stays for a while, too, for there is more to be said.

---

# Three

???

And there is the third one, of which as much can be said.
"""


@pytest.mark.parametrize("made", ["typing on slide 1", "transition to slide 2"])
def test_a_build_killed_while_what_moves_is_encoded_leaves_the_old_lesson_and_all_whole_pieces(
    tmp_path: Path, made: str
) -> None:
    def talk(transition: str) -> Path:
        return chapter(tmp_path, MOVING.format(transition=transition))

    calm = deckcast("build", talk("fade"), "--output", tmp_path / "calm", cwd=tmp_path)
    assert calm.returncode == 0, calm.stderr
    old = deckcast("build", talk("push"), "--output", tmp_path / "out", cwd=tmp_path)
    assert old.returncode == 0, old.stderr
    before = contents(tmp_path / "out" / "talk")
    # With `--force`, all pieces are made again; those that follow the one that is told are on their way by then.
    build = start(talk("fade"), tmp_path / "out", "--verbose", "--force", "--set", "jobs=1")
    assert build.stderr is not None
    told = []
    for line in build.stderr:
        told.append(line)
        if made in line:
            break
    build.send_signal(signal.SIGKILL)
    build.communicate()
    assert made in told[-1], "".join(told)
    assert build.returncode == -signal.SIGKILL
    assert contents(tmp_path / "out" / "talk") == before
    again = deckcast("build", talk("fade"), "--output", tmp_path / "out", "--verbose", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "out" / "talk") == contents(tmp_path / "calm" / "talk")
    assert "transition to slide 3: made" in again.stderr


def test_ctrl_c_ends_soon_with_130_and_keeps_finished_work(tmp_path: Path) -> None:
    talk = chapter(tmp_path, voice="espeak")
    build = start(talk, tmp_path / "out")
    store = tmp_path / "out" / ".deckcast" / "answers"
    soon(lambda: any(store.rglob("*.json")) or build.poll() is not None)
    build.send_signal(signal.SIGINT)
    _, errors = build.communicate(timeout=SECONDS)
    if build.returncode != 0:  # it may have been quicker than we were
        assert build.returncode == 130, errors
        assert "interrupted" in errors
        assert "Traceback" not in errors
    done = deckcast("build", talk, "--output", tmp_path / "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (lesson,) = json.loads(done.stdout)["lessons"]
    assert sum(stage["kept"] for stage in lesson["stages"]) > 0


def test_two_builds_of_one_chapter_at_once_both_end_well(tmp_path: Path) -> None:
    talk = chapter(tmp_path, voice="espeak")
    builds = [start(talk, tmp_path / "shared") for _ in range(2)]
    for build in builds:
        _, errors = build.communicate(timeout=240)
        assert build.returncode == 0, errors
    alone = deckcast("build", talk, "--output", tmp_path / "alone", cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert contents(tmp_path / "shared" / "talk") == contents(tmp_path / "alone" / "talk")
