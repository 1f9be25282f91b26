"""A store in S3: what the server does wrong, what is asked of it, and the local copy in front."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from deckcast.digest import sha256
from deckcast.engines.store_base import StoreBase
from deckcast.engines.store_folder import FolderStore
from deckcast.engines.store_front import FrontedStore, owed, tidy
from deckcast.engines.store_remote import RemoteStore
from deckcast.engines.stores import open_shared, open_store
from deckcast.errors import MachineError, NewerError, StorageError
from engines.s3_server import DENIED, S3Server

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning")
KEY = "ab" * 32
URL = "s3://lessons/store"
LONG = b"long" * 50_000


@pytest.fixture(scope="module")
def running() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture
def s3(running: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """An S3 server with an empty bucket `lessons`, which is what `s3://` means here."""
    from moto.s3.models import s3_backends

    s3_backends["123456789012"]["aws"].reset()
    running.make("lessons")
    running.seen.clear()
    settings: dict[str, Any] = {
        "key": "someone",
        "secret": "quite-secret-words",
        "endpoint_url": running.address,
        "config_kwargs": {"retries": {"total_max_attempts": 1}, "read_timeout": 1, "connect_timeout": 5},
    }
    monkeypatch.setitem(fsspec.config.conf, "s3", settings)
    yield running
    running.trouble = lambda _: None
    running.hides = False


def fronted(place: Path) -> FrontedStore:
    store = open_store(URL, place, 1)
    assert isinstance(store, FrontedStore)
    return store


def methods(server: S3Server) -> list[str]:
    return [one.method for one in server.seen]


def put(store: Any, number: int = 1, **blobs: bytes) -> None:
    store.put(f"{number:064x}", {"n": number}, blobs or {"one": f"blob {number}".encode()})
    store.flush()


def test_what_is_put_is_there_for_all(s3: S3Server, tmp_path: Path) -> None:
    put(fronted(tmp_path / "here"), blob=LONG, empty=b"")
    answer = fronted(tmp_path / "there").get(f"{1:064x}")
    assert answer == RemoteStore(URL).get(f"{1:064x}")
    assert answer is not None
    assert RemoteStore(URL).read(answer.blobs["blob"]) == LONG
    assert RemoteStore(URL).read(answer.blobs["empty"]) == b""


def test_nothing_is_listed_and_no_bucket_made_or_asked_for(s3: S3Server, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no bucket at s3://lesons") as caught:
        RemoteStore("s3://lesons/store")
    assert "make the bucket" in caught.value.finding.hint
    store = fronted(tmp_path)
    assert store.get(KEY) is None
    put(store, blob=LONG)
    put(store, 2, other=LONG)
    assert not [one for one in s3.seen if one.lists or one.path.strip("/") in ("lessons", "lesons")]


def test_long_blobs_that_are_there_are_neither_read_nor_sent(s3: S3Server) -> None:
    put(RemoteStore(URL), blob=LONG)
    other = RemoteStore(URL)
    s3.seen.clear()
    put(other, 2, blob=LONG)
    assert methods(s3) == ["HEAD", "PUT"], "is the blob there? yes; then the answer"
    s3.seen.clear()
    put(other, 3, blob=LONG)
    assert methods(s3) == ["PUT"], "it was there a moment ago"


def test_what_is_here_is_not_asked_for_again(s3: S3Server, tmp_path: Path) -> None:
    put(fronted(tmp_path / "here"), blob=LONG, other=b"short")
    store = fronted(tmp_path / "there")
    s3.seen.clear()
    first = store.get(f"{1:064x}")
    assert sorted(methods(s3)) == ["GET"] * 3
    s3.seen.clear()
    assert store.get(f"{1:064x}") == first
    assert first is not None
    assert store.read(first.blobs["blob"]) == LONG
    again = fronted(tmp_path / "there")
    s3.seen.clear()
    assert again.get(f"{1:064x}") == first
    assert not s3.seen


def test_what_is_expected_comes_together(s3: S3Server, tmp_path: Path) -> None:
    writer = fronted(tmp_path / "here")
    for number in range(20):
        put(writer, number)
    store = fronted(tmp_path / "there")
    s3.seen.clear()
    store.expect(f"{number:064x}" for number in range(30))
    for number in range(30):
        answer = store.get(f"{number:064x}")
        assert (answer is not None) == (number < 20)
    assert len(s3.seen) == 50, "each once: 30 answers, 20 blobs"
    store.close()


def test_a_damaged_copy_is_fetched_anew_and_told(s3: S3Server, tmp_path: Path) -> None:
    put(fronted(tmp_path), blob=LONG)
    (blob,) = (path for path in (tmp_path / ".deckcast" / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(LONG[:-1] + b"?")
    store = fronted(tmp_path)
    answer = store.get(f"{1:064x}")
    assert answer is not None
    assert store.read(answer.blobs["blob"]) == LONG
    assert blob.read_bytes() == LONG
    assert len(store.damaged) == 1


@pytest.mark.parametrize("half", [LONG[:1000], LONG[:-1] + b"?", b""])
def test_an_object_that_is_half_written_is_made_whole(s3: S3Server, tmp_path: Path, half: bytes) -> None:
    put(RemoteStore(URL), blob=LONG)
    (name,) = (name for name in s3.keys if "/blobs/" in name)
    s3.damage(name, half)
    store = fronted(tmp_path)
    assert store.get(f"{1:064x}") is None
    assert len(store.damaged) == 1
    put(store, blob=LONG)
    answer = RemoteStore(URL).get(f"{1:064x}")
    assert answer is not None
    assert RemoteStore(URL).read(answer.blobs["blob"]) == LONG


def test_an_answer_whose_blob_expired_is_none_and_nothing_is_damaged(s3: S3Server, tmp_path: Path) -> None:
    put(RemoteStore(URL), blob=LONG)
    s3.remove(next(name for name in s3.keys if "/blobs/" in name))
    store = fronted(tmp_path)
    assert store.get(f"{1:064x}") is None
    assert store.damaged == ()


def test_who_may_not_list_is_told_that_he_may_not_read_what_is_not_there(s3: S3Server, tmp_path: Path) -> None:
    s3.hides = True
    store = fronted(tmp_path)
    assert store.get(KEY) is None
    put(store, blob=LONG)
    assert RemoteStore(URL).get(KEY) is None
    assert RemoteStore(URL).get(f"{1:064x}") is not None


@pytest.mark.parametrize("may", ["nothing", "write"])
def test_wrong_keys_are_told_at_once(s3: S3Server, may: str) -> None:
    s3.trouble = lambda request: None if may == "write" and request.method == "PUT" else ("403 Forbidden", DENIED)
    with pytest.raises(StorageError, match=r"cannot read s3://lessons/store/format.json: not permitted") as caught:
        RemoteStore(URL)
    assert "are the keys right" in caught.value.finding.hint
    assert "quite-secret-words" not in str(caught.value)


def test_who_may_only_read_reads_and_is_told_what_he_may_not(s3: S3Server, tmp_path: Path) -> None:
    put(RemoteStore(URL))
    s3.trouble = lambda request: ("403 Forbidden", DENIED) if request.method == "PUT" else None
    store = fronted(tmp_path)
    assert store.get(f"{1:064x}") is not None
    with pytest.raises(StorageError, match=r"cannot write s3://lessons/store/.*: not permitted"):
        put(store, 2)


def test_no_keys_at_all_are_told(s3: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": s3.address})
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StorageError, match="nobody to be there") as caught:
        RemoteStore(URL)
    assert "AWS_ACCESS_KEY_ID" in caught.value.finding.hint


def test_nothing_is_lost_when_the_server_goes_down_in_the_middle(s3: S3Server, tmp_path: Path) -> None:
    store = fronted(tmp_path)
    put(store, 1, blob=LONG)
    s3.stop()
    try:
        with pytest.raises(StorageError, match="no answer from there") as caught:
            put(store, 2, blob=LONG, other=b"made with much work")
        assert "build again when it answers" in caught.value.finding.hint
        store.close()
        assert owed(tmp_path / ".deckcast") == (f"{2:064x}",)
        with pytest.raises(StorageError, match="no answer from there"):
            fronted(tmp_path)
    finally:
        s3.start()
    store = fronted(tmp_path)
    store.flush()
    assert owed(tmp_path / ".deckcast") == ()
    answer = RemoteStore(URL).get(f"{2:064x}")
    assert answer is not None
    assert RemoteStore(URL).read(answer.blobs["other"]) == b"made with much work"


def test_a_silent_server_is_told(s3: S3Server) -> None:
    store = RemoteStore(URL)

    def silent(_: object) -> None:
        time.sleep(1.5)

    s3.trouble = silent
    with pytest.raises(StorageError, match="no answer from there"):
        store.get(KEY)


def test_a_slow_server_is_waited_for(s3: S3Server, tmp_path: Path) -> None:
    s3.trouble = lambda _: time.sleep(0.3)
    put(fronted(tmp_path), blob=LONG)
    assert RemoteStore(URL).get(f"{1:064x}") is not None


def test_a_server_in_trouble_is_asked_again(s3: S3Server) -> None:
    store = RemoteStore(URL)
    put(store)
    busy = iter([("503 Slow Down", b"<Error><Code>SlowDown</Code></Error>")])
    s3.trouble = lambda _: next(busy, None)
    assert store.get(f"{1:064x}") is not None


def test_a_store_of_a_newer_deckcast_is_refused(s3: S3Server) -> None:
    RemoteStore(URL)
    text = f'{{"format": 2, "sha256": "{sha256(b"store 2")}"}}'.encode()
    s3.damage("store/format.json", text)
    with pytest.raises(NewerError):
        RemoteStore(URL)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(MachineError) as caught:
        RemoteStore("s3://lessons/store")
    assert caught.value.finding.hint == "pip install 'deckcast[s3]'"


def test_the_copy_is_bounded_and_what_is_owed_stays(s3: S3Server, tmp_path: Path) -> None:
    store = fronted(tmp_path)
    for number in range(4):
        put(store, number, blob=bytes([number]) * 1000)
    store.close()
    folder = tmp_path / ".deckcast"
    (folder / "owed" / f"{0:064x}").touch()
    tidy(folder, most=2600)
    assert len(list((folder / "answers").rglob("*.json"))) == 4, "once a day is enough"
    (folder / "swept").unlink()
    with FolderHeld(folder):
        tidy(folder, most=2600)
        assert len(list((folder / "answers").rglob("*.json"))) == 4, "a build works with it"
    tidy(folder, most=2600)
    left = {path.stem for path in (folder / "answers").rglob("*.json")}
    assert f"{0:064x}" in left
    assert len(left) == 2
    again = fronted(tmp_path)
    assert all(again.get(f"{number:064x}") is not None for number in range(4))


class FolderHeld:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._store = FolderStore(self._folder)

    def __exit__(self, *_: object) -> None:
        self._store.close()


def test_an_address_of_a_folder_is_a_folder(tmp_path: Path) -> None:
    url = (tmp_path / "with space").as_uri()
    store = open_store(url, tmp_path / "output", 1)
    assert isinstance(store, FolderStore)
    put(store)
    shared: StoreBase = open_shared(url)
    assert shared.get(f"{1:064x}") is not None
    with pytest.raises(StorageError, match="there is no store in"):
        open_shared(f"{url}/elsewhere")
