"""Two processes at once that write into one store and read each other's work, as builds on two machines do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.engines.stores import open_store
from engines.s3_server import S3Server

ANSWERS = 8
# Half of what each makes is what the other makes, too, at the same time and of the same bytes.
WRITER = """
import json, sys
from pathlib import Path
from deckcast.digest import digest
from deckcast.engines.stores import open_store
address, output, name, answers = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
store = open_store(address, output, 1)
print("ready", flush=True)
sys.stdin.readline()
for number in range(answers):
    for who in (name, "ours"):
        key = digest((who, number))
        if store.get(key) is None:
            blobs = {"long": f"{who} {number}".encode() * 9000, "all": b"same" * 20000}
            store.put(key, {"who": who, "n": number}, blobs)
getattr(store, "flush", lambda: None)()
print(json.dumps(store.damaged), flush=True)
"""


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.slow)])
def shared(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a store that all processes started from here reach."""
    if request.param == "file":
        yield f"file://{tmp_path}/a shared folder"
        return
    server = S3Server()
    server.make("shared")
    settings = {"key": "someone", "secret": "words", "endpoint_url": server.address}
    monkeypatch.setenv("FSSPEC_S3", json.dumps(settings))
    monkeypatch.setattr("fsspec.config.conf", {"s3": settings})
    yield "s3://shared/store"
    server.stop()


@pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning")
def test_two_processes_share_one_store(shared: str, tmp_path: Path) -> None:
    from deckcast.digest import digest

    path = os.pathsep.join(one for one in sys.path if one)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, shared, str(tmp_path / name), name, str(ANSWERS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        for name in ("here", "there")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    told = [writer.communicate("begin\n", timeout=120)[0] for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0]
    assert [json.loads(one) for one in told] == [[], []]
    store = open_store(shared, tmp_path / "third", 0)
    for who in ("here", "there", "ours"):
        for number in range(ANSWERS):
            answer = store.get(digest((who, number)))
            assert answer is not None, (who, number)
            assert answer.facts == {"who": who, "n": number}
            assert store.read(answer.blobs["long"]) == f"{who} {number}".encode() * 9000
            assert store.read(answer.blobs["all"]) == b"same" * 20000
    assert store.damaged == ()
