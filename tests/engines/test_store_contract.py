"""What every store must do, and what the folder store does on a disk that fails it."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.store_remote import RemoteStore
from deckcast.engines.stores import open_store
from deckcast.errors import StorageError
from deckcast.model import Blob
from deckcast.ports import Store

KEY = "ab" * 32


@pytest.fixture(params=["memory", "folder", "remote", "fronted"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Opens the same store anew each time it is called."""
    memory = MemoryStore()
    url = f"memory://{uuid.uuid4().hex}"
    return {
        "memory": lambda: memory,
        "folder": lambda: FolderStore(tmp_path / "store"),
        "remote": lambda: RemoteStore(url),
        "fronted": lambda: open_store(url, tmp_path, 1),
    }[request.param]


def test_nothing_is_there_before_it_is_put(opened: Callable[[], Store]) -> None:
    assert opened().get(KEY) is None


def test_an_answer_comes_back_as_it_was_put(opened: Callable[[], Store]) -> None:
    facts = {"words": [[0, 3, 0.0, 0.25]], "name": "Ünïcode ✓"}
    put = opened().put(KEY, facts, {"wav": b"\x00\x01" * 50_000, "empty": b""})
    got = opened().get(KEY)
    assert got == put
    assert got is not None
    assert got.facts == facts
    assert opened().read(got.blobs["wav"]) == b"\x00\x01" * 50_000
    assert opened().read(got.blobs["empty"]) == b""


def test_a_later_answer_replaces_an_earlier_one(opened: Callable[[], Store]) -> None:
    opened().put(KEY, {"n": 1}, {})
    opened().put(KEY, {"n": 2}, {})
    got = opened().get(KEY)
    assert got is not None
    assert got.facts == {"n": 2}


def test_a_blob_that_is_not_there_cannot_be_read(opened: Callable[[], Store]) -> None:
    with pytest.raises(StorageError, match="lost or damaged"):
        opened().read(Blob("0" * 64, 3))


def test_many_threads_may_put_the_same_answer(opened: Callable[[], Store]) -> None:
    store = opened()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: store.put(KEY, {"n": 0}, {"a": b"x" * 1000}), range(40)))
    assert len(set(map(repr, answers))) == 1
    assert opened().get(KEY) == answers[0]


def files(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file() and path.name not in ("lock", "format.json"))


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone", "grown"])
def test_damage_anywhere_makes_the_answer_missing(tmp_path: Path, damage: str) -> None:
    store = FolderStore(tmp_path)
    for at in range(2):  # each of the two files in turn: the answer and its blob
        store.put(KEY, {"n": 1}, {"a": b"some bytes"})
        path = files(tmp_path)[at]
        body = bytearray(path.read_bytes())
        if damage == "gone":
            path.unlink()
        else:
            middle = len(body) // 2
            new = {
                "flip": bytes(body[:middle]) + bytes([body[middle] ^ 1]) + bytes(body[middle + 1 :]),
                "cut": bytes(body[:middle]),
                "empty": b"",
                "grown": bytes(body) + b"!",
            }[damage]
            path.write_bytes(new)
        assert store.get(KEY) is None
        store.put(KEY, {"n": 1}, {"a": b"some bytes"})
        got = store.get(KEY)
        assert got is not None, "what was damaged is made whole again"
        assert store.read(got.blobs["a"]) == b"some bytes"


def test_an_answer_under_another_key_is_none(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(KEY, {"n": 1}, {})
    (path,) = files(tmp_path)
    other = "cd" * 32
    target = tmp_path / "answers" / "cd" / f"{other}.json"
    target.parent.mkdir(parents=True)
    path.rename(target)
    assert store.get(other) is None


def test_what_a_killed_build_left_half_written_is_swept_after_a_day(tmp_path: Path) -> None:
    FolderStore(tmp_path)
    old, young = tmp_path / "tmp" / "old", tmp_path / "tmp" / "young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    FolderStore(tmp_path)
    assert not old.exists()
    assert young.exists(), "another build may be writing it right now"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_new_files_may_read_what_is_kept(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        FolderStore(tmp_path).put(KEY, {}, {"one": b"\x00\x01" * 50})
    finally:
        os.umask(before)
    kept = [path for place in ("answers", "blobs") for path in (tmp_path / place).rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {mode}


def test_what_another_build_writes_is_no_leftover_however_old_a_clock_makes_it(tmp_path: Path) -> None:
    other = FolderStore(tmp_path)
    writes = tmp_path / "tmp" / "old"
    writes.write_bytes(b"half")
    os.utime(writes, (0, 0))
    FolderStore(tmp_path)
    assert writes.exists()
    other.close()
    FolderStore(tmp_path)
    assert not writes.exists()


def test_a_folder_that_cannot_be_made_is_told_with_path_and_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        FolderStore(tmp_path / "file" / "store")
    assert str(tmp_path / "file") in str(caught.value)
    assert caught.value.finding.hint


def test_an_unknown_kind_of_url_is_told(tmp_path: Path) -> None:
    from deckcast.errors import MachineError

    with pytest.raises(MachineError, match="nosuch://bucket"):
        open_store("nosuch://bucket", tmp_path)


def test_the_setting_names_a_folder_or_a_url(tmp_path: Path) -> None:
    default = open_store("", tmp_path)
    assert isinstance(default, FolderStore)
    assert default.folder == tmp_path / ".deckcast"
    assert isinstance(open_store("memory://x", tmp_path), RemoteStore)


def test_damage_is_told_and_what_was_never_there_is_none(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for number, body in enumerate([b"whole", b"flipped", b"lost"]):
        store.put(f"{number:064x}", {}, {"one": body})
    store.put("d" * 64, {}, {})
    (answer,) = (tmp_path / "answers" / "dd").iterdir()
    answer.write_bytes(answer.read_bytes()[:-9])
    blobs = {path.read_bytes(): path for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    blobs[b"flipped"].write_bytes(b"flopped")
    blobs[b"lost"].unlink()
    assert store.get("e" * 64) is None
    assert store.damaged == ()
    for key in (*(f"{number:064x}" for number in range(3)), "d" * 64):
        store.get(key)
    assert {Path(name).name for name in store.damaged} == {
        blobs[b"flipped"].name,
        blobs[b"lost"].name,
        f"{'d' * 64}.json",
    }


def test_a_store_whose_things_expire_tells_of_none_that_is_gone() -> None:
    store = RemoteStore(f"memory://{uuid.uuid4().hex}")
    answer = store.put(KEY, {}, {"one": b"blob"})
    files, root = store._files, store._root
    blob = f"{root}/blobs/{answer.blobs['one'].sha256[:2]}/{answer.blobs['one'].sha256}"
    files.pipe_file(blob, b"bl0b")
    assert store.get(KEY) is None
    assert len(store.damaged) == 1
    fresh = RemoteStore(store.url)
    files.rm(blob)
    assert fresh.get(KEY) is None
    assert fresh.damaged == ()
