"""The short form of `campaign.py`: one small chapter, and a trouble of each kind."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from faults import shim, troubles
from faults.harness import deckcast
from faults.troubles import Ground

pytestmark = pytest.mark.slow

DAY = 24 * 3600


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return troubles.prepare(tmp_path_factory.mktemp("faults") / "ground")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if why := shim.missing():
        pytest.skip(why)
    return shim.compiled(tmp_path_factory.mktemp("shim"))


def test_a_browser_a_kernel_or_a_worker_that_is_killed_costs_no_more_than_an_error(
    ground: Ground, tmp_path: Path
) -> None:
    troubles.strike(ground, tmp_path / "out", random.Random(3), "member", "live")


def test_calls_that_are_refused_are_told_and_leave_whole_files(ground: Ground, library: Path, tmp_path: Path) -> None:
    output = ground.folder / "refused"
    troubles.ready(ground, output, "changed")
    became = [
        troubles.refused(ground, library, output, at, error, lasting=lasting)
        for at, error, lasting in (
            (20, "EACCES", True),
            (40, "ENOSPC", True),
            (50, "EIO", False),
            (60, "ENOSPC", False),
            (90, "EIO", True),
        )
    ]
    assert became.count("told") >= 3
    troubles.mended(ground, output, "changed")


def test_a_clock_that_was_set_back_serves_nothing_old(ground: Ground, library: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    troubles.ready(ground, output, "changed")
    done = ground.build(output, **shim.clock(library, -400 * DAY))
    assert done.returncode == 0, done.stderr
    assert troubles.exact(output / "talk") == troubles.exact(ground.folder / "calm" / "talk")


def test_a_damaged_store_is_told_and_mended(ground: Ground, tmp_path: Path) -> None:
    assert troubles.damage(ground, tmp_path / "out", random.Random(2), 60) == "reported"


def test_builds_that_share_a_store_lose_nothing_to_kills_and_sweeps(ground: Ground, tmp_path: Path) -> None:
    troubles.crowd(ground, tmp_path / "out", random.Random(1), 2)


def test_sources_that_may_only_be_read_at_an_odd_place(ground: Ground, library: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("Größe & Maß, 100% #1 [中文] 'so?' " + "x" * 160)
    talk = folder / "talk"
    shutil.copytree(ground.talk, talk, ignore=shutil.ignore_patterns("outputs"))
    (folder / "deckcast.toml").touch()
    read_only = shim.failing(library, talk, 1, "EACCES", lasting=True)  # which holds root, too
    done = deckcast("build", talk, "--output", folder / "out put", cwd=folder, **read_only)
    assert done.returncode == 0, done.stderr
    assert "cell-unrecorded" in done.stderr
    assert not (talk / "outputs").exists()
    assert troubles.seen(folder / "out put" / "talk") == ground.expected
