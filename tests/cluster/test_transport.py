"""What goes to workers and comes back: long bytes through the store."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from deckcast.cluster.transport import LONG, Call, Parcel, Shared, pack, unpack
from deckcast.engines.stores import open_store, shared_address
from deckcast.errors import AuthorError, DeckcastError, NewerError, Several, StorageError
from deckcast.model import Where


@dataclass(frozen=True, slots=True)
class Sound:
    name: str
    wav: bytes


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    open_store("", tmp_path)
    return Shared(shared_address("", tmp_path))


def blobs(shared: Shared) -> list[Path]:
    return [path for path in (Path(shared.address) / "blobs").rglob("*") if path.is_file()]


def test_short_values_travel_by_themselves(shared: Shared) -> None:
    parcel = pack({"a": (1, b"x" * LONG)}, shared)
    assert parcel.blob  # the whole is too long for a message, though no part of it is
    parcel = pack({"a": (1, b"x" * 1000)}, shared)
    assert not parcel.blob
    assert unpack(parcel, shared) == {"a": (1, b"x" * 1000)}


def test_long_bytes_and_texts_go_through_the_store_wherever_they_stand(shared: Shared) -> None:
    wav, text = b"w" * (LONG + 1), "ä\ud800" * LONG
    value = [Sound("one", wav), {"two": (wav, text)}]
    parcel = pack(value, shared)
    assert len(parcel.data) < 1000
    assert len(blobs(shared)) == 2
    assert unpack(parcel, shared) == value


def test_many_short_values_are_one_blob(shared: Shared) -> None:
    value = [f"{number} {'y' * 1000}" for number in range(100)]
    parcel = pack(value, shared)
    assert parcel.data == b""
    assert unpack(parcel, shared) == value


def test_what_was_lost_is_told(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckcast.cluster.transport._WAITS", (0.0,))
    parcel = pack(b"z" * (LONG + 1), shared)
    for path in blobs(shared):
        path.unlink()
    with pytest.raises(StorageError, match="lost or damaged"):
        unpack(parcel, shared)


def test_no_store_is_made_where_none_is(tmp_path: Path) -> None:
    shared = Shared(str(tmp_path / "elsewhere"))
    with pytest.raises(StorageError, match="there is no store"):
        shared.put(b"")
    assert not (tmp_path / "elsewhere").exists()


def test_a_call_is_made_where_it_is_unpickled() -> None:
    assert pickle.loads(pickle.dumps(Call(divmod, 7, 2))) == (3, 1)
    assert b"deckcast" not in pickle.dumps(Call(divmod, 7, 2))


def error(**more: object) -> AuthorError:
    return AuthorError("no", where=Where(Path("deck.md"), 3, 1), line="# A", hint="yes", details=(("a", "b"),))


@pytest.mark.parametrize("one", [error(), NewerError("it", "or not"), Several([error(), NewerError("it")])])
def test_errors_arrive_whole(one: DeckcastError) -> None:
    there = pickle.loads(pickle.dumps(one))
    assert type(there) is type(one)
    assert (str(there), there.findings, there.exit_code) == (str(one), one.findings, one.exit_code)


def test_parcels_are_values() -> None:
    assert Parcel(b"a") == Parcel(b"a")
