"""The long form of the fuzzing: atheris changes inputs for as long as that reaches other code in `deckcast`.

    pip install --group fuzz
    python tests/fuzz/run.py [TARGET …] [--seconds N] [--corpus DIR]

Without TARGET all of them, one after another, N seconds of processor time each (60 unless given). What goes wrong is
made small and kept in `found/TARGET/`, once for each kind of mistake and line of code, and the fuzzing goes on.
`--corpus` keeps what reached new code for another time. At the end: how many executions, how much code they reached,
what was found; exit 1 where that is anything.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

LIMIT = 10.0
"""Seconds of processor time that an input may take, of `LONGEST` bytes at most."""
LONGEST = 4_000


class HangError(BaseException):
    """An input took longer than `LIMIT`. No `Exception`, so that nobody takes it for a mistake of the input."""


def kind_of(work: Callable[[bytes], str], data: bytes) -> str:
    """What goes wrong with an input, and where; empty for nothing."""

    def hang(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        work(data)
    except (Exception, HangError) as error:
        place = next(
            (one for one in reversed(traceback.extract_tb(error.__traceback__)) if "/deckcast/" in one.filename),
            traceback.extract_tb(error.__traceback__)[-1],
        )
        # A deep recursion ends anywhere, so its place says nothing; nor does that of a hang.
        vague = isinstance(error, RecursionError | HangError)
        told = "" if vague else f" at {Path(place.filename).name} {place.name} {place.line}"
        words = f" {error}" if type(error).__name__ == "BrokenPromise" else ""
        return f"{type(error).__name__}{words}{told}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return ""


def shrunk(work: Callable[[bytes], str], data: bytes, kind: str, seconds: float = 20) -> bytes:
    """The input without all that is not needed for what goes wrong, as far as that is found in the time."""
    stop = time.monotonic() + seconds
    size = max(len(data) // 2, 1)
    while time.monotonic() < stop:
        begin, smaller = 0, False
        while begin < len(data) and time.monotonic() < stop:
            cut = data[:begin] + data[begin + size :]
            if kind_of(work, cut) == kind:
                data, smaller = cut, True
            else:
                begin += size
        if size == 1 and not smaller:
            break
        size = max(size if smaller else size // 2, 1)
    return data


def fuzz(name: str, seconds: int, corpus: Path, told: Path) -> None:
    """Fuzzes one target, in a process of its own, which this ends."""
    import atheris  # type: ignore[import-not-found, unused-ignore]

    with atheris.instrument_imports(include=["deckcast"]):
        from fuzz.targets import FOUND, TARGETS

    from fuzz.fragments import FRAGMENTS

    work = TARGETS[name].work
    for number, seed in enumerate(TARGETS[name].seeds()):
        if len(seed) <= LONGEST:
            (corpus / f"seed-{number:05}").write_bytes(seed)
    words = corpus.parent / f"{name}.dictionary"
    quoted = ("".join(f"\\x{byte:02x}" for byte in one.encode()) for one in FRAGMENTS[name])
    words.write_text("".join(f'"{one}"\n' for one in quoted), encoding="ascii")
    facts: dict[str, Any] = {"executions": 0, "seconds": 0.0, "found": {}}
    begin = time.process_time()

    def once(data: bytes) -> None:
        if time.process_time() - begin > seconds:
            facts["seconds"] = time.process_time() - begin
            told.write_text(json.dumps(facts), encoding="utf-8")
            os._exit(0)  # libFuzzer would end the process no other way
        facts["executions"] += 1
        kind = kind_of(work, data)
        if kind and kind not in facts["found"]:
            facts["found"][kind] = ""
            small = shrunk(work, data, kind)
            folder = FOUND / name
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{kind.split()[0].lower()}-{len(list(folder.iterdir())) + 1}"
            path.write_bytes(small)
            facts["found"][kind] = str(path.relative_to(FOUND))
            print(f"\n{name}: {kind}\n    {small[:200]!r}", flush=True)

    options = [
        "-len_control=0",
        f"-max_len={LONGEST}",
        f"-dict={words}",
        "-timeout=300",
        "-rss_limit_mb=4096",
        "-print_final_stats=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], once)
    atheris.Fuzz()


def main() -> int:
    from fuzz.targets import TARGETS

    reader = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    reader.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    reader.add_argument("--seconds", type=int, default=60)
    reader.add_argument("--corpus", type=Path)
    given = reader.parse_args()
    if unknown := [one for one in given.targets if one not in TARGETS]:
        reader.error(f"there is no target {unknown[0]}: {', '.join(TARGETS)}")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-corpus-") as place:
        corpus = given.corpus or Path(place)
        print(f"{'target':15}{'executions':>12}{'seconds':>9}{'code reached':>14}{'found':>7}", flush=True)
        for name in given.targets or TARGETS:
            (corpus / name).mkdir(parents=True, exist_ok=True)
            told, log = corpus / f"{name}.json", corpus / f"{name}.log"
            told.unlink(missing_ok=True)
            with log.open("w", encoding="utf-8") as out:
                ask = [sys.executable, __file__, "--one", name, str(given.seconds), str(corpus / name), str(told)]
                subprocess.run(ask, stdout=out, stderr=subprocess.STDOUT, check=False)
            text = log.read_text(encoding="utf-8", errors="replace")
            if not told.is_file():
                print(f"{name:15} ended by itself:\n{text[-2_000:]}", flush=True)
                wrong += 1
                continue
            facts = json.loads(told.read_text(encoding="utf-8"))
            reached = [line.partition("cov: ")[2].split()[0] for line in text.split("\n") if "cov: " in line]
            count, spent, found = facts["executions"], facts["seconds"], facts["found"]
            print(f"{name:15}{count:12,}{spent:9.0f}{(reached or ['?'])[-1]:>14}{len(found):7}", flush=True)
            for kind, path in found.items():
                print(f"    {path}: {kind}", flush=True)
            wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        fuzz(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), Path(sys.argv[5]))
    else:
        sys.exit(main())
