"""What is wrong with a lesson, found without speaking it, without running its code and without any connection."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deckcast import check as rules
from deckcast.build import begin, lay_steps, read
from deckcast.check import Subject
from deckcast.check.fix import Edit, edit, line_of
from deckcast.config import Value
from deckcast.cover import check as check_cover
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voices import VOICES, engine
from deckcast.errors import BrowserError, DeckcastError, GraphError, alone
from deckcast.keep import Keeper
from deckcast.model import (
    Blob,
    Cell,
    Deck,
    Finding,
    Frame,
    Inspection,
    Results,
    Step,
    Timeline,
    Where,
)
from deckcast.narrate import Voices, narrate
from deckcast.narrate.script import mark_at, script_of
from deckcast.outline import with_values
from deckcast.ports import Progress
from deckcast.project import Chapter
from deckcast.render import examine, inspect
from deckcast.run import find, recorded, run
from deckcast.settings import Settings
from deckcast.spoken import Script
from deckcast.stages import Silence, Stages
from deckcast.stepping import with_emphasis
from deckcast.timeline import plan
from deckcast.workshop import Workshop

SILENT = [Value("narration.voice", "silent", "the command line")]
"""The voice that only takes time, whatever slides and marks ask for."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one lesson, and how it measures."""

    name: str
    deck: Path
    findings: tuple[Finding, ...] = ()
    slides: int = 0
    seconds: float = 0.0
    """That it would last."""
    words: int = 0
    spoken: float = 0.0
    """Seconds in which something would be said."""
    durations: tuple[float, ...] = ()
    """Of each step, in seconds."""
    shown: tuple[int, ...] = ()
    """Words to be read on each slide."""
    skipped: str = ""
    """Why no slide was drawn."""
    fixed: tuple[tuple[Edit, str, str], ...] = ()
    """What was mended, with the line before and after."""
    fixable: int = 0
    """How many of the findings can be mended without asking."""


@dataclass
class _Found:
    """What has been found so far."""

    findings: list[Finding] = field(default_factory=list)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Takes what an author, a designer or a user must mend for a finding, so that the rest is looked at, too."""
        try:
            yield
        except DeckcastError as error:
            if error.exit_code > 2:
                raise
            self.findings += error.findings


def check(
    chapter: str | Path | Chapter,
    *,
    browser: bool = True,
    output: str | Path = "output",
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    workshop: Workshop | None = None,
) -> Checked:
    """Looks at one chapter. With `browser`, slides are drawn where there is one; pictures are kept in `output`'s store.

    Raises `DeckcastError` where the deck or its settings cannot be read at all.
    """
    job, given, shop, stages = begin(chapter, settings, progress, workshop)
    with stages.time("parse", 1):
        deck, chosen = read(job, given)
    found = _Found(list(deck.findings))

    with found.collect():
        check_cover(deck, chosen)
    cells: tuple[Cell, ...] = ()
    results = Results()
    with found.collect():
        code = find(deck, chosen)
        cells = code.cells
        deck = with_emphasis(deck, cells, chosen)
        results = _recorded(deck, chosen, code, found, stages)
        deck = with_values(deck, results)
    each = [chosen] * len(deck.steps)
    with found.collect():
        each = list(lay_steps(chosen, deck.steps, given))

    with stages.time("narrate", 0):
        scripts = [script_of(deck, step, own, results) for step, own in zip(deck.steps, each, strict=True)]
    found.findings += _voices(deck.steps, each, scripts)
    subject = Subject(
        deck,
        chosen,
        {step.index: own for step, own in zip(deck.steps, each, strict=True)},
        cells,
        results,
        {step.index: script for step, script in zip(deck.steps, scripts, strict=True)},
        _timed(subject_of=Subject(deck, chosen, cells=cells, results=results), each=each, results=results, found=found),
    )
    with stages.time("render", 0):
        with found.collect():
            seen = examine(deck, chosen, job.templates, results)
            found.findings += seen.findings
            subject = dataclasses.replace(subject, styles=seen.styles)
        inspections, skipped = (
            _drawn(subject, job, found, stages, shop, Path(output)) if browser else (None, _NOT_ASKED)
        )
    subject = dataclasses.replace(subject, inspections=inspections)
    findings = rules.told(
        (*found.findings, *rules.check(subject)), deck, chosen, complete=True, drawn=inspections is not None
    )
    return _checked(job, subject, _in_order(findings, deck), skipped)


_NOT_ASKED = "--no-browser"


def _recorded(deck: Deck, chosen: Settings, code: Any, found: _Found, stages: Stages) -> Results:
    """What is recorded of the deck's code, as far as it serves. Nothing runs."""
    if not code.runs:
        return Results()
    replay = dataclasses.replace(chosen, cells=dataclasses.replace(chosen.cells, mode="never"))
    keeper = Keeper(MemoryStore(), Silence(), "check")
    results = Results()
    try:
        with stages.time("run", len(code.cells)):
            results, told = run(deck, replay, code, keeper, _nowhere, _nobody, Silence())
    except DeckcastError as error:
        told = (*code.findings, *error.findings)
        with suppress(DeckcastError):  # it has been told
            results, *_ = recorded(deck, replay, code)
    # Only where nothing may run is that more than a note: otherwise the next build runs the cells.
    runs = chosen.cells.mode != "never"
    found.findings += [
        dataclasses.replace(one, severity="note", hint=_RUNS) if runs and one.code in _UNSERVED else one for one in told
    ]
    return results


_UNSERVED = frozenset({"cell-stale", "cell-not-run"})
_RUNS = "the next build runs it, where it can; its slide was looked at without what comes out"


