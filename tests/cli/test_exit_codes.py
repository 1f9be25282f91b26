"""Each exit code, as a script sees it: 0 done, 1 the lesson, 2 the command, 3 the machine, 130 interrupted."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from faults.harness import SECONDS, chapter, command, deckcast, environment, soon

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        (["parse", "talk"], 0),
        (["check", "talk", "--no-browser"], 0),
        (["config", "show", "talk"], 0),
        (["config", "schema", "build"], 0),
        (["clean", "--dry-run"], 0),
        (["completion", "bash"], 0),
        (["themes"], 0),
        (["voices"], 0),
        (["export", "talk", "--png"], 0),
        (["serve", "nowhere"], 2),
        (["say", "talk", "--slide", "1", "--voice", "silent"], 0),
        (["new", "more"], 2),
        (["run", "broken"], 1),
        (["check", "broken", "--no-browser"], 1),
        (["build", "broken", "--voice", "silent"], 1),
        (["parse", "nowhere.md"], 1),
        (["build", "nowhere"], 2),
        (["build", "talk", "--set", "sieze=1"], 2),
        (["biuld"], 2),
        (["say", "talk"], 2),
        (["build", "talk", "--voice", "edge"], 2),
        (["build", "talk", "--set", "browser=/nowhere"], 3),
        (["doctor"], 3),
        (["preview", "talk", "--host", "0.0.0.0"], 2),
        (["preview", "talk", "--no-open", "--host", "192.0.2.1", "--allow-remote"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_each_ending_has_its_code(tmp_path: Path, arguments: list[str], code: int) -> None:
    chapter(tmp_path)
    broken = chapter(tmp_path / "aside")
    (broken / "presentation.md").write_text("# One\n\n![x](gone.png)\n\n```python exec timeout=never\n1\n```\n")
    broken.rename(tmp_path / "broken")
    more = {"DECKCAST_BROWSER": "/nowhere"} if arguments == ["doctor"] else {}
    if arguments[0] != "new":
        (tmp_path / "deckcast.toml").write_text("")
    done = deckcast(*arguments, cwd=tmp_path, **more)
    assert done.returncode == code, done.stdout + done.stderr
    if code:
        assert done.stderr.strip() or done.stdout.strip()


def test_an_interrupted_build_says_that_nothing_is_lost(tmp_path: Path) -> None:
    code = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(300)"
    talk = chapter(tmp_path, f"---\nexec: python\n---\n\n# One\n\n```python\n{code}\n```\n")
    (tmp_path / "deckcast.toml").write_text("")
    with subprocess.Popen(
        command("build", "talk"), cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True
    ) as building:
        soon((talk / "begun").exists)
        building.send_signal(signal.SIGINT)
        _, told = building.communicate(timeout=SECONDS)
    assert building.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
