"""What a machine has is found out quickly, and without a look outside where nobody wants one."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deckcast.engines import kernel_probe_program as probe
from deckcast.engines.needs import KNOWN_NEEDS, meets


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_ENDPOINT", "CUDA_VISIBLE_DEVICES", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def missing_page() -> Iterator[str]:
    """A web server that has nothing but 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Makes these the only programs there are."""
    for name, script in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_any_answer_of_a_hub_counts(missing_page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", missing_page + "/")
    found = meets("hub")
    assert (found.works, found.reason) == (True, f"{missing_page} answers")


def test_no_hub_is_asked_when_the_person_said_offline(missing_page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", missing_page)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = meets("hub")
    assert (found.works, found.reason) == (False, "HF_HUB_OFFLINE is set")


def test_a_hub_that_refuses_is_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("HF_ENDPOINT", address)
        found = meets("hub")
    assert not found.works
    assert found.reason.startswith(f"{address} cannot be reached: ")
    assert "HF_ENDPOINT" in found.mend


def test_a_hub_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setattr(probe, "HUB_SECONDS", 0.2)
        found = meets("hub")
    assert not found.works
    assert address in found.reason


@pytest.mark.parametrize("address", ["file:///etc/passwd", "huggingface"])
def test_a_hub_is_a_web_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    found = meets("hub")
    assert not found.works
    assert address in found.reason


def test_the_driver_names_the_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(tmp_path, monkeypatch, nvidia_smi="echo 'NVIDIA H200'; echo 'NVIDIA H200'")
    assert probe.accelerators() == ["NVIDIA H200", "NVIDIA H200"]
    assert meets("gpu").reason == "NVIDIA H200, NVIDIA H200"


def test_hidden_devices_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(tmp_path, monkeypatch, nvidia_smi="echo 'NVIDIA H200'")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert not meets("gpu").works


@pytest.mark.skipif(any(Path("/dev").glob("nvidia[0-9]*")), reason="this machine has a device")
def test_a_driver_without_a_device_is_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(tmp_path, monkeypatch, nvidia_smi="echo 'No devices were found'; exit 6")
    found = meets("gpu")
    assert (found.works, found.reason) == (False, "there is no NVIDIA device")
    assert "NVIDIA" in found.mend


def test_every_need_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert KNOWN_NEEDS == ("gpu", "hub")
    assert all(meets(need).reason for need in KNOWN_NEEDS)


def test_versions_are_those_of_what_the_cells_imported(tmp_path: Path) -> None:
    cells = ["import pytest as pt\nfrom . import nothing", "not python at all", "import os, not_installed_at_all"]
    found = dict(probe.versions(cells, tmp_path))
    assert found["pytest"] == pytest.__version__
    assert set(found) <= {"pytest", "numpy", "torch", "tensorflow", "jax", "jaxlib"}


def test_the_machine_is_described_in_full() -> None:
    facts = probe.machine()
    assert facts["language"].startswith("Python 3.")
    assert facts["cpu"]
    assert 1 <= facts["cores"] <= (os.cpu_count() or 1)
    assert facts["memory"] > 1 << 28
    assert facts["system"].split()
    assert probe.peak() > 1 << 20
