"""What the tests with the stand-in hub share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.hub import Hub, Model
from once import once


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the models."""

    def train(folder: Path) -> None:
        program = Path(__file__).with_name("train.py")
        ran = subprocess.run(
            [sys.executable, str(program), str(folder)], capture_output=True, text=True, timeout=300, check=False
        )
        assert ran.returncode == 0, ran.stderr

    return once(tmp_path_factory, "hub-models", train)


@pytest.fixture
def hub(trained: Path) -> Iterator[Hub]:
    """A hub with two models under the ids of famous ones."""
    with Hub(
        (
            Model("google-bert/bert-base-uncased", trained / "fill-mask", "fill-mask", "", ("bert-base-uncased",)),
            Model(
                "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
                trained / "text-classification",
                "text-classification",
                "714eb0f",
            ),
        )
    ) as hub:
        yield hub


@pytest.fixture(autouse=True)
def surroundings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in is the hub, and nothing has been downloaded yet."""
    for name in ("HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_XET_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    monkeypatch.setenv("HF_ENDPOINT", request.getfixturevalue("hub").url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
