"""Several chapters at once in real processes, with a fake in place of the build."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from building import fakes
from deckcast import building
from deckcast.building import Order, Outcome, build_all
from deckcast.cli.progress import PlainProgress
from deckcast.project import Chapter
from faults.harness import gone, soon

PROGRAM = [
    sys.executable,
    "-c",
    f"import runpy, sys; sys.path[:] = {sys.path!r}; runpy.run_path({fakes.__file__!r}, run_name='__main__')",
]


class Heard(PlainProgress):
    def __init__(self, name: str, lines: list[str]) -> None:
        super().__init__(label=name, explain=True)
        self._lines = lines

    def say(self, message: str) -> None:
        self._lines.append(self._label + message)


class Site:
    """What was heard of the chapters, in the order in which it was."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.orders = [Order(Chapter(name, folder / name / "presentation.md", None), folder) for name in names]
        self.lines: list[str] = []
        self.outcomes: dict[str, Outcome] = {}

    def build(self, processes: int, command: Sequence[str] = PROGRAM) -> None:
        names = [order.chapter.name for order in self.orders]

        def done(at: int, outcome: Outcome) -> None:
            assert names[at] not in self.outcomes, "told once"
            self.outcomes[names[at]] = outcome

        build_all(self.orders, processes, lambda at: Heard(names[at], self.lines), done, command=command)

    @property
    def makers(self) -> dict[str, str]:
        return {name: one.lesson.voice for name, one in self.outcomes.items() if one.lesson is not None}


def test_chapters_are_built_at_the_same_time(tmp_path: Path) -> None:
    site = Site(tmp_path, "meets-a", "meets-b")
    site.build(2)
    assert set(site.outcomes) == {"meets-a", "meets-b"}
    assert len(set(site.makers.values())) == 2


def test_a_process_builds_one_chapter_after_the_other_and_then_ends(tmp_path: Path) -> None:
    site = Site(tmp_path, "a", "b", "c", "d")
    site.build(1)
    assert list(site.outcomes) == ["a", "b", "c", "d"]
    (maker,) = set(site.makers.values())
    assert maker != str(os.getpid())
    assert gone(int(maker))


def test_no_more_processes_than_chapters(tmp_path: Path) -> None:
    site = Site(tmp_path, "a")
    site.build(50)
    assert len(site.makers) == 1


def test_each_line_tells_its_chapter_and_is_whole(tmp_path: Path) -> None:
    site = Site(tmp_path, "a", "noisy", "b")
    site.build(2)
    assert all(line.startswith(("a: ", "noisy: ", "b: ")) for line in site.lines)
    assert "a:   a piece: it is new" in site.lines
    assert "noisy: on standard output" in site.lines
    assert "noisy: in two pieces" in site.lines
    assert set(site.makers) == {"a", "noisy", "b"}


def test_a_mistake_in_one_chapter_is_told_and_stops_no_other(tmp_path: Path) -> None:
    site = Site(tmp_path, "broken", "a", "b")
    site.build(2)
    outcome = site.outcomes["broken"]
    assert outcome.lesson is None
    assert outcome.code == 1
    assert [finding.message for finding in outcome.findings] == ["broken cannot be read"]
    assert set(site.makers) == {"a", "b"}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_process_that_is_killed_costs_its_own_chapter_alone(tmp_path: Path, processes: int) -> None:
    site = Site(tmp_path, "a", "dies", "b", "c")
    site.build(processes)
    outcome = site.outcomes["dies"]
    (finding,) = outcome.findings
    assert (outcome.lesson, outcome.code, finding.code) == (None, 3, "process")
    assert finding.message == "the process that built dies was ended by signal 9 (SIGKILL)"
    assert "what it had finished is kept" in finding.hint
    assert finding.details == (("it said last", "out of memory"),)
    assert set(site.makers) == {"a", "b", "c"}


def test_a_process_that_does_not_start_is_told_for_each_chapter(tmp_path: Path) -> None:
    site = Site(tmp_path, "a", "b")
    site.build(2, [sys.executable, "-c", "import sys; print('no such library', file=sys.stderr); sys.exit(1)"])
    for name in ("a", "b"):
        (finding,) = site.outcomes[name].findings
        assert finding.message == f"the process that built {name} ended with exit code 1"
        assert finding.details == (("it said last", "no such library"),)


def test_a_bug_shows_its_traceback_and_stops_the_others(tmp_path: Path) -> None:
    site = Site(tmp_path, "waits", "bug")
    with pytest.raises(RuntimeError, match=r"built bug:\n(.*\n)*ValueError: nobody had thought of it"):
        site.build(2)
    for begun in tmp_path.glob("*.begun"):
        assert gone(int(begun.read_text()))


def test_an_interrupt_ends_all_processes_in_their_own_time(tmp_path: Path) -> None:
    site = Site(tmp_path, "waits-a", "waits-b")

    def interrupt() -> None:
        soon(lambda: len(list(tmp_path.glob("*.begun"))) == 2)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        site.build(2)
    for name in ("waits-a", "waits-b"):
        assert (tmp_path / f"{name}.cleared").is_file()
        assert gone(int((tmp_path / f"{name}.begun").read_text()))
    assert not site.outcomes


def test_a_second_interrupt_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, "hangs")

    def interrupt() -> None:
        main = threading.main_thread().ident or 0
        soon(lambda: (tmp_path / "hangs.begun").exists())
        signal.pthread_kill(main, signal.SIGINT)
        soon(lambda: ending.is_set())
        signal.pthread_kill(main, signal.SIGINT)

    ending = threading.Event()
    end = building._Team.end

    def ended(team: building._Team) -> None:
        ending.set()
        end(team)

    monkeypatch.setattr(building._Team, "end", ended)
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        site.build(1)
    assert gone(int((tmp_path / "hangs.begun").read_text()))


def test_processes_end_when_the_one_that_ordered_is_killed(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from pathlib import Path\n"
        "from building.test_building import Site\n"
        f"Site(Path({str(tmp_path)!r}), 'waits-a', 'waits-b').build(2)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as ordering:
        soon(lambda: len(list(tmp_path.glob("*.begun"))) == 2)
        ordering.kill()
    for name in ("waits-a", "waits-b"):
        soon(lambda name=name: (tmp_path / f"{name}.cleared").is_file())  # type: ignore[misc]
        soon(lambda name=name: gone(int((tmp_path / f"{name}.begun").read_text())))  # type: ignore[misc]


def test_the_real_program_has_the_modules_of_this_process() -> None:
    executable, *_, path = building.program()
    assert executable == sys.executable
    assert json.loads(path) == sys.path


def test_cores_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert [building.share(processes) for processes in (1, 2, 3, 8, 20)] == [8, 4, 2, 1, 1]
