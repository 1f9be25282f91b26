"""One build of a small chapter, one trouble that befalls it, and what must come out whatever the trouble was.

Each trouble raises `AssertionError` where the promise is broken: an undisturbed build afterwards gives, byte for byte,
the lesson that no trouble has ever touched; nothing under its final name is ever half a file; errors are told to
people.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from deckcast.engines.store_folder import FolderStore
from faults import shim
from faults.harness import SECONDS, chapter, command, deckcast, environment, gone, soon

DECK = """\
---
title: {title}
voice: {voice}
video:
  size: 240
  audio_file: true
publish:
  zip: true
---

# A short lesson

```python exec
number = 21
print("twice", 2 * number)
```

???

Welcome to a short lesson. {sentence}

---

# Pictures

![a red square](red.svg)

???

A picture is worth a thousand words.

--

- and then a list

???

A list is worth a few.
"""
NEW = DECK.replace("{title}", "A short lesson").replace("{sentence}", "It has a cell.")
OLD = DECK.replace("{title}", "It was longer").replace("{sentence}", "This sentence will go.") + "\n---\n\n# The end\n"
VOICE = "espeak"


@dataclass(frozen=True)
class Ground:
    """Where troubles happen: a chapter, the lesson that is to come of it, and one that was there before."""

    folder: Path
    talk: Path
    expected: dict[str, str]
    """Of an undisturbed build."""
    before: dict[str, str]
    """Of the lesson in `old`."""
    old: Path
    """An output folder in which the chapter was built as it was before its last change."""
    pace: list[float]
    """Seconds that a build takes, as busy as the machine is; one number, put right as builds go."""

    def build(self, output: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return deckcast("build", self.talk, "--output", output, cwd=self.folder, **changes)


def prepare(folder: Path, *, voice: str = VOICE) -> Ground:
    """Builds the chapter as it was, and undisturbed as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deckcast.toml").touch()
    talk = chapter(folder, OLD, voice=voice)
    done = deckcast("build", talk, "--output", folder / "old", cwd=folder)
    assert done.returncode == 0, done.stderr
    chapter(folder, NEW, voice=voice)
    begun = time.monotonic()
    done = deckcast("build", talk, "--output", folder / "calm", cwd=folder)
    assert done.returncode == 0, done.stderr
    pace = [time.monotonic() - begun]
    shutil.copytree(talk / "outputs", folder / "record")
    return Ground(folder, talk, seen(folder / "calm/talk"), seen(folder / "old/talk"), folder / "old", pace)


def seen(lesson: Path) -> dict[str, str]:
    """Every file of a lesson and the digest of its bytes.

    Left out is when and how fast a cell ran, which another run tells otherwise, and the archive, in which that is.
    """
    found = {}
    for path in sorted(lesson.rglob("*")):
        name = str(path.relative_to(lesson))
        if not path.is_file() or path.suffix == ".zip":
            continue
        data = path.read_bytes()
        if name == "index.html":
            data = re.sub(rb'<p class="ran">.*?</p>', b"", data)
        if name == "manifest.json":
            told = json.loads(data)
            for cell in told["cells"]:
                cell["seconds"] = cell["peak_memory"] = cell["ran"]["date"] = None
            for other in ("index.html", "lesson.zip"):
                del told["files"][other]
            data = json.dumps(told).encode()
        found[name] = hashlib.sha256(data).hexdigest()
    return found


def exact(lesson: Path) -> dict[str, str]:
    return {
        str(path.relative_to(lesson)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lesson.rglob("*"))
        if path.is_file()
    }


