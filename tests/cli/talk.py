"""A project with one deck and fake kernels, for commands that run code."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines.kernel_fake import FakeKernels


def project(folder: Path, deck: str, monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    """`talk/presentation.md` in `folder`, which becomes the current one."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("NO_COLOR", "1")
    (folder / "deckcast.toml").write_text("")
    (folder / "talk").mkdir()
    (folder / "talk" / "presentation.md").write_text(deck)
    place = FakeKernels()
    monkeypatch.setattr("deckcast.engines.kernels.open_kernels", lambda *_: place)
    return place


def edit(old: str, new: str) -> None:
    path = Path("talk/presentation.md")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
