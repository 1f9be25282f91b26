"""The verbs of deckcast, in order: parse, run, render and narrate, plan, encode, publish.

What can fail cheaply comes first; what costs is asked of the store before it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckcast import config, project, standing
from deckcast.callable_module import make_callable
from deckcast.check import cheap, told
from deckcast.config import Value, overlay
from deckcast.cover import check as check_cover
from deckcast.cover import cover
from deckcast.encode import Score, all_pieces, beds, check_music, encode_all, film_sounds
from deckcast.errors import DeckcastError, UsageError, raise_all, storage_errors
from deckcast.keep import Keeper
from deckcast.labels import labelled
from deckcast.lock import exclusive
from deckcast.model import Deck, Finding, Lesson, Results, Step
from deckcast.narrate import Voices, narrate, unpointed
from deckcast.outline import with_values
from deckcast.parse import Script, check_not_empty, compose, load
from deckcast.pointing import pointed
from deckcast.ports import Progress
from deckcast.project import Chapter, lesson_name
from deckcast.publish import handout, publish
from deckcast.render import render
from deckcast.run import Found, find, run
from deckcast.settings import Settings, SlidesSettings
from deckcast.stages import Stages
from deckcast.stepping import with_emphasis
from deckcast.theme_settings import with_theme
from deckcast.timeline import plan
from deckcast.together import Stoppable, together
from deckcast.trust import check as trusted
from deckcast.trust import check_cluster
from deckcast.workshop import Workshop

DRAFT: Mapping[str, Any] = {
    "video.size": 720,
    "video.fps": 15,
    "video.webm": False,
    "video.audio_file": False,
    "publish.zip": False,
    "publish.scorm": False,
}
"""Settings of a quick look."""


def build(
    chapter: str | Path | Chapter,
    *,
    output: str | Path = "output",
    only: str = "",
    draft: bool = False,
    force: bool = False,
    trust: bool = False,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    workshop: Workshop | None = None,
) -> Lesson:
    """Builds one chapter into `output/<chapter's folder name>/` and says what it made.

    `only` names slides (`7-9,12`) for an excerpt in a folder of its own, `draft` makes one of `DRAFT`'s settings there,
    unless others are given. `trust` lets a deck that lies outside the
    current folder's project run its code. `settings` are the strongest layer, by name. Raises `DeckcastError`; what
    was finished until then is kept for the next build.
    """
    asked = {key: value for key, value in (settings or {}).items() if value is not None}
    job, given, shop, stages = begin(chapter, {**DRAFT, **asked} if draft else asked, progress, workshop)
    only = only.replace(" ", "")
    name = lesson_name(job, only, draft=draft)
    folder = Path(output) / name
    seen_before = standing.look(job, Path(output), only, asked, draft=draft)

    with stages.time("parse", 1):
        deck, chosen = read(job, given)
    check_cluster(job.deck, chosen, given)

    with (
        labelled(deck),
        ExitStack() as stack,
        shop.at(chosen, Path(output), stages.progress) as shop,
        shop.executor(chosen) as executor,
        closing(Voices(chosen, shop.voice, given, shop.reference)) as voices,
    ):
        check_cover(deck, chosen)
        code = find(deck, chosen)
        deck = with_emphasis(deck, code.cells, chosen)
        steps = choose(deck, only)
        each = lay_steps(chosen, steps, given)
        check_music(deck, steps, each)
        with storage_errors("make the folder", folder):
            folder.mkdir(parents=True, exist_ok=True)
        store = stack.enter_context(closing(shop.store(chosen, Path(output))))
        keeper = Keeper(store, stages.progress, name, force=force)
        keeper.expect_as_before()
        voices.main()
        browser = shop.browser(chosen, stages.progress)
        engines = {"browser": browser.identity}
        results, ran = run_code(job, deck, chosen, code, keeper, stages, shop, trust=trust)
        deck = with_values(deck, results)
        speaking = Stoppable(executor)

        def draw() -> Any:
            with stages.time("render", len(steps), keeper):
                drawn = render(
                    deck,
                    steps,
                    chosen,
                    keeper,
                    browser,
                    shop.graphs(),
                    job.templates,
                    results,
                    pointed(deck, chosen),
                    titled=True,
                )
            kind = chosen.publish.handout
            if kind == "none":
                return *drawn, None
            with stages.time("print", 1, keeper):
                return *drawn, handout(deck, drawn[1], chosen, results, keeper, browser, kind=kind)

        def speak() -> Any:
            with stages.time("narrate", 0, keeper):
                return narrate(deck, steps, each, keeper, voices, speaking, results)

        try:
            (frames, document, seen, paper), (takes, heard) = together(draw, speak, speaking.stop)
        finally:
            browser.close()

        engines["voice"] = voices.identity(takes)
        timeline = plan(steps, frames, takes, each)
        heard += unpointed(deck, timeline)
        with exclusive(
            Path(output) / ".deckcast" / "locks" / name,
            lambda: stages.progress.say(f"another build is writing {folder}; waiting for it"),
        ):
            picture = cover(deck, timeline, chosen, keeper)
            score = Score(beds(deck, timeline, steps, each, keeper), films=film_sounds(timeline, keeper))
            with stages.time("encode", all_pieces(timeline, chosen, score), keeper):
                encoded = encode_all(deck, timeline, chosen, keeper, executor, folder, cover=picture, score=score)
            with stages.time("publish", 1, keeper):
                files, written = publish(
                    deck,
                    timeline,
                    chosen,
                    keeper,
                    folder,
                    encoded,
                    cover=picture,
                    engines=engines,
                    results=results,
                    document=document,
                    handout=paper,
                )
            outputs = standing.outputs(files)
        keeper.remember()

    shown = {step.index for step in steps}
    lesson = Lesson(
        name=name,
        title=chosen.lesson.title or deck.slides[0].title,
        folder=folder,
        video=folder / "lesson.mp4",
        files=files,
        seconds=timeline.seconds,
        slides=len({slide.index for slide in deck.slides if shown & {step.index for step in slide.steps}}),
        words=sum(len(take.text.split()) for take in takes),
        spoken=sum(take.seconds for take in takes),
        voice=voices.told(takes),
        durations=tuple(scene.count / timeline.fps for scene in timeline.scenes),
        stages=tuple(stages.done),
        findings=told((*deck.findings, *cheap(deck, chosen), *ran, *seen, *heard, *written), deck, chosen),
    )
    seen_after = standing.look(job, Path(output), only, asked, draft=draft) if _replays(chosen, code, results) else None
    standing.remember(
        seen_before,
        seen_after,
        Path(output),
        lesson,
        outputs,
        (chosen, engines["browser"]),
        voices.openings(),
        voices.references(),
    )
    # Not remembered with the lesson: it happened once.
    return replace(lesson, findings=(*lesson.findings, *told(keeper.findings(), deck, chosen)))


def begin(
    chapter: str | Path | Chapter,
    settings: Mapping[str, Any] | None,
    progress: Progress | None,
    workshop: Workshop | None,
) -> tuple[Chapter, tuple[Value, ...], Workshop, Stages]:
    """What whoever works on a chapter begins with: where it is, what was given on top, its engines, and its timing.

    Raises `AuthorError` or `UsageError` where there is no such chapter.
    """
    job = chapter if isinstance(chapter, Chapter) else project.find_chapter(chapter)
    return job, config.from_command_line(settings or {}), workshop or Workshop(), Stages(progress)


def _replays(chosen: Settings, code: Found, results: Results) -> bool:
    """Whether the next build of the same deck runs nothing, and does not ask anew what this machine has."""
    complete = not any(result.lacking for _, result in results.cells)
    return not code.runs or chosen.cells.mode == "never" or (chosen.cells.mode == "auto" and complete)


def run_code(
    job: Chapter,
    deck: Deck,
    chosen: Settings,
    code: Found,
    keeper: Keeper,
    stages: Stages,
    shop: Workshop,
    *,
    trust: bool,
) -> tuple[Results, tuple[Finding, ...]]:
    """What comes out of the deck's code, and what the author should know of it."""
    if not code.runs:
        return Results(), code.findings
    with stages.time("run", len(code.cells), keeper):
        return run(
            deck,
            chosen,
            code,
            keeper,
            lambda: shop.kernels(chosen, job.templates, stages.progress),
            lambda live: trusted(job.deck, live, allow=trust),
            stages.progress,
        )


