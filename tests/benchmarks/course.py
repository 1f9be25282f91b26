"""A whole course, built in several ways: 100 chapters, 3,500 slides with the real browser, voice and encoder.

    python tests/benchmarks/course.py [--chapters 100] [--slides 3500] [--ways local1,local2,dask2] [--minutes 60]

`local1` is `deckcast build`, `local2` is `deckcast build --jobs 2`, `dask2` is `deckcast build --cluster` with a
scheduler and two workers on this machine. Each builds the same course from nothing into a folder of its own; then the
files are compared. Afterwards the course of the first way is built again without a change, and with one word changed.

Slides are short: text, lists, code, tables, some in steps, one spoken sentence each, at 360 lines; no cells.
`--minutes` bounds all of it: each way gets an equal part of what is left, and one that does not come to an end tells
how far it came.

CPU seconds are of all processes that took part. Memory is the most that each side's processes held together at one
time, what they share counted once (PSS), looked at each second.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-m")
WORDS = (
    *("river", "garden", "letter", "window", "signal", "market", "number", "forest"),
    *("silver", "engine", "picture", "winter", "corner", "planet", "harbour"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapters", type=int, default=100)
    parser.add_argument("--slides", type=int, default=3500, help="in all chapters together")
    parser.add_argument("--ways", default="local1,local2,dask2")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", type=int, default=360, help="lines of the pictures")
    parser.add_argument("--voice", default="flite rms")
    parser.add_argument("--folder", type=Path, help="where to work, and to leave what was made")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        course = make(folder / "course", given.chapters, given.slides, given.size, given.voice)
        print(f"{given.chapters} chapters, {given.slides} slides, {os.cpu_count()} cores", flush=True)
        time.sleep(3)  # files that were just written are not trusted by their times
        end = time.monotonic() + 60 * given.minutes
        ways = given.ways.split(",")
        results: list[Result] = []
        for at, way in enumerate(ways):
            limit = (end - time.monotonic()) / (len(ways) - at + 0.2)
            results.append(build(way, course, folder / way, given.chapters, limit))
            tell(results[-1], results[0])
        compare(results, folder, ways)
        first = ways[0]
        if results[0].done == given.chapters:
            again(course, folder / first, given.chapters, end, results[0])


# ── the course ───────────────────────────────────────────────────────────────────────────────────


def make(course: Path, chapters: int, slides: int, size: int, voice: str) -> Path:
    course.mkdir(parents=True, exist_ok=True)
    settings = f'size = {size}\nvoice = "{voice}"\n'
    (course / "deckcast.toml").write_text(f'course = "A course of {chapters} chapters"\n{settings}')
    for chapter in range(chapters):
        count = slides // chapters + (chapter < slides % chapters)
        folder = course / "chapters" / f"{chapter + 1:03}-{word(chapter)}"
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n---\n\n".join(slide(chapter, at) for at in range(count))
        (folder / "presentation.md").write_text(
            f"---\ntitle: Chapter {chapter + 1}, the {word(chapter)}\n---\n\n{text}"
        )
    return course


def word(number: int) -> str:
    return WORDS[number % len(WORDS)]


def slide(chapter: int, at: int) -> str:
    """One of seven kinds, with words of its own."""
    number = 1000 * (chapter + 1) + at
    one, two, three = word(number), word(number // 3 + 5), word(number // 7 + 11)
    kinds = (
        f"# The {one} of the {two}\n\nA few words about the {three}, number {number}.\n",
        f"# What a {one} needs\n\n- a {two}\n- a {three}, {number} times\n- and time\n",
        f"# Steps to the {one}\n\n- first the {two}\n\n--\n\n- then {number} of the {three}\n",
        f"# The {one} as code\n\n```python\ndef {one}({two}: int) -> int:\n    return {two} * {number}\n```\n",
        f"# Numbers of the {one}\n\n| {two} | {three} |\n| --- | --- |\n| {number} | {number * 7 % 1000} |\n",
        f"# A saying\n\n> Where the {one} ends, the {two} begins, they said in {number}.\n",
        f"# **{one.title()}** and *{two}*\n\n1. look at the {three}\n2. count to {number}\n3. write it down\n",
    )
    spoken = f"This is the {one} of the {two}, number {number}."
    return f"{kinds[at % len(kinds)]}\n???\n\n{spoken}\n"


# ── a build ──────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Result:
    way: str
    done: int = 0
    """Chapters that were finished."""
    wall: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    """Seconds, by side: client, workers, scheduler."""
    peak: dict[str, float] = field(default_factory=dict)
    """MB, by side."""
    tasks: int = 0
    """That workers did."""
    trouble: str = ""


class Sides:
    """Programs that take part, each with all that it starts; their memory is looked at each second."""

    def __init__(self) -> None:
        self.running: dict[int, tuple[str, subprocess.Popen[bytes]]] = {}
        self.cpu: dict[str, float] = {}
        self.peak: dict[str, float] = {}
        self._end = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def start(self, side: str, *command: str, cwd: Path, log: Path) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "XDG_CONFIG_HOME": str(cwd)}
        with log.open("ab") as file:
            process = subprocess.Popen([*PYTHON, *command], cwd=cwd, env=environment, stdout=file, stderr=file)
        self.running[process.pid] = (side, process)
        return process

    def wait(self, process: subprocess.Popen[bytes], limit: float) -> bool:
        """Whether it ended by itself in time; else it is ended as by Ctrl-C."""
        side, _ = self.running[process.pid]
        end, told, stopped = time.monotonic() + limit, False, 0.0
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if not told and time.monotonic() > end:
                process.send_signal(signal.SIGINT)
                told, stopped = True, time.monotonic()
            if told and time.monotonic() - stopped > 60:
                process.kill()
            time.sleep(0.05)
        process.returncode = os.waitstatus_to_exitcode(status)
        del self.running[process.pid]
        self.cpu[side] = self.cpu.get(side, 0.0) + used.ru_utime + used.ru_stime
        return not told

    def close(self) -> None:
        for _, process in list(self.running.values()):
            self.wait(process, 0)
        self._end.set()

    def _watch(self) -> None:
        while not self._end.wait(1):
            held: dict[str, float] = {}
            for side, process in list(self.running.values()):
                held[side] = held.get(side, 0.0) + pss(process.pid)
            for side, size in held.items():
                self.peak[side] = max(self.peak.get(side, 0.0), size)


def pss(pid: int) -> float:
    """MB of a process and all below it."""
    total = 0.0
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for one in family:
        try:
            total += one.memory_full_info().pss / 1e6
        except psutil.Error:
            continue
    return total


def build(way: str, course: Path, output: Path, chapters: int, limit: float, *more: str) -> Result:
    result = Result(way)
    output.mkdir(parents=True, exist_ok=True)
    log = output.parent / f"{way}.log"
    sides = Sides()
    with workers(way, sides, output.parent, log) as address:
        options = [*more, "--quiet", "--output", str(output)]
        if way.startswith("local") and way != "local1":
            options += ["--jobs", way.removeprefix("local")]
        if address:
            options += ["--cluster", address]
        begun = time.monotonic()
        process = sides.start("client", "deckcast", "build", *options, cwd=course, log=log)
        in_time = sides.wait(process, limit)
        result.wall = time.monotonic() - begun
        result.tasks = tasks_of(address) if address else 0
    result.done = len(list(output.glob("*/manifest.json")))
    if process.returncode and in_time:
        result.trouble = f"exit code {process.returncode}: {log.read_text()[-600:]}"
    elif not in_time:
        result.trouble = f"stopped after {limit / 60:.1f} minutes"
    result.cpu, result.peak = sides.cpu, sides.peak
    return result


@contextmanager
def workers(way: str, sides: Sides, folder: Path, log: Path) -> Iterator[str]:
    """The address of a scheduler with its workers; none for a local build."""
    try:
        if not way.startswith("dask"):
            yield ""
            return
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"tcp://127.0.0.1:{port}"
        scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        sides.start("scheduler", *scheduler, cwd=folder, log=log)
        count = int(way.removeprefix("dask") or 2)
        for at in range(count):
            worker = ("distributed.cli.dask_worker", address, "--name", f"w{at}", "--nthreads", "1", "--no-dashboard")
            offered = ("--no-nanny", "--resources", "browser=1 voice=1")
            sides.start("workers", *worker, *offered, cwd=folder, log=log)
        wait_for(address, count)
        yield address
    finally:
        sides.close()


def wait_for(address: str, count: int) -> None:
    from distributed import Client

    end = time.monotonic() + 120
    while True:
        try:
            with Client(address, timeout=10) as client:
                client.wait_for_workers(count, timeout=100)
            return
        except (OSError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def tasks_of(address: str) -> int:
    from distributed import Client

    def count(dask_scheduler: object) -> int:
        prefixes = dask_scheduler.task_prefixes.values()  # type: ignore[attr-defined]
        return sum(one.state_counts["memory"] for one in prefixes if one.name.startswith("deckcast"))

    with Client(address, timeout=10) as client:
        return int(client.run_on_scheduler(count))


# ── what came of it ──────────────────────────────────────────────────────────────────────────────


def tell(result: Result, first: Result) -> None:
    cpu = sum(result.cpu.values())
    each = f"{result.wall / max(1, result.done):6.2f} s wall, {cpu / max(1, result.done):6.2f} s CPU a chapter"
    print(f"{result.way:<10}{result.done:4} chapters {result.wall:8.1f} s wall {cpu:8.1f} s CPU   {each}")
    print("          CPU s: " + ", ".join(f"{side} {spent:.1f}" for side, spent in sorted(result.cpu.items())))
    print("          most MB: " + ", ".join(f"{side} {size:.0f}" for side, size in sorted(result.peak.items())))
    if result is not first and result.done and first.done:
        mine, theirs = result.wall / result.done, first.wall / first.done
        more = cpu / result.done - sum(first.cpu.values()) / first.done
        print(f"          {theirs / mine:.2f} times as quick as {first.way}; {more:+.2f} s CPU a chapter", end="")
        if result.tasks:
            print(
                f"; {result.tasks} tasks of workers, {1000 * more * result.done / result.tasks:+.1f} CPU ms a task",
                end="",
            )
        print()
    if result.trouble:
        print(f"          {result.trouble}")
    sys.stdout.flush()


def digests(output: Path) -> dict[str, str]:
    files = (path for path in sorted(output.rglob("*")) if path.is_file() and ".deckcast" not in path.parts)
    return {str(path.relative_to(output)): sha256(path.read_bytes()).hexdigest() for path in files}


def compare(results: list[Result], folder: Path, ways: list[str]) -> None:
    first = digests(folder / ways[0])
    for result in results[1:]:
        other = digests(folder / result.way)
        both = [name for name in first if name in other]
        if result.done == results[0].done:
            both = sorted(first.keys() | other.keys())
        differ = [name for name in both if first.get(name) != other.get(name)]
        told = f"{len(differ)} differ, such as {differ[0]}" if differ else "byte for byte the same"
        print(f"{ways[0]} and {result.way}: of {len(both)} files, {told}", flush=True)


def again(course: Path, output: Path, chapters: int, end: float, cold: Result) -> None:
    """Builds of what has been built, and what it takes to clean up behind."""
    deck = sorted(course.glob("chapters/*/presentation.md"))[chapters // 2]
    for what in ("nothing changed", "one word changed", "nothing changed"):
        if what == "one word changed":
            deck.write_text(deck.read_text().replace("This is the", "That is the", 1))
            time.sleep(3)
        result = build("local1", course, output, chapters, max(1.0, end - time.monotonic()))
        cpu, whole = sum(result.cpu.values()), sum(cold.cpu.values())
        share = f"{100 * cpu / whole:.2f} % of cold"
        print(f"{what:<18}{result.wall:8.2f} s wall {cpu:8.2f} s CPU  {share}  {result.trouble}", flush=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [*PYTHON, "deckcast", "clean", "--output", str(output)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    subprocess.run(command, cwd=course, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    store = output / ".deckcast"
    files = [path.stat().st_size for path in store.rglob("*") if path.is_file()]
    print(f"{'deckcast clean':<18}{time.monotonic() - begun:8.2f} s wall {spent:8.2f} s CPU", end="")
    print(f"  the store: {len(files)} files, {sum(files) / 1e6:.0f} MB")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started ends, too
    main()
