"""Work on an executor, a few pieces ahead."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from deckcast.encode.ahead import ahead
from deckcast.engines.executors import InlineExecutor


def late(number: int) -> int:
    time.sleep(0.002 * (number % 3))
    return number * number


def test_results_come_in_order_whoever_is_first_done() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(ahead(pool, range(50), lambda number: (late, (number,))))
    assert made == [(number, number * number) for number in range(50)]


def test_only_a_few_jobs_are_asked_for_before_their_results_are_taken() -> None:
    asked: list[int] = []

    def job(number: int) -> tuple[object, tuple[int]]:
        asked.append(number)
        return late, (number,)

    results = ahead(InlineExecutor(), range(100_000), job)  # type: ignore[arg-type]
    next(results)
    assert len(asked) < 1000
    results.close()  # type: ignore[attr-defined]


def test_a_failure_calls_off_what_has_not_begun() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise RuntimeError("broken")
        time.sleep(0.05)
        return number

    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="broken"):
        list(ahead(pool, range(3), lambda number: (work, (number,))))
    assert len(begun) < 3
