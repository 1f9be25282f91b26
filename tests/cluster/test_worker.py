"""`deckcast worker`: what it offers, what it says where it cannot, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from cluster.gang import connected, gang
from cluster.seats import until
from deckcast.cli import run
from deckcast.cluster import offers, worker
from deckcast.cluster.offers import Offer
from deckcast.errors import MachineError, UsageError

FOUND = (Offer("browser", 1, "Chromium 150"), Offer("voice", 4, "flite"), Offer("gpu", 0, "there is no NVIDIA device"))


def test_it_looks_at_what_the_machine_has() -> None:
    found = offers.look(3)
    assert [one.kind for one in found] == ["browser", "voice", "gpu"]
    assert all(one.reason for one in found)
    assert {one.amount for one in found} <= {0, 1, 3}


def test_it_may_offer_less() -> None:
    assert offers.chosen(FOUND, ("browser",)) == (
        FOUND[0],
        Offer("voice", 0, "not offered"),
        Offer("gpu", 0, "not offered"),
    )
    assert {one.amount for one in offers.chosen(FOUND, ())} == {0}


def test_it_offers_nothing_that_is_not_there() -> None:
    with pytest.raises(MachineError, match="no `gpu` to offer: there is no NVIDIA device"):
        offers.chosen(FOUND, ("browser", "gpu"))
    with pytest.raises(UsageError, match="there is no `sound`") as caught:
        offers.chosen(FOUND, ("sound",))
    assert "browser, voice, gpu" in caught.value.finding.hint


@pytest.mark.parametrize(
    "address", ["host", "host:8786", "http://host:8786", "tcp://host", "tcp://me:s3cretword@host:1"]
)
def test_what_is_no_address_is_told_with_one_that_is(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["worker", address]) == 2
    told = capsys.readouterr().err
    assert "tcp://" in told
    assert "s3cretword" not in told


def test_without_dask_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run(["worker", "tcp://127.0.0.1:8786"]) == 3
    assert "pip install 'deckcast[cluster]'" in capsys.readouterr().err


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.3)


def serve(address: str) -> None:
    worker.serve(address, (), threads=1, name="one", begun=lambda _: pytest.fail("it has begun"))


def test_where_nobody_answers_it_says_so(hasty: None) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(MachineError, match="no Dask scheduler answers") as caught:
            serve(address)
    assert "dask scheduler" in caught.value.finding.hint


def test_what_is_no_scheduler_is_told(hasty: None) -> None:
    with gang({}) as workers, pytest.raises(MachineError, match=r"no Dask scheduler answers .* Worker"):
        serve(workers.workers[0].address)


@contextmanager
def started(scheduler: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process group of its own, when it serves."""
    command = [sys.executable, "-m", "deckcast", "worker", scheduler, *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as box:
        try:
            assert box.stdout is not None
            assert any("serving at tcp://" in line for line in box.stdout)
            yield box
        finally:
            with suppress(ProcessLookupError):
                os.killpg(box.pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with (
        gang() as workers,
        started(workers.scheduler_address, "--name", "box", "--threads", "3", "--offer", "none") as box,
    ):
        with connected(workers.scheduler_address, tmp_path) as cluster:
            [there] = cluster.workers
            assert (there.name, there.threads, dict(there.resources)) == ("box", 3, {})
            for name in ("OMP_NUM_THREADS", "PYTHONHASHSEED"):
                assert cluster.submit(os.getenv, name).result(60) == os.getenv(name), "cells find what is here"
        family = psutil.Process(box.pid).children(recursive=True)
        assert family
        os.killpg(box.pid, number)  # all of them, as Ctrl-C in a terminal does
        told, complained = box.communicate(timeout=60)
        assert box.returncode == 0, complained
        assert told.endswith("stopped\n")
        assert "Traceback" not in complained
        until(lambda: not any(map(_alive, family)))


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.slow
def test_it_says_when_the_scheduler_has_gone_away() -> None:
    with gang() as workers, started(workers.scheduler_address, "--offer", "none") as box:
        workers.close()
        _, complained = box.communicate(timeout=60)
    assert box.returncode == 3
    assert "has gone away" in complained
