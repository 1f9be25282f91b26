"""Whether a lesson stands just as a build would leave it, told by looking at files instead of building.

A build that ends well writes down what its inputs and its outputs looked like: name, size, times, inode. While all
of them look the same, and the browser and the voices name themselves as they did then, another build would make
nothing. That takes a tenth of what reading the deck and asking the store takes.

Inputs are whole folders: the chapter's, those of templates, the program's own. So nothing that a build might read
has to be listed. Times are trusted only when they have had `SETTLED` seconds to differ.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from deckcast import __version__, modules
from deckcast.config import Value, overlay
from deckcast.digest import digest, sha256
from deckcast.errors import DeckcastError
from deckcast.model import Finding, Lesson, Stage, Where
from deckcast.project import Chapter, lesson_name
from deckcast.settings import Settings, fields
from deckcast.stages import Silence
from deckcast.theme import shipped
from deckcast.workshop import Workshop

KIND = "standing-2"
SETTLED = 2.0
"""Seconds: the coarsest clock of a file system (FAT). What changed later than that before a build looked may change
again without another time."""
MOST = 10_000
"""Files of a chapter's folder; where there are more, reading the deck is quicker than looking at them all."""
Looks: TypeAlias = list[list[Any]]
"""Name, size, times and inode of files."""
_IGNORED = frozenset({".git", "__pycache__", ".ipynb_checkpoints", "node_modules", ".venv", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build's inputs look like at one moment."""

    key: str
    settled: bool


def look(job: Chapter, output: Path, only: str, given: Mapping[str, Any], *, draft: bool = False) -> Inputs | None:
    """The inputs of a build as they look now; None where there are too many, or they cannot be read."""
    begun = time.time()
    told: list[Any] = []
    latest = 0
    try:
        common = modules.places(job.folder)
        shared = [place for place in common if place.is_dir()]
        folders = [(folder, MOST) for folder in (job.folder, *shared, *job.templates, shipped(), _package())]
        for folder, most in folders:
            told.append(str(folder.resolve()))
            for name, status in _files(folder, output.resolve(), most):
                told.append((name, _looks(status)))
                latest = max(latest, status.st_mtime_ns, status.st_ctime_ns)
        files = [place for place in common if place.is_file()]
        for path in (*([job.config] if job.config else []), *files, *_libraries()):
            status = path.stat()
            told.append((str(path.resolve()), _looks(status)))
            latest = max(latest, status.st_mtime_ns, status.st_ctime_ns)
    except (OSError, _TooManyError):
        return None
    options = [[name, repr(value)] for name, value in sorted(given.items()) if value is not None]
    asked = [str(job.deck), str(job.config), only, draft, options]
    return Inputs(digest([KIND, __version__, sys.version, asked, told]), latest / 1e9 + SETTLED < begun)


def outputs(files: Iterable[Path]) -> Looks:
    """What a lesson's files look like now. To be asked while no other build can write them."""
    try:
        return [[str(path), *_looks(path.stat())] for path in files]
    except OSError:
        return []


def remember(
    before: Inputs | None,
    after: Inputs | None,
    output: Path,
    lesson: Lesson,
    made: Looks,
    browser: tuple[Settings, str],
    voices: Iterable[tuple[Settings, str, str]],
    references: Iterable[tuple[Settings, str]],
) -> None:
    """Writes down that the lesson stands, as far as that can be told from files alone.

    `before` and `after` are its inputs when the build began and when it had ended, `made` its files. `browser`,
    `voices` and `references` are the settings with which each was opened, how it named itself, and why the voice was
    chosen.
    """
    path = _path(output, lesson.name)
    try:
        path.unlink(missing_ok=True)
        if before is None or before != after or not before.settled or not made:
            return
        facts = {
            "inputs": before.key,
            "outputs": made,
            "browser": [_given(browser[0]), browser[1]],
            "voices": [[_given(settings), identity, why] for settings, identity, why in voices],
            "references": [[_given(settings), identity] for settings, identity in references],
            "lesson": dataclasses.asdict(lesson),
        }
        text = json.dumps(facts, ensure_ascii=False, default=str)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_text(json.dumps({"sha256": sha256(text.encode()), "facts": text}), encoding="utf-8")
        aside.replace(path)
    except OSError:
        return  # the next build reads its deck, that is all


def find(
    job: Chapter, output: Path, only: str, given: Mapping[str, Any], shop: Workshop, *, draft: bool = False
) -> Lesson | None:
    """The lesson, if it stands; None says nothing, and a build finds out."""
    facts = _read(_path(output, lesson_name(job, only, draft=draft)))
    if facts is None:
        return None
    try:
        inputs = look(job, output, only, given, draft=draft)
        if inputs is None or inputs.key != facts["inputs"]:
            return None
        lesson = _lesson(facts["lesson"])
        if not _stands(lesson.folder, facts["outputs"]) or not _same_engines(facts, output, shop):
            return None
    except (OSError, KeyError, TypeError, ValueError, AttributeError, DeckcastError):
        return None
    return lesson


def forget(output: Path, lesson: str) -> None:
    """The lesson no longer stands as it was remembered."""
    with contextlib.suppress(OSError):
        _path(output, lesson).unlink(missing_ok=True)


def _stands(folder: Path, outputs: Sequence[Sequence[Any]]) -> bool:
    if any(name.endswith(".part") for name in os.listdir(folder)):  # noqa: PTH208 - names are enough
        return False  # a build that was killed left it
    return all(_looks(Path(name).stat()) == list(looks) for name, *looks in outputs)


def _same_engines(facts: Mapping[str, Any], output: Path, shop: Workshop) -> bool:
    settings, identity = facts["browser"]
    chosen = _settings(settings)
    with shop.at(chosen, output, Silence()) as there:
        with closing(there.browser(chosen, Silence())) as browser:
            if browser.identity != identity:
                return False
        for settings, identity, why in facts["voices"]:
            voice, because = there.voice(_settings(settings))
            with closing(voice):
                if (voice.identity, because) != (identity, why):
                    return False
        return all(_reference(there, _settings(settings)) == identity for settings, identity in facts["references"])


def _reference(shop: Workshop, settings: Settings) -> str:
    reference = shop.reference(settings)
    if reference is None:
        return ""
    with closing(reference):
        return reference.identity


def _lesson(told: Mapping[str, Any]) -> Lesson:
    """The lesson as a build tells it that makes nothing."""
    findings = tuple(
        Finding(
            **{
                **finding,
                "where": Where(**finding["where"]) if finding["where"] else None,
                "details": tuple((heading, text) for heading, text in finding["details"]),
            }
        )
        for finding in told["findings"]
    )
    return Lesson(
        **{
            **told,
            "folder": Path(told["folder"]),
            "video": Path(told["video"]),
            "files": tuple(Path(name) for name in told["files"]),
            "durations": tuple(told["durations"]),
            "stages": tuple(Stage(one["name"], 0, one["made"] + one["kept"], 0.0) for one in told["stages"]),
            "findings": findings,
        }
    )


def _given(settings: Settings) -> list[list[Any]]:
    """The settings that differ from the built-in ones."""
    base = Settings()
    found = []
    for name in fields():
        section, _, key = name.partition(".")
        value = getattr(getattr(settings, section), key)
        if value != getattr(getattr(base, section), key):
            found.append([name, value])
    return found


def _settings(given: Iterable[Sequence[Any]]) -> Settings:
    values = []
    for name, value in given:
        pairs = isinstance(value, list) and value and isinstance(value[0], list)
        values.append(Value(name, dict(value) if pairs else tuple(value) if isinstance(value, list) else value))
    return overlay(Settings(), values)


def _path(output: Path, name: str) -> Path:
    return output / ".deckcast" / "standing" / f"{name}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        sealed = json.loads(path.read_text(encoding="utf-8"))
        text = sealed["facts"]
        if sha256(text.encode()) != sealed["sha256"]:
            return None
        facts: dict[str, Any] = json.loads(text)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return facts


class _TooManyError(Exception):
    pass


def _files(folder: Path, leave_out: Path, most: int) -> Iterator[tuple[str, os.stat_result]]:
    """Every file of a folder but those in `leave_out`, with its status; a link's is that of what it leads to."""
    waiting = [folder]
    number = 0
    while waiting:
        place = waiting.pop()
        if not place.is_dir():
            continue
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name in _IGNORED:
                    continue
                number += 1
                if number > most:
                    raise _TooManyError
                if entry.is_dir(follow_symlinks=False):
                    if Path(entry.path).resolve() != leave_out:
                        waiting.append(Path(entry.path))
                else:
                    try:
                        yield os.path.relpath(entry.path, folder), entry.stat()
                    except FileNotFoundError:  # a link that leads nowhere
                        yield os.path.relpath(entry.path, folder), entry.stat(follow_symlinks=False)


def _looks(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _package() -> Path:
    return Path(__file__).parent


def _libraries() -> Iterator[Path]:
    """Folders of installed packages: one that is added, taken away or brought up to date changes their time."""
    for name in sys.path:
        if Path(name).name in ("site-packages", "dist-packages") and Path(name).is_dir():
            yield Path(name)
