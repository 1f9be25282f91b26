"""What `deckcast build` tells of several chapters, with a fake in place of the build."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from building.test_building import PROGRAM
from cli.test_terminal import on_terminal
from deckcast import building
from deckcast.building import Order, Outcome
from deckcast.cli import run
from deckcast.errors import DeckError
from deckcast.ports import Progress
from deckcast.workshop import Workshop


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(building, "program", lambda: PROGRAM)
    (tmp_path / "deckcast.toml").write_text("")
    for name in ("1-a", "2-broken", "3-dies", "4-b"):
        (tmp_path / "chapters" / name).mkdir(parents=True)
        (tmp_path / "chapters" / name / "presentation.md").write_text("# One\n")
    return tmp_path


def test_a_summary_in_the_order_of_the_chapters(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--jobs", "3"]) == 3
    out, err = capsys.readouterr()
    assert sorted(line.split("  ")[0] for line in out.splitlines()) == [
        "output/1-a/lesson.mp4",
        "output/4-b/lesson.mp4",
    ]
    assert "4-b: reading the deck: 1 made, " in err
    assert err.endswith("2 of 4 chapters not built: 2-broken, 3-dies\n2 errors\n")
    blocks = err.split("── ")
    assert any(block.startswith("2-broken\nerror[deck]: 2-broken cannot be read") for block in blocks)
    assert any(block.startswith("3-dies\nerror[process]: ") for block in blocks)


def test_json_is_in_the_order_of_the_chapters(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--jobs", "3", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert [lesson["name"] for lesson in answer["lessons"]] == ["1-a", "4-b"]
    assert [finding["code"] for finding in answer["diagnostics"]] == ["deck", "process"]
    assert not answer["ok"]


def test_quiet_tells_mistakes_alone(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "-j", "2", "-q", "1-a", "4-b"]) == 0
    assert capsys.readouterr() == ("", "")


def test_cores_are_shared_out_among_the_processes_that_there_are(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert run(["build", "-j", "5", "--json", "1-a", "4-b"]) == 0
    assert [lesson["words"] for lesson in json.loads(capsys.readouterr().out)["lessons"]] == [4, 4]


@pytest.mark.parametrize(
    ("options", "config", "aside"),
    [
        ((), "", False),
        (("--jobs", "1"), "[build]\njobs = 2", False),
        (("--jobs", "0"), "[build]\njobs = 2", False),
        ((), "[build]\njobs = 2", True),
        (("--set", "jobs=2"), "", True),
        (("--set", "build.jobs=2"), "", True),
    ],
)
def test_by_default_chapters_come_one_after_the_other_in_one_process(
    course: Path,
    options: tuple[str, ...],
    config: str,
    aside: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (course / "deckcast.toml").write_text(config)
    here: list[str] = []

    def build(order: Order, _progress: Progress, _workshop: Workshop) -> Outcome:
        here.append(order.chapter.name)
        return Outcome.failed(DeckError("it was built here"))

    monkeypatch.setattr(building, "build_one", build)
    run(["build", "1-a", "4-b", *options])
    assert here == ([] if aside else ["1-a", "4-b"])


def test_what_cannot_be_of_the_course_is_told_once_before_anything_is_built(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "deckcast.toml").write_text('[publish]\nfeed = "video"\n')
    for jobs in ("1", "2"):
        assert run(["build", "-j", jobs]) == 2
        err = capsys.readouterr().err
        assert err.count("a feed needs the setting `base_url`") == 1
        assert "reading the deck" not in err


def test_bars_of_several_chapters_leave_whole_lines(course: Path) -> None:
    program = course / "build.py"
    program.write_text(
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from building.test_building import PROGRAM\n"
        "from deckcast import building, cli\n"
        "building.program = lambda: PROGRAM\n"
        "sys.exit(cli.run(sys.argv[1:]))\n"
    )
    code, told = on_terminal(course, 80, "build", "-j", "2", program=[sys.executable, str(program)])
    assert code == 3
    lines = [re.split(r"\x1b\[2K|\r", line)[-1] for line in told.split("\r\n")]  # what was not erased again
    for name in ("1-a", "2-broken", "3-dies", "4-b"):
        assert any(line.startswith(f"{name}: reading the deck: 1 made") for line in lines), lines
        assert f"── {name}" in lines
