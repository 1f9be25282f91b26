"""A build that is killed while it encodes what moves; `test_troubles.py` has all other instants."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from faults.harness import chapter, command, contents, deckcast, environment

pytestmark = pytest.mark.slow


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


def test_a_build_killed_while_what_moves_is_encoded_leaves_the_old_lesson_and_all_whole_pieces(tmp_path: Path) -> None:
    def talk(transition: str) -> Path:
        return chapter(tmp_path, MOVING.format(transition=transition))

    calm = deckcast("build", talk("fade"), "--output", tmp_path / "calm", cwd=tmp_path)
    assert calm.returncode == 0, calm.stderr
    old = deckcast("build", talk("push"), "--output", tmp_path / "out", cwd=tmp_path)
    assert old.returncode == 0, old.stderr
    before = contents(tmp_path / "out" / "talk")
    for made in ("typing on slide 1", "transition to slide 2"):
        kill(talk("fade"), tmp_path / "out", made)
        assert contents(tmp_path / "out" / "talk") == before
    again = deckcast("build", talk("fade"), "--output", tmp_path / "out", "--verbose", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "out" / "talk") == contents(tmp_path / "calm" / "talk")
    assert "transition to slide 3: made" in again.stderr


def kill(talk: Path, output: Path, made: str) -> None:
    """Kills a build when it tells that a piece is made."""
    # With `--force`, all pieces are made again; those that follow the one that is told are on their way by then.
    build = subprocess.Popen(
        command("build", talk, "--output", output, "--verbose", "--force", "--set", "jobs=1"),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert build.stderr is not None
    told = []
    for line in build.stderr:
        told.append(line)
        if made in line:
            break
    build.kill()
    build.communicate()
    assert made in told[-1], "".join(told)
    assert build.returncode == -signal.SIGKILL
