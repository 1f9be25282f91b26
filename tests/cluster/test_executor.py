"""Who may encode for a lesson whose other parts are encoded here."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from cluster.gang import CALM, Told, connected, gang
from deckcast.cluster import facts
from deckcast.cluster.executor import open_executor
from deckcast.encode.ahead import ahead, at_once
from deckcast.engines.executors import InlineExecutor

pytestmark = CALM


def test_machines_that_encode_otherwise_encode_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = facts._look

    def older(store: str, offers: frozenset[str]) -> dict[str, Any]:
        told = look(store, offers)
        return {**told, "encoding": {**told["encoding"], "av": "1.0"}}

    monkeypatch.setattr(facts, "_look", older)
    said, own = Told(), InlineExecutor()
    with gang({}) as alone, connected(alone.scheduler_address, tmp_path, said) as cluster:
        assert open_executor(cluster, lambda: own) is own
    has = facts.encoding()["av"]
    assert said[1:] == [
        f"worker 0 encodes nothing: it has av 1.0 instead of {has}",
        "no worker encodes as this machine does: it encodes by itself",
    ]


def test_work_runs_ahead_by_what_the_cluster_bears(tmp_path: Path) -> None:
    sent: list[int] = []

    class Counting(Executor):
        def __init__(self, inner: Executor) -> None:
            self._inner = inner
            self.at_once = at_once(inner)

        def submit(self, fn: Any, /, *args: Any, **_: Any) -> Any:
            sent.append(args[0])
            return self._inner.submit(fn, *args)

    with gang({}, {}, threads=3) as two, connected(two.scheduler_address, tmp_path) as cluster:
        executor = Counting(open_executor(cluster, InlineExecutor))
        assert executor.at_once == 6
        results = ahead(executor, range(100), lambda number: (divmod, (number, 7)))
        assert next(results) == (0, (0, 0))
        assert len(sent) == 2 * 6 + 2  # however many there are
        assert [answer for _, answer in results] == [divmod(number, 7) for number in range(1, 100)]
