"""A small chapter, what an undisturbed build makes of it, and what must hold of it whatever befalls a build.

What is promised raises `AssertionError` where it is broken: an undisturbed build afterwards gives, byte for byte,
the lesson that no trouble has ever touched; nothing under its final name is ever half a file.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from deckcast.engines.store_folder import FolderStore
from deckcast.keep import asked
from faults.harness import chapter
from faults.nursery import Nursery

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
GRAPH = "\n---\n\n```dot\ndigraph { a -> b }\n```\n"
VOICE = "espeak"
STATES = ("fresh", "live", "changed", "worn", "drawn", "over", "due")
"""In which builds begin: `fresh` with nothing, the record replays; `live` with a cell that has to run; `changed` with
an older lesson; `worn` with an older lesson, this one, or none, and with a part of the kept work; `drawn` with pictures
and speech; `over` with all kept work and an older lesson; `due` with all, but a cell that has to run."""
KINDS = {
    "sentence": "narrate",
    "frame": "render",
    "graph": "render",
    "companions": "publish",
}
"""The stages in which kept answers are made, by their kind; all others are the encoder's."""


@dataclass(frozen=True)
class Ground:
    """Where troubles happen."""

    folder: Path
    talk: Path
    deck: str
    voice: str
    expected: dict[str, str]
    """What an undisturbed build makes."""
    before: dict[str, str]
    """Of the lesson in `old`."""
    old: Path
    """An output folder in which the chapter was built as it was before its last change."""
    kept: dict[str, tuple[str, ...]]
    """The keys of the answers that a build asks for, by the stage that makes them."""
    pace: dict[str, float]
    """Seconds that a stage takes, as busy as the machine is; put right as builds go."""
    environment: dict[str, str]

    def warm(self, nursery: Nursery) -> None:
        """Lets a nursery begin where others have been: with one build, all of which is kept."""
        record(self, there=True)
        nursery.warm(
            "build", self.talk, "--output", self.folder / "calm", "--check", cwd=self.folder, **self.environment
        )

    def build(self, nursery: Nursery, output: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return nursery.run("build", self.talk, "--output", output, cwd=self.folder, **self.environment, **changes)


def prepare(
    folder: Path, nursery: Nursery, *, voice: str = VOICE, more: str = "", environment: dict[str, str] | None = None
) -> Ground:
    """Builds the chapter as it was, and undisturbed as it is; `more` is added to its deck."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deckcast.toml").touch()
    talk = chapter(folder, OLD + more, voice=voice)
    ground = Ground(folder, talk, NEW + more, voice, {}, {}, folder / "old", {}, {}, environment or {})
    done = ground.build(nursery, folder / "old")
    assert done.returncode == 0, done.stderr
    chapter(folder, NEW + more, voice=voice)
    done = ground.build(nursery, folder / "calm")
    assert done.returncode == 0, done.stderr
    shutil.copytree(talk / "outputs", folder / "record")
    ground.expected.update(seen(folder / "calm"))
    ground.before.update(seen(folder / "old"))
    with closing(FolderStore(folder / "calm" / ".deckcast", held=True)) as store:
        for question in asked(store, "talk").values():
            if store.get(question.key) is not None:
                stage = KINDS.get(question.kind.partition("-")[0], "encode")
                ground.kept[stage] = (*ground.kept.get(stage, ()), question.key)
    ground.warm(nursery)
    return ground


def seen(output: Path) -> dict[str, str]:
    """Every file of a lesson, and what leads to it, and the digest of its bytes.

    Left out is when and how fast a cell ran, which another run tells otherwise, with digests and the archive of that.
    """
    found = {}
    for path in _files(output):
        name = str(path.relative_to(output))
        if path.suffix == ".zip":
            continue
        data = path.read_bytes()
        if path.name == "index.html":
            data = re.sub(rb'<p class="ran">.*?</p>|<meta name="deckcast-course"[^>]*>', b"", data)
        if name == "talk/manifest.json":
            told = json.loads(data)
            for cell in told["cells"]:
                cell["seconds"] = cell["peak_memory"] = cell["ran"]["date"] = None
            for other in ("index.html", "lesson.zip"):
                del told["files"][other]
            data = json.dumps(told).encode()
        found[name] = hashlib.sha256(data).hexdigest()
    return found


def exact(output: Path) -> dict[str, str]:
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(output)}


def _files(output: Path) -> list[Path]:
    """Of lessons and what leads to them, not of the store."""
    return [
        path
        for path in sorted(output.rglob("*"))
        if ".deckcast" not in path.relative_to(output).parts and path.is_file()
    ]


def ready(
    ground: Ground, output: Path, state: str, chance: random.Random, wears: Sequence[str] = ("encode", "publish")
) -> None:
    """Lays out what a build in one of `STATES` begins with; `wears` are the stages whose answers a worn store lacks."""
    shutil.rmtree(output, ignore_errors=True)
    record(ground, there=state not in ("live", "due"))
    if state == "changed":
        shutil.copytree(ground.old, output)
    if state in ("worn", "drawn", "over", "due"):
        shutil.copytree(ground.folder / "calm" / ".deckcast", output / ".deckcast")
        lesson = {"worn": chance.choice(("old", "calm", "")), "over": "old", "due": "calm"}.get(state)
        if lesson:
            shutil.copytree(ground.folder / lesson / "talk", output / "talk")
    if state == "drawn":
        keep = {*ground.kept["render"], *ground.kept["narrate"]}
        _forget(
            output, [path.stem for path in (output / ".deckcast" / "answers").rglob("*.json") if path.stem not in keep]
        )
    for stage in wears if state == "worn" else ():
        wear(ground, output, stage, chance)


def record(ground: Ground, *, there: bool) -> None:
    """Puts what came out of the cell where the next build finds it, or takes it away."""
    shutil.rmtree(ground.talk / "outputs", ignore_errors=True)
    if there:
        shutil.copytree(ground.folder / "record", ground.talk / "outputs")


def wear(ground: Ground, output: Path, stage: str, chance: random.Random) -> None:
    """Takes away some of what a stage has to make, as `deckcast clean` might, so that it has something to do."""
    keys = ground.kept.get(stage, ())
    _forget(output, chance.sample(keys, chance.randint((len(keys) + 1) // 2, len(keys))))
    lesson = output / "talk"
    if stage in ("encode", "publish") and lesson.is_dir():
        for path in sorted(lesson.iterdir()):
            if path.is_file() and chance.random() < 0.5:
                path.unlink()


def _forget(output: Path, keys: Sequence[str]) -> None:
    for key in keys:
        (output / ".deckcast" / "answers" / key[:2] / f"{key}.json").unlink(missing_ok=True)


def whole(ground: Ground, output: Path) -> None:
    """Nothing is half-written: neither a file of the lesson, nor an answer, nor the record of the cells."""
    names = {**ground.before, **ground.expected}
    for name, digest in seen(output).items():
        if name.endswith(".part"):
            continue
        assert name in names, f"{name} is in no lesson"
        assert digest in (ground.before.get(name), ground.expected.get(name)), f"{name} is half of something"
    archive = output / "talk" / "lesson.zip"
    if archive.exists():
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None, f"{archive} is half of something"
    if (output / ".deckcast" / "answers").is_dir():
        with closing(FolderStore(output / ".deckcast", held=True)) as store:
            for path in (output / ".deckcast" / "answers").rglob("*.json"):
                assert store.get(path.stem) is not None, f"{path} is half an answer"
    kept = ground.talk / "outputs" / "presentation.json"
    if kept.exists():
        json.loads(kept.read_text())


def mended(ground: Ground, nursery: Nursery, output: Path, *, replayed: bool) -> None:
    """A build that nothing disturbs gives what would have come without the trouble.

    Where the cell's record was `replayed` all the time, not even the date of its run may differ.
    """
    done = ground.build(nursery, output)
    assert done.returncode == 0, done.stderr
    _same(seen(output), ground.expected)
    if replayed:
        _same(exact(output), exact(ground.folder / "calm"))


def expected_of(ground: Ground, output: Path) -> None:
    """A build that said that all was well has made what there should be."""
    _same(seen(output), ground.expected)


def _same(got: dict[str, str], expected: dict[str, str]) -> None:
    differ = [name for name in {**expected, **got} if got.get(name) != expected.get(name)]
    assert not differ, f"these files are others: {differ}"


def family(pid: int) -> list[int]:
    """What a build has started: its browser, its kernel, its voice, and what these have started."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
        except OSError:
            continue  # it has ended
        for task in tasks:
            try:
                children = [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found


def name_of(pid: int) -> str:
    """The command of a process; empty where it has ended."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ""
