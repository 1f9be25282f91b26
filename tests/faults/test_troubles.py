"""The short form of `campaign.py`: one small chapter, and a trouble of each kind."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults import clocks, ground, kills, members, refusals, shim
from faults.crowds import crowd
from faults.damage import damage
from faults.ground import Ground
from faults.harness import soon
from faults.nursery import Nursery

pytestmark = pytest.mark.slow

DAY = 24 * 3600


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if why := shim.missing():
        pytest.skip(why)
    return shim.compiled(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def nursery(library: Path) -> Iterator[Nursery]:
    with Nursery(library=library) as opened:
        yield opened


@pytest.fixture(scope="module")
def ground_(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground.prepare(tmp_path_factory.mktemp("faults") / "ground", nursery)


@pytest.mark.parametrize(
    ("state", "stages"),
    [
        ("worn", ("encode", "start", "publish", "narrate", "close")),
        ("due", ("run", "run")),
        ("worn", ("render", "render")),
    ],
)
def test_builds_killed_in_each_of_their_stages_end_as_an_undisturbed_one(
    ground_: Ground, nursery: Nursery, tmp_path: Path, state: str, stages: tuple[str, ...]
) -> None:
    hit = kills.series(ground_, nursery, tmp_path / "out", random.Random(20261127), state, stages)
    assert sum(one != kills.LATE for one in hit) > len(hit) / 2, "kills must hit, or this test shows nothing"


@pytest.mark.parametrize("name", ["kernel", "part of the browser", "espeak"])
def test_a_member_that_is_killed_costs_no_more_than_an_error(
    ground_: Ground, nursery: Nursery, tmp_path: Path, name: str
) -> None:
    kind = next(kind for kind in members.KINDS if kind.name == name)
    members.strike(ground_, nursery, tmp_path / "out", random.Random(3), kind, {})


def test_calls_that_are_refused_are_told_and_leave_whole_files(
    ground_: Ground, nursery: Nursery, library: Path
) -> None:
    output = ground_.folder / "refused"
    became = []
    for state, at, error, lasting in (
        ("drawn", 20, "EACCES", True),
        ("drawn", 100, "EIO", False),
        ("over", 60, "ENOSPC", True),
        ("over", 80, shim.KILLED, False),
    ):
        call = refusals.Call(state, ground_.folder, at, "")
        became.append(refusals.refuse(ground_, nursery, library, output, call, error, lasting=lasting))
    assert sum("told" in one for one in became) >= 2
    assert "SIGKILL, killed" in became


def test_a_clock_that_was_set_back_serves_nothing_old(
    ground_: Ground, nursery: Nursery, library: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    ground.ready(ground_, output, "over", random.Random(0))
    done = ground_.build(nursery, output, **shim.clock(library, -400 * DAY))
    assert done.returncode == 0, done.stderr
    assert ground.exact(output) == ground.exact(ground_.folder / "calm")


def test_clocks_that_leap_within_a_build_lose_nothing(
    ground_: Ground, nursery: Nursery, library: Path, tmp_path: Path
) -> None:
    clocks.leap(ground_, nursery, library, tmp_path / "out", random.Random(5))
    clocks.leap_beside(ground_, nursery, library, tmp_path / "out", random.Random(1))


def test_a_damaged_store_is_told_and_mended(ground_: Ground, nursery: Nursery, tmp_path: Path) -> None:
    assert damage(ground_, nursery, tmp_path / "out", random.Random(2), 60) == "reported"


def test_builds_that_share_a_store_lose_nothing_to_kills_and_sweeps(
    ground_: Ground, nursery: Nursery, tmp_path: Path
) -> None:
    crowd(ground_, nursery, tmp_path / "out", random.Random(1), 2)


def test_two_builds_of_one_chapter_at_once_both_end_well(ground_: Ground, nursery: Nursery, tmp_path: Path) -> None:
    output = tmp_path / "out"
    ground.ready(ground_, output, "drawn", random.Random(0))
    builds = [nursery.start("build", ground_.talk, "--output", output, cwd=ground_.folder) for _ in range(2)]
    for build in builds:
        code, errors = build.end()
        assert code == 0, errors
    assert ground.exact(output) == ground.exact(ground_.folder / "calm")


def test_ctrl_c_ends_soon_with_130_and_keeps_finished_work(ground_: Ground, nursery: Nursery, tmp_path: Path) -> None:
    output = tmp_path / "out"
    ground.ready(ground_, output, "fresh", random.Random(0))
    build = nursery.start("build", ground_.talk, "--output", output, cwd=ground_.folder)
    answers = output / ".deckcast" / "answers"
    soon(lambda: any(answers.rglob("*.json")) or build.wait(0) is not None)
    if build.wait(0) is None:
        os.kill(build.pid, signal.SIGINT)
    code, errors = build.end()
    if code:  # it may have been quicker than we were
        assert code == 130, errors
        assert "interrupted" in errors
        assert "Traceback" not in errors
    assert any(answers.rglob("*.json"))
    ground.whole(ground_, output)
    ground.mended(ground_, nursery, output, replayed=True)


def test_sources_that_may_only_be_read_at_an_odd_place(
    ground_: Ground, nursery: Nursery, library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ("Größe & Maß, 100% #1 [中文] 'so?' " + "x" * 160)
    talk = folder / "talk"
    shutil.copytree(ground_.talk, talk, ignore=shutil.ignore_patterns("outputs"))
    (folder / "deckcast.toml").touch()
    read_only = shim.failing(library, talk, 1, "EACCES", lasting=True)  # which holds root, too
    output = folder / "out put"
    shutil.copytree(ground_.folder / "calm" / ".deckcast", output / ".deckcast")
    done = nursery.run("build", talk, "--output", output, cwd=folder, **read_only)
    assert done.returncode == 0, done.stderr
    assert "cell-unrecorded" in done.stderr
    assert not (talk / "outputs").exists()
    assert ground.seen(output) == ground_.expected
