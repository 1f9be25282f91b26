"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is.
settings.register_profile("deckcast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("deckcast")


SLOW = 600
"""Seconds that a slow test may take before it counts as hanging, on a machine as busy as it may be."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """`-n auto`: slow tests wait half of their time, for sounds that are played, limits and processes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + min(cores, 4) if config.getoption("markexpr") == "slow" else None


@pytest.fixture(autouse=True)
def no_voices_of_this_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neural voices that lie on this machine must not change what `voice: auto` takes in a test."""
    base: Path = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("DECKCAST_VOICES", str(base / "no-voices"))
