"""Sweeping a store: what is used stays whole, what nobody used for long goes, and no build loses what it reads."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_sweep import Swept, sweep

DAY = 24 * 3600.0


def key(number: int) -> str:
    return f"{number:064x}"


def age(folder: Path, number: int, days: float) -> None:
    """Makes an answer and its blobs as old as that."""
    with closing(FolderStore(folder)) as store:
        answer = store.get(key(number))
    assert answer is not None
    then = time.time() - days * DAY
    names = [blob.sha256 for blob in answer.blobs.values()]
    for path in (folder / "answers").rglob(f"{key(number)}.json"):
        os.utime(path, (then, then))
    for name in names:
        os.utime(folder / "blobs" / name[:2] / name, (then, then))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three answers: 40 days old, 10 days old, new; the first two share a blob."""
    place = tmp_path / "store"
    with closing(FolderStore(place)) as store:
        store.put(key(1), {"n": 1}, {"own": b"1" * 1000, "shared": b"s" * 1000})
        store.put(key(2), {"n": 2}, {"own": b"2" * 1000, "shared": b"s" * 1000})
        store.put(key(3), {"n": 3}, {"own": b"3" * 1000})
    age(place, 1, 40)
    age(place, 2, 10)
    return place


def there(folder: Path) -> list[int]:
    """The answers that stay, without using them."""
    return [number for number in (1, 2, 3) if list((folder / "answers").rglob(f"{key(number)}.json"))]


def test_what_was_not_used_for_long_goes_with_what_only_it_names(folder: Path) -> None:
    swept = sweep(folder, unused=30 * DAY)
    assert (swept.answers, swept.files) == (1, 2)
    assert 1000 < swept.size < 1600
    assert there(folder) == [2, 3]


def test_a_dry_sweep_tells_the_same_and_takes_nothing(folder: Path) -> None:
    told = sweep(folder, unused=30 * DAY, dry=True)
    assert there(folder) == [1, 2, 3]
    age(folder, 1, 40)
    age(folder, 2, 10)
    assert sweep(folder, unused=30 * DAY) == told


def test_using_an_answer_keeps_it(folder: Path) -> None:
    with closing(FolderStore(folder)) as store:
        assert store.get(key(1)) is not None
    assert sweep(folder, unused=30 * DAY) == Swept(left=sum(p.stat().st_size for p in folder.rglob("*/??/*")))


def test_the_longest_unused_go_until_the_rest_is_small_enough(folder: Path) -> None:
    sweep(folder, unused=100 * DAY, most=3900)
    assert there(folder) == [2, 3]
    sweep(folder, unused=100 * DAY, most=1900)
    assert there(folder) == [3]
    sweep(folder, unused=100 * DAY, most=0)
    assert there(folder) == []
    assert not list((folder / "blobs").rglob("*"))


def test_what_is_to_be_kept_stays_whatever_its_age(folder: Path) -> None:
    sweep(folder, unused=0, most=0, keep=lambda: {key(1)})
    assert there(folder) == [1]


def test_damaged_answers_and_leftovers_go_when_they_are_old(folder: Path) -> None:
    broken = folder / "answers" / "ab" / f"{'ab' * 32}.json"
    broken.parent.mkdir()
    broken.write_text("{")
    left = folder / "tmp" / "tmp1"
    left.write_bytes(b"half")
    loose = folder / "blobs" / "cd" / ("cd" * 32)
    loose.parent.mkdir(exist_ok=True)
    loose.write_bytes(b"nobody names it")
    assert sweep(folder, unused=30 * DAY).answers == 1
    assert all(path.exists() for path in (broken, left, loose)), "they are new: somebody may be about to need them"
    for path in (broken, left, loose):
        os.utime(path, (0, 0))
    sweep(folder, unused=30 * DAY)
    assert not any(path.exists() for path in (broken, left, loose))
    assert there(folder) == [2, 3]


def test_a_store_that_is_not_there_is_clean(tmp_path: Path) -> None:
    assert sweep(tmp_path / "none", unused=0) == Swept()
    assert not (tmp_path / "none").exists()


def test_a_sweep_waits_for_a_running_build(folder: Path) -> None:
    told, done = threading.Event(), threading.Event()
    store = FolderStore(folder)
    answer = store.get(key(3))
    assert answer is not None

    def clean() -> None:
        sweep(folder, unused=0, most=0, waiting=told.set)
        done.set()

    worker = threading.Thread(target=clean)
    worker.start()
    try:
        assert told.wait(10)
        assert not done.wait(0.2)
        assert store.read(answer.blobs["own"]) == b"3" * 1000
    finally:
        store.close()
        worker.join(10)
    assert done.is_set()
    assert there(folder) == []


def test_a_build_waits_for_a_running_sweep(folder: Path) -> None:
    from deckcast.lock import exclusive

    opened = threading.Event()

    def build() -> None:
        with closing(FolderStore(folder)):
            opened.set()

    with exclusive(folder / "lock", lambda: None):
        worker = threading.Thread(target=build)
        worker.start()
        assert not opened.wait(0.2)
    worker.join(10)
    assert opened.is_set()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 90)), min_size=1, max_size=12),
    unused=st.integers(0, 90),
    most=st.none() | st.integers(0, 6000),
)
def test_what_stays_is_whole_and_within_the_limits(
    tmp_path: Path, answers: list[tuple[int, int]], unused: int, most: int | None
) -> None:
    import shutil

    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    with closing(FolderStore(folder)) as store:
        for number, (blob, _) in enumerate(answers):
            store.put(key(number), {}, {"one": bytes([blob]) * 1000, "own": str(number).encode()})
    for number, (_, days) in enumerate(answers):
        age(folder, number, days + 0.5)
    swept = sweep(folder, unused=unused * DAY, most=most)
    files = [path for part in ("answers", "blobs", "tmp") for path in (folder / part).rglob("*") if path.is_file()]
    assert swept.left == sum(path.stat().st_size for path in files)
    if most is not None:
        assert swept.left <= most
    with closing(FolderStore(folder)) as store:
        for path in (folder / "answers").rglob("*.json"):
            assert store.get(path.stem) is not None
        staying = {number for number in range(len(answers)) if store.get(key(number)) is not None}
    assert all(answers[number][1] < unused for number in staying)
    if most is None:
        assert staying == {number for number, (_, days) in enumerate(answers) if days + 0.5 <= unused}


def test_what_a_build_needs_that_ended_while_the_sweep_waited_stays(folder: Path) -> None:
    told = threading.Event()
    needs: set[str] = set()
    store = FolderStore(folder)
    worker = threading.Thread(
        target=lambda: sweep(folder, unused=0, most=0, keep=lambda: frozenset(needs), waiting=told.set)
    )
    worker.start()
    try:
        assert told.wait(10)
        needs.add(key(2))
    finally:
        store.close()
        worker.join(10)
    assert there(folder) == [2]