def read(job: Chapter, given: Sequence[Value]) -> tuple[Deck, Settings]:
    """The chapter's deck and its settings."""
    script = load([job.deck])
    chosen = overlay(Settings(), layers(job, script, given))
    deck = compose(script, chosen.slides)
    check_not_empty(deck)
    return deck, chosen


def layers(job: Chapter, script: Script, given: Sequence[Value]) -> tuple[Value, ...]:
    """All that is set for a deck, the strongest last: by its theme, its configuration file, its front matter, and what
    was given."""
    base = config.from_file(job.config) if job.config else ()
    return with_theme([*base, *config.from_options(script.options), *given], job.templates)


def reading(script: Script) -> SlidesSettings:
    """What the front matter says about reading the deck; everything else in it is left alone, unchecked.

    So decks of other tools can be looked at, whose front matter holds names that mean nothing here.
    """
    names = {"count_incremental_slides", "disable_incremental_slides", "excluded_classes"}
    values = [
        one for one in config.from_options(script.options) if one.name.rpartition(".")[2].replace("-", "_") in names
    ]
    return overlay(Settings(), values).slides


_RANGE = re.compile(r"(\d+)(?:-(\d+))?", re.ASCII)


def choose(deck: Deck, only: str, option: str = "--only") -> tuple[Step, ...]:
    """The steps of the slides that `only` names, all of them for an empty one. Raises `UsageError`."""
    if not only:
        return deck.steps
    wanted: set[int] = set()
    for part in only.split(","):
        found = _RANGE.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= len(deck.slides):
            raise UsageError(
                f"{option} {only}: there are no slides `{part}`",
                hint=f"name some of the deck's {len(deck.slides)} slides, such as 7 or 2-4,9",
            )
        wanted |= set(range(first, last + 1))
    return tuple(step for slide in deck.slides if slide.index in wanted for step in slide.steps)


def lay_steps(chosen: Settings, steps: Iterable[Step], given: Iterable[Value]) -> tuple[Settings, ...]:
    """Each step's own settings: its slide's properties, and what was given on top. Raises every mistake."""
    errors: list[DeckcastError] = []
    each: list[Settings] = []
    for step in steps:
        try:
            each.append(overlay(config.lay_slide(chosen, step.properties), given))
        except DeckcastError as error:
            errors.append(error)
    raise_all(errors)
    return tuple(each)


make_callable(__name__)  # `deckcast.build(chapter)`