def ready(ground: Ground, output: Path, state: str) -> None:
    """`fresh`: nothing is built, the record replays; `live`: the cell has to run; `changed`: an old lesson is there."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.rmtree(ground.talk / "outputs", ignore_errors=True)
    if state != "live":
        shutil.copytree(ground.folder / "record", ground.talk / "outputs")
    if state == "changed":
        shutil.copytree(ground.old, output)


def whole(ground: Ground, output: Path) -> None:
    """Nothing is half-written: neither a file of the lesson, nor an answer, nor the record of the cells."""
    names = {**ground.before, **ground.expected}
    for name, digest in seen(output / "talk").items() if (output / "talk").is_dir() else ():
        if name.endswith(".part"):
            continue
        assert name in names, f"{name} is in no lesson"
        assert digest in (ground.before.get(name), ground.expected.get(name)), f"{name} is half of something"
    if (output / ".deckcast" / "answers").is_dir():
        with closing(FolderStore(output / ".deckcast")) as store:
            for path in (output / ".deckcast" / "answers").rglob("*.json"):
                assert store.get(path.stem) is not None, f"{path} is half an answer"
    record = ground.talk / "outputs" / "presentation.json"
    if record.exists():
        json.loads(record.read_text())


def mended(ground: Ground, output: Path, state: str) -> None:
    """A build that nothing disturbs gives what would have come without the trouble."""
    done = ground.build(output)
    assert done.returncode == 0, done.stderr
    got = seen(output / "talk")
    differ = [name for name in {**ground.expected, **got} if got.get(name) != ground.expected.get(name)]
    assert not differ, f"these files are others: {differ}"
    if state != "live":
        assert exact(output / "talk") == exact(ground.folder / "calm" / "talk")


def start(ground: Ground, output: Path, *more: str, talk: Path | None = None, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("build", talk or ground.talk, "--output", output, *more),
        cwd=ground.folder,
        env=environment(**changes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def family(pid: int) -> list[psutil.Process]:
    """What a build has started: its browser, its kernel, its voice, and what these have started."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def strike(ground: Ground, output: Path, chance: random.Random, victim: str, state: str) -> str:
    """Kills a build at a random instant: `build` alone, `all` with whatever it has started, or a `member` of these.

    Says what happened: `late` where the build had ended before.
    """
    ready(ground, output, state)
    begun = time.monotonic()
    build = start(ground, output)
    try:
        build.wait(ground.pace[0] * chance.random())
        ground.pace[0] = time.monotonic() - begun
    except subprocess.TimeoutExpired:
        ground.pace[0] *= 1.1
    started = family(build.pid)
    happened = victim
    if build.poll() is not None or (victim == "member" and not started):
        happened = "late"
    elif victim == "member":
        struck = chance.choice(started)
        with contextlib.suppress(psutil.NoSuchProcess):
            happened = f"member {struck.name()}"
            struck.kill()
    else:
        build.send_signal(signal.SIGKILL)
        for one in started if victim == "all" else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    try:
        _, errors = build.communicate(timeout=3 * SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(build.pid, signal.SIGKILL)
        raise AssertionError(f"{happened}: the build hangs") from None
    for one in started:
        soon(lambda pid=one.pid: gone(pid))  # type: ignore[misc]
    if victim == "member":
        assert "Traceback" not in errors, errors
        assert build.returncode in (0, 1, 3), f"{build.returncode}: {errors}"
        if build.returncode:
            assert "error[" in errors and "help:" in errors, errors  # noqa: PT018 - told as one
            happened += ", told"
        elif happened != "late":
            happened += ", recovered"
    whole(ground, output)
    mended(ground, output, state)
    return happened


def writes(ground: Ground, library: Path, output: Path, state: str) -> list[str]:
    """What a build does that can be refused, call by call."""
    ready(ground, output, state)
    log = ground.folder / "calls"
    log.unlink(missing_ok=True)
    done = ground.build(output, **shim.listing(library, ground.folder, log))
    assert done.returncode == 0, done.stderr
    return log.read_text().splitlines()


def refuse(ground: Ground, library: Path, output: Path, at: int, error: str, state: str, *, lasting: bool) -> str:
    """The build's call number `at` that writes fails. Says what became of the build."""
    ready(ground, output, state)
    became = refused(ground, library, output, at, error, lasting=lasting)
    mended(ground, output, state)
    return became


def refused(ground: Ground, library: Path, output: Path, at: int, error: str, *, lasting: bool) -> str:
    """The same, in a folder as it is, and without what comes after."""
    done = ground.build(output, **shim.failing(library, ground.folder, at, error, lasting=lasting))
    assert done.returncode in (0, 1, 3), done.stderr
    if done.returncode:
        assert re.search(r"error\[\w+\]", done.stderr), done.stderr
        assert "help:" in done.stderr, done.stderr
        assert str(ground.folder) in done.stderr, f"no file is named:\n{done.stderr}"
    else:
        got = seen(output / "talk")
        assert got == ground.expected, "the build said that all was well"
    whole(ground, output)
    return "told" if done.returncode else "done without"


def damage(ground: Ground, output: Path, chance: random.Random, most: int) -> str:
    """Damages up to `most` files of what is kept, and of the lesson."""
    ready(ground, output, "fresh")
    shutil.copytree(ground.folder / "calm", output)
    if chance.random() < 0.5:
        shutil.rmtree(output / "talk")
    files = [path for path in sorted(output.rglob("*")) if path.is_file() and path.name != "lock"]
    for path in chance.sample(files, chance.randint(1, most)):
        spoil(path, chance)
    told = ground.build(output).stderr
    got = exact(output / "talk")
    assert got == exact(ground.folder / "calm" / "talk")
    return "reported" if "store-damaged" in told else "not needed"


def spoil(path: Path, chance: random.Random) -> None:
    """Flips a bit, cuts, empties or deletes."""
    data = bytearray(path.read_bytes())
    how = chance.choice(["flip", "cut", "empty", "delete"])
    if how == "delete":
        path.unlink()
        return
    at = chance.randrange(len(data)) if data else 0
    if how == "flip" and data:
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data if how == "flip" else data[:at] if how == "cut" else b"")


def crowd(ground: Ground, output: Path, chance: random.Random, number: int) -> str:
    """So many builds at once, of chapters that share one store, some of them killed, while the store is swept."""
    ready(ground, output, "fresh")
    talks = [ground.folder / f"crowd-{at}" / "talk" for at in range(number)]
    for talk in talks:
        shutil.rmtree(talk.parent, ignore_errors=True)
        shutil.copytree(ground.talk, talk)
    store = output / ".deckcast"  # where `clean` looks for it, who knows none of the lessons
    outputs = [output / f"{at}" for at in range(number)]
    builds = [
        start(ground, where, "--set", f"store={store}", talk=talk) for where, talk in zip(outputs, talks, strict=True)
    ]
    killed = set(chance.sample(range(number), max(1, number // 3)))
    for at in killed:
        time.sleep(ground.pace[0] * chance.random() / 2)
        os.killpg(builds[at].pid, signal.SIGKILL)
    sweeps = [
        subprocess.Popen(
            command("clean", "--output", output, "--unused", "0d", "--most", "0"),
            cwd=ground.folder,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    expected = exact(ground.folder / "calm" / "talk")
    for at, build in enumerate(builds):
        _, errors = build.communicate(timeout=10 * SECONDS)
        if at not in killed:
            assert build.returncode == 0, errors
            assert exact(outputs[at] / "talk") == expected
    for one in sweeps:
        _, errors = one.communicate(timeout=10 * SECONDS)
        assert one.returncode == 0, errors
    for at in killed:
        done = deckcast("build", talks[at], "--output", outputs[at], "--set", f"store={store}", cwd=ground.folder)
        assert done.returncode == 0, done.stderr
        assert exact(outputs[at] / "talk") == expected
    return f"{number} at once, {len(killed)} killed"
