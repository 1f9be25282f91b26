"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_voices_of_this_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neural voices that lie on this machine must not change what `voice: auto` takes in a test."""
    base: Path = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("DECKCAST_VOICES", str(base / "no-voices"))
