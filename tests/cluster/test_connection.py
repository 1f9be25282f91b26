"""A build's connection to a cluster: who may work, what comes of calls, whoever dies."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import pytest

from cluster.gang import CALM, Told, connected, gang
from deckcast.cluster import dask, facts, roll
from deckcast.errors import AuthorError, ClusterError, MachineError
from deckcast.model import Where

pytestmark = CALM


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gang({"browser": 1}, {}) as cluster:
        yield cluster.scheduler_address


def who() -> str:
    from deckcast.cluster.deliver import worker_name

    return worker_name()


def fails() -> None:
    raise AuthorError("no such thing", where=Where(Path("deck.md"), 3, 1), hint="look")


def breaks() -> None:
    raise KeyError("a bug")


def long(size: int) -> bytes:
    return b"x" * size


def test_calls_and_answers(address: str, tmp_path: Path) -> None:
    with connected(address, tmp_path) as cluster:
        assert [one.name for one in cluster.workers] == ["0", "1"]
        assert [one.name for one in cluster.offering("browser")] == ["0"]
        futures = [cluster.submit(divmod, number, 3) for number in range(20)]
        assert [one.result(60) for one in futures] == [divmod(number, 3) for number in range(20)]
        assert sum(cluster.tally.values()) == 20
        assert cluster.submit(long, 100_000).result(60) == b"x" * 100_000


def test_resources_and_choice_tell_who_takes_a_call(address: str, tmp_path: Path) -> None:
    with connected(address, tmp_path) as cluster:
        drawn = [cluster.submit(who, resources={"browser": 1}) for _ in range(8)]
        assert {one.result(60) for one in drawn} == {"0"}
        chosen = [cluster.submit(who, on=lambda worker: worker.name == "1") for _ in range(8)]
        assert {one.result(60) for one in chosen} == {"1"}


def test_errors_of_a_call_are_its_answer(address: str, tmp_path: Path) -> None:
    with connected(address, tmp_path) as cluster:
        with pytest.raises(AuthorError, match="no such thing") as raised:
            cluster.submit(fails).result(60)
        assert raised.value.finding.where == Where(Path("deck.md"), 3, 1)
        assert raised.value.finding.hint == "look"
        with pytest.raises(KeyError) as bug:
            cluster.submit(breaks).result(60)
        assert "on the worker" in bug.value.__notes__[0]
        assert "in breaks" in bug.value.__notes__[0]
        assert cluster.tally.total() == 2  # neither was tried again


def test_what_nobody_wants_is_called_off(address: str, tmp_path: Path) -> None:
    with connected(address, tmp_path) as cluster:
        slow = [cluster.submit(time.sleep, 0.2) for _ in range(4)]
        more = [cluster.submit(time.sleep, 60) for _ in range(10)]
        assert all(one.cancel() for one in more)
        done, _ = wait(more, 10)
        assert len(done) == 10
        assert [one.result(60) for one in slow] == [None] * 4
        assert cluster.submit(who).result(60) in ("0", "1")


def test_closing_calls_off_what_waits(address: str, tmp_path: Path) -> None:
    with connected(address, tmp_path) as cluster:
        waiting = cluster.submit(time.sleep, 3)
    with pytest.raises(CancelledError):
        waiting.result(10)
    with pytest.raises(CancelledError):
        cluster.submit(who)
    cluster.close()
    assert not [one for one in threading.enumerate() if one.name == "deckcast-cluster-watch"]


def test_who_cannot_work_takes_nothing_and_that_is_said_once(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "START", 0.0)
    look = facts._look

    def of_others(store: str, offers: frozenset[str]) -> dict[str, Any]:
        return {**look(store, offers), "deckcast": "0.0.9 (older)"}

    monkeypatch.setattr(facts, "_look", of_others)
    said = Told()
    monkeypatch.setattr(facts, "program", lambda: "0.1.0 (newer)")
    with pytest.raises(ClusterError, match="no worker of the cluster") as raised, connected(address, tmp_path, said):
        pass
    assert "deckcast 0.0.9 (older), and this one is 0.1.0 (newer)" in str(raised.value)
    assert "docs/cluster.md" in raised.value.finding.hint
    assert raised.value.exit_code == 3
    assert len(said) == len(set(said)) == 2
    assert said[0].startswith("worker 0 takes nothing: it has deckcast 0.0.9")


def test_who_does_not_reach_the_store_takes_nothing(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "START", 0.0)
    look = facts._look
    monkeypatch.setattr(facts, "_look", lambda _, offers: look(str(tmp_path / "not mounted"), offers))
    told = "does not reach the store: there is no store in"
    with pytest.raises(ClusterError, match=told), connected(address, tmp_path):
        pass
    assert not (tmp_path / "not mounted").exists()


def test_a_worker_of_another_program_refuses(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(address, tmp_path, patience=1.0) as cluster:
        monkeypatch.setattr("deckcast.cluster.deliver.program", lambda: "another by now")
        with pytest.raises(ClusterError, match=r"cannot do `who`: .*another deckcast by now|no worker is left"):
            cluster.submit(who).result(60)


def test_nobody_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT", 1.0)
    told = r"nobody answers at tcp://127\.0\.0\.1:9"
    with pytest.raises(ClusterError, match=told) as raised, connected("tcp://127.0.0.1:9", tmp_path):
        pass
    assert "dask scheduler" in raised.value.finding.hint


def test_certificates_that_are_missing(tmp_path: Path) -> None:
    with (
        pytest.raises(ClusterError, match="wants certificates") as raised,
        connected("tls://127.0.0.1:9", tmp_path),
    ):
        pass
    assert "docs/cluster.md" in raised.value.finding.hint


def test_without_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MachineError, match="needs Dask") as raised, connected("tcp://127.0.0.1:9", tmp_path):
        pass
    assert "deckcast[cluster]" in raised.value.finding.hint


def test_a_cluster_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roll, "START", 0.1)
    with (
        gang() as empty,
        pytest.raises(ClusterError, match="has no workers"),
        connected(empty.scheduler_address, tmp_path),
    ):
        pass


def test_workers_that_come_and_go(tmp_path: Path) -> None:
    with gang({}) as cluster, connected(cluster.scheduler_address, tmp_path, patience=1.0) as build:
        needs = build.submit(who, resources={"gpu": 1})
        with pytest.raises(ClusterError, match="no worker is left that offers gpu to do `who`"):
            needs.result(60)
        cluster.worker_spec["gpu"] = {
            "cls": cluster.worker_spec[0]["cls"],
            "options": {**cluster.worker_spec[0]["options"], "name": "gpu", "resources": {"gpu": 1}},
        }
        cluster.sync(cluster._correct_state)
        for _ in range(200):
            if build.offering("gpu"):
                break
            time.sleep(0.1)
        assert build.submit(who, resources={"gpu": 1}).result(60) == "gpu"


def test_a_scheduler_that_ends_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT", 1.0)
    with gang({}) as cluster, connected(cluster.scheduler_address, tmp_path) as build:
        waiting = build.submit(time.sleep, 1.0)
        cluster.close()
        with pytest.raises(ClusterError, match="does not answer any more") as raised:
            waiting.result(60)
        assert "what was finished is kept" in raised.value.finding.hint
        with pytest.raises(ClusterError, match="does not answer any more"):
            build.submit(who)
