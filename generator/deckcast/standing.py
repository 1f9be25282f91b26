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

KIND = "standing-3"
SETTLED = 2.0
"""Seconds: the coarsest clock of a file system (FAT). What changed later than that before a build looked may change
again without another time."""
MOST = 10_000
"""Files of a chapter's folder; where there are more, reading the deck is quicker than looking at them all."""
Looks: TypeAlias = list[list[Any]]
"""Name, size, times and inode of files."""
_LEFT_OUT = frozenset({"jobs", "build.jobs"})
"""Options that make no other lesson."""
_IGNORED = frozenset({".git", "__pycache__", ".ipynb_checkpoints", "node_modules", ".venv", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build's inputs look like at one moment."""

    key: str
    settled: bool


class Sights:
    """What places look like that several chapters share, each looked at once: for one look around, not to be kept."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Path, Path | None], tuple[str, int]] = {}
        self._modules: dict[Path | None, tuple[Path, ...]] = {}

    def of(self, place: Path, leave_out: Path | None) -> tuple[str, int]:
        """As `_sight` tells them."""
        key = (place, leave_out)
        if key not in self._seen:
            self._seen[key] = _sight(place, leave_out)
        return self._seen[key]

    def modules(self, folder: Path) -> tuple[Path, ...]:
        """As `modules.places` tells them, which looks at every chapter."""
        above = modules.shared(folder)
        if above not in self._modules:
            self._modules[above] = modules.places(folder)
        return self._modules[above]


def look(
    job: Chapter,
    output: Path,
    only: str,
    given: Mapping[str, Any],
    *,
    draft: bool = False,
    sights: Sights | None = None,
) -> Inputs | None:
    """The inputs of a build as they look now; None where there are too many, or they cannot be read.

    `sights` are those of other chapters that were looked at just now.
    """
    begun = time.time()
    common = sights or Sights()
    try:
        out = output.resolve()
        shared = (*common.modules(job.folder), *job.templates, shipped(), _package())
        alone = (*([job.config] if job.config else ()), *_libraries())
        seen = [
            _sight(job.folder, out),
            *(common.of(place, out) for place in shared),
            *(common.of(place, None) for place in alone),
        ]
    except (OSError, _TooManyError):
        return None
    told = {name: repr(value) for name, value in given.items() if value is not None and name not in _LEFT_OUT}
    asked = [str(job.deck), str(job.config), only, draft, sorted(told.items())]
    latest = max(changed for _, changed in seen)
    key = digest([KIND, __version__, sys.version, asked, [looks for looks, _ in seen]])
    return Inputs(key, latest / 1e9 + SETTLED < begun)


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
    job: Chapter,
    output: Path,
    only: str,
    given: Mapping[str, Any],
    shop: Workshop,
    *,
    draft: bool = False,
    sights: Sights | None = None,
) -> Lesson | None:
    """The lesson, if it stands; None says nothing, and a build finds out."""
    facts = _read(_path(output, lesson_name(job, only, draft=draft)))
    if facts is None:
        return None
    try:
        inputs = look(job, output, only, given, draft=draft, sights=sights)
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
        _led(output, lesson).unlink(missing_ok=True)


def version(output: Path, lesson: str) -> str:
    """Which build's memory of a lesson that stands this is; empty for none."""
    try:
        return sha256(_path(output, lesson).read_bytes())
    except OSError:
        return ""


def lead(output: Path, versions: Mapping[str, str], files: Iterable[Path]) -> None:
    """Writes down of lessons, by name, that what leads from lesson to lesson, `files`, was written after these builds.

    A build that is killed in between has left a lesson that stands, and a page of the course that tells of the one
    before.
    """
    looks = outputs(files)
    for lesson, told in versions.items():
        if told:
            with contextlib.suppress(OSError):  # the next build writes those pages again, that is all
                _led(output, lesson).write_text(json.dumps([told, looks]), encoding="utf-8")


def is_led_to(output: Path, lesson: str) -> bool:
    """Whether what leads from lesson to lesson stands and knows of a lesson that stands."""
    try:
        told, looks = json.loads(_led(output, lesson).read_text(encoding="utf-8"))
        return bool(told == version(output, lesson) and _look_so(looks))
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _stands(folder: Path, outputs: Sequence[Sequence[Any]]) -> bool:
    if any(name.endswith(".part") for name in os.listdir(folder)):  # noqa: PTH208 - names are enough
        return False  # a build that was killed left it
    return _look_so(outputs)


def _look_so(outputs: Sequence[Sequence[Any]]) -> bool:
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


def _led(output: Path, name: str) -> Path:
    return output / ".deckcast" / "standing" / f"{name}.led"


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


def _sight(place: Path, leave_out: Path | None) -> tuple[str, int]:
    """The digest of what a place looks like, and the last time that anything in it changed, in nanoseconds.

    A folder is looked into, but for the one that is left out; where None is, it is looked at alone.
    """
    told: list[Any] = [str(place.resolve())]
    latest = 0
    files: Iterable[tuple[str, os.stat_result]] = ()
    if leave_out is not None and place.is_dir():
        files = _files(place, leave_out, MOST)
    elif leave_out is None or place.exists():
        files = [("", place.stat())]
    for name, status in files:
        told.append((name, _looks(status)))
        latest = max(latest, status.st_mtime_ns, status.st_ctime_ns)
    return sha256(repr(told).encode("utf-8", "surrogateescape")), latest


def _files(folder: Path, leave_out: Path, most: int) -> Iterator[tuple[str, os.stat_result]]:
    """Every file of a folder but those in `leave_out`, with its status; a link's is that of what it leads to."""
    waiting = [folder.absolute()]
    root = len(str(waiting[0] / "x")) - 1
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
                        yield entry.path[root:], entry.stat()
                    except FileNotFoundError:  # a link that leads nowhere
                        yield entry.path[root:], entry.stat(follow_symlinks=False)


def _looks(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _package() -> Path:
    return Path(__file__).parent


def _libraries() -> Iterator[Path]:
    """Folders of installed packages: one that is added, taken away or brought up to date changes their time."""
    for name in sys.path:
        if Path(name).name in ("site-packages", "dist-packages") and Path(name).is_dir():
            yield Path(name)
