"""Where cells run: here, or on the server that the settings name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from deckcast.engines.kernel_local import LocalKernels
from deckcast.engines.kernel_server import ServerKernels
from deckcast.engines.kernels import open_kernels
from deckcast.errors import ConfigError
from deckcast.settings import CellsSettings, Settings, SlidesSettings
from deckcast.stages import Silence


def settings(**cells: str) -> Settings:
    # Nothing asks for the theme before a kernel starts.
    return dataclasses.replace(Settings(), cells=CellsSettings(**cells), slides=SlidesSettings(theme="no such theme"))


def test_cells_run_here_where_no_server_is_named(tmp_path: Path) -> None:
    kernels = open_kernels(settings(), [tmp_path], Silence())
    assert isinstance(kernels, LocalKernels)
    assert kernels.name == "this machine"
    assert kernels.availability("python").works
    kernels.close()


def test_cells_run_on_the_server_that_is_named(tmp_path: Path) -> None:
    kernels = open_kernels(settings(kernel_url="http://127.0.0.1:9"), [tmp_path], Silence())
    assert isinstance(kernels, ServerKernels)
    assert kernels.name == "http://127.0.0.1:9"
    kernels.close()


def test_an_address_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        open_kernels(settings(kernel_url="gpu box"), [tmp_path], Silence())
