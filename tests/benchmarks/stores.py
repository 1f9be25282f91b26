"""What looking up kept work costs where the store is far away: 200 answers with a blob each, from several stores.

    python tests/benchmarks/stores.py [--answers 200] [--kilobytes 50] [--delay 30]

The server is moto's S3 in a process of this machine; each request waits `--delay` milliseconds, as one to a data centre
elsewhere would. The alternatives in the same run: a folder; S3 asked for one thing after the other by fsspec's own
`cat_file` with s3fs as it comes; S3 without a copy here; with one that is empty; with one that has everything.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--kilobytes", type=int, default=50)
    parser.add_argument("--delay", type=float, default=30)
    given = parser.parse_args()
    with server(given.delay / 1000), tempfile.TemporaryDirectory() as name:
        measure(given.answers, given.kilobytes * 1000, Path(name))


def measure(count: int, size: int, folder: Path) -> None:
    import fsspec

    from deckcast.engines.store_base import answer_name, blob_name
    from deckcast.engines.stores import open_store

    keys = [f"{number:064x}" for number in range(count)]
    bodies = [number.to_bytes(4, "big") * (size // 4) for number in range(count)]

    def put(store: Any) -> None:
        for key, body in zip(keys, bodies, strict=True):
            store.put(key, {"n": 1}, {"one": body})
        store.flush()

    def look_up(store: Any, *, ahead: bool = False) -> None:
        if ahead:
            store.expect(keys)
        for key in keys:
            answer = store.get(key)
            if answer is None:
                raise SystemExit(f"{key} is not there")
            store.read(answer.blobs["one"])

    def bare() -> None:
        files = fsspec.filesystem("s3")
        for key, body in zip(keys, bodies, strict=True):
            from deckcast.digest import sha256

            files.cat_file(f"lessons/store/{answer_name(key)}")
            files.cat_file(f"lessons/store/{blob_name(sha256(body))}")

    url = "s3://lessons/store"
    local = open_store("", folder / "local")
    rows: list[tuple[str, float]] = []

    def row(what: str, call: Callable[[], Any]) -> None:
        begun = time.perf_counter()
        call()
        rows.append((what, time.perf_counter() - begun))
        what, seconds = rows[-1]
        print(f"{what:<52}{seconds:8.2f} s {1000 * seconds / count:8.1f} ms an answer", flush=True)

    row("put into a folder", lambda: put(local))
    row("looked up in a folder", lambda: look_up(local))
    row("put into S3, through a copy here", lambda: put(open_store(url, folder / "one", 1)))
    row("looked up in S3 by s3fs as it comes, one by one", bare)
    row("looked up in S3, no copy", lambda: look_up(open_store(url, folder / "none")))
    row("looked up in S3, the copy empty, one by one", lambda: look_up(open_store(url, folder / "two", 1)))
    row(
        "looked up in S3, the copy empty, told ahead", lambda: look_up(open_store(url, folder / "three", 1), ahead=True)
    )
    row("looked up in S3, the copy full", lambda: look_up(open_store(url, folder / "three", 1), ahead=True))
    took = dict(rows)
    worst = took["looked up in S3 by s3fs as it comes, one by one"]
    for what in ("the copy empty, told ahead", "the copy full"):
        print(f"{what}: {worst / took[f'looked up in S3, {what}']:.1f} times as quick as s3fs as it comes")


def serve(delay: float, told: Any) -> None:
    from engines.s3_server import S3Server

    running = S3Server(trouble=lambda _: time.sleep(delay))
    running.make("lessons")
    told.send(running.address)
    told.recv()


@contextmanager
def server(delay: float) -> Iterator[None]:
    import fsspec

    spawned = multiprocessing.get_context("spawn")
    here, there = spawned.Pipe()
    process = spawned.Process(target=serve, args=(delay, there), daemon=True)
    process.start()
    settings = {"key": "someone", "secret": "something", "endpoint_url": here.recv()}
    fsspec.config.conf["s3"] = settings
    try:
        yield
    finally:
        here.send("end")
        process.join(10)


if __name__ == "__main__":
    main()