def _nowhere() -> Any:
    raise AssertionError("a replay opens no kernel")


def _nobody(_code: Any) -> None:
    raise AssertionError("a replay runs nothing")


def _voices(steps: Sequence[Step], each: Sequence[Settings], scripts: Sequence[Script]) -> Iterator[Finding]:
    """Names of engines that there are not. No voice is opened: whether one has such a voice, a build finds out."""
    asked: dict[str, tuple[Where | None, int]] = {}
    for step, own, script in zip(steps, each, scripts, strict=True):
        item = step.properties.find("voice")
        asked.setdefault(own.narration.voice, (item.where, len(item.value)) if item else (None, 1))
        for name, where in script.voices:
            place, _, width = mark_at(step, where, name)
            asked.setdefault(name, (place, width))
    for name, (where, width) in asked.items():
        kind = name.strip().partition(" ")[0]
        if kind in ("", "auto", *VOICES):
            continue
        try:
            engine(kind)
        except DeckcastError as error:
            (one,) = error.findings
            yield dataclasses.replace(one, where=where, width=width)


def _timed(*, subject_of: Subject, each: list[Settings], results: Results, found: _Found) -> Timeline | None:
    """The lesson in the time that speech would take; None where its notes cannot be followed."""
    deck, chosen = subject_of.deck, subject_of.settings
    quiet = [dataclasses.replace(own, narration=dataclasses.replace(own.narration, voice="silent")) for own in each]
    keeper = Keeper(MemoryStore(), Silence(), "check")
    silent = dataclasses.replace(chosen, narration=dataclasses.replace(chosen.narration, voice="silent"))
    with found.collect(), closing(Voices(silent, Workshop().voice, SILENT)) as voices:
        takes, heard = narrate(deck, deck.steps, quiet, keeper, voices, InlineExecutor(), results)
        found.findings += heard
        frames = [Frame(step.index, Blob("", 0), 0, 0, text) for step, text in _texts(subject_of)]
        return plan(deck.steps, frames, takes, quiet)
    return None


def _texts(subject: Subject) -> Iterable[tuple[Step, str]]:
    """What is to be read on each step, where a slide has several: steps show with the words that speak of them."""
    for slide in subject.deck.slides:
        for step in slide.steps:
            several = len(slide.steps) > 1
            yield step, subject.sheet(slide, step).tree.text() if several else ""


def _drawn(
    subject: Subject, job: Chapter, found: _Found, stages: Stages, shop: Workshop, output: Path
) -> tuple[dict[int, Inspection] | None, str]:
    """What is seen on drawn slides, by their last step; or why none were drawn."""
    deck, chosen = subject.deck, subject.settings
    there = shop.browser_at_hand(chosen)
    if not there.works:
        return None, there.reason
    try:
        with closing(shop.browser(chosen, stages.progress)) as browser:
            keeper = Keeper(shop.store(chosen, output), stages.progress, job.name)
            steps = [slide.steps[-1] for slide in deck.slides]
            inspections, told = inspect(
                deck, steps, chosen, keeper, browser, shop.graphs(), job.templates, subject.results
            )
    except BrowserError as error:
        return None, str(error)
    except DeckcastError as error:
        lacking = next((one for one in alone(error) if isinstance(one, GraphError)), None)
        rest = [one for one in alone(error) if not isinstance(one, GraphError)]
        if any(one.exit_code > 2 for one in rest):
            raise
        found.findings += [finding for one in rest for finding in one.findings]
        return None, str(lacking) if lacking and not rest else "the slides cannot be drawn"
    found.findings += told
    return {step.index: one for step, one in zip(steps, inspections, strict=True)}, ""


def _in_order(findings: Iterable[Finding], deck: Deck) -> tuple[Finding, ...]:
    """In the order of the author's text, what is about no place of it first."""
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                (one.where.path != deck.path, one.where.path, one.where.line, one.where.column)
                if one.where
                else (False, "", 0, 0)
            ),
        )
    )


def _checked(job: Chapter, subject: Subject, findings: tuple[Finding, ...], skipped: str) -> Checked:
    timeline = subject.timeline
    takes = [scene.take for scene in timeline.scenes] if timeline else []
    return Checked(
        name=job.name,
        deck=job.deck,
        findings=findings,
        slides=len(subject.deck.slides),
        seconds=timeline.seconds if timeline else 0.0,
        words=sum(len(take.text.split()) for take in takes),
        spoken=sum(take.seconds for take in takes),
        durations=tuple(scene.count / timeline.fps for scene in timeline.scenes) if timeline else (),
        shown=tuple(len(sheet.words) for sheet in subject.sheets),
        skipped=skipped,
        fixable=len(edits(findings)),
    )


def edits(findings: Iterable[Finding]) -> dict[Edit, str]:
    """What can be mended without asking, each with the line as it stands."""
    found: dict[Edit, str] = {}
    texts: dict[str, str] = {}
    for finding in findings:
        if finding.where is None:
            continue
        path = finding.where.path
        if path not in texts:
            try:
                texts[path] = read_text(Path(path))
            except (OSError, UnicodeDecodeError):
                texts[path] = ""
        line = line_of(texts[path], finding.where.line)
        one = edit(finding, line)
        if one is not None:
            found[one] = line
    return found


def failed(chapter: Chapter, error: DeckcastError) -> Checked:
    """What is told of a deck that cannot be looked at."""
    return Checked(chapter.name, chapter.deck, error.findings, fixable=len(edits(error.findings)))


def read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
