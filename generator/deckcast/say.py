"""The sound of one slide, as a build would make it: the same cells, sentences, pauses, films, loudness; no pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.build import begin, lay_steps, read, run_code
from deckcast.encode import Score, beds, check_music, film_sounds, listen
from deckcast.errors import NarrationError, UsageError, raise_all
from deckcast.keep import Keeper
from deckcast.labels import label, labelled
from deckcast.model import SAMPLE_RATE, Deck, Finding, Results, Slide, Step, Timeline
from deckcast.narrate import Voices, narrate
from deckcast.outline import numbered, places
from deckcast.ports import Progress
from deckcast.project import Chapter
from deckcast.publish import files
from deckcast.render import unseen
from deckcast.run import find
from deckcast.stepping import with_emphasis
from deckcast.timeline import plan
from deckcast.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence; times in seconds of the file."""

    text: str
    """As written."""
    start: float
    stop: float
    step: int
    """Of the slide, from 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """The sound of a slide, or of one step."""

    path: Path
    slide: Slide
    voice: str
    """Which voice spoke and why it was chosen."""
    seconds: float
    """As long as the slide shows, with the silence before and after its words."""
    spoken: float
    """Seconds in which something is said, with the pauses between."""
    words: int
    sentences: tuple[Heard, ...]
    films: tuple[str, ...]
    """Those that are heard, as files beside the deck."""
    music: tuple[str, ...]
    """Files that play under it, each from its beginning: where the lesson is in it by then, nobody has asked."""
    findings: tuple[Finding, ...]
    """Of all of the deck's code that ran, the errors; else what is about this slide."""


def say(
    chapter: str | Path | Chapter,
    number: int,
    *,
    step: int | None = None,
    target: str | Path | None = None,
    output: str | Path = "output",
    trust: bool = False,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    workshop: Workshop | None = None,
) -> Said:
    """Speaks a slide, or one step of it, into a WAV file: `slide-007.wav` in the current folder, or `target`.

    `output` is where `build` puts lessons: its store of finished work lies there, unless the settings say otherwise.
    What is spoken here serves the next build, and the other way round. Raises `DeckcastError`.
    """
    if target is not None and Path(target).suffix.lower() != ".wav":
        raise UsageError(f"-o {target}: only WAV files are written", hint="give it a name that ends with .wav")
    job, given, shop, stages = begin(chapter, settings, progress, workshop)
    with stages.time("parse", 1):
        deck, chosen = read(job, given)
    _choose(deck, number, None)

    with (
        labelled(deck),
        shop.executor(chosen) as executor,
        closing(Voices(chosen, shop.voice, given, shop.reference)) as voices,
    ):
        code = find(deck, chosen)
        deck = with_emphasis(deck, code.cells, chosen)
        slide, steps = _choose(deck, number, step)
        path = Path(target) if target is not None else Path(f"slide-{numbered(deck, slide, step or 1)}.wav")
        each = lay_steps(chosen, steps, given)
        check_music(deck, steps, each)
        keeper = Keeper(shop.store(chosen, Path(output)), stages.progress, job.name)
        voices.main()
        results: Results = Results()
        ran: tuple[Finding, ...] = ()
        if {one.step for one in code.inlines} & {one.index for one in steps}:
            results, ran = run_code(job, deck, chosen, code, keeper, stages, shop, trust=trust)
        with stages.time("narrate", 0, keeper):
            takes, heard = narrate(deck, steps, each, keeper, voices, executor, results)
        frames, films, wrong = unseen(deck, steps, chosen, keeper, job.templates)
        timeline = plan(steps, frames, takes, each)
        played = film_sounds(timeline, keeper)
        if not played and not any(take.utterances for take in takes):
            raise_all(wrong)
            raise _nothing(slide, steps, step)
        score = Score(beds(deck, timeline, steps, each, keeper), films=played)
        sound = listen(timeline, chosen, keeper, executor, score, places(deck))
    files.put(path.parent, path.name, sound)
    return Said(
        path=path,
        slide=slide,
        voice=voices.told(takes),
        seconds=timeline.seconds,
        spoken=sum(take.seconds for take in takes),
        words=sum(len(take.text.split()) for take in takes),
        sentences=_sentences(slide, timeline),
        films=films if played else (),
        music=tuple(dict.fromkeys(one.sound.music for one in each if one.sound.music not in ("", "none"))),
        findings=tuple(
            one
            for one in dict.fromkeys(label((*ran, *heard, *(told for one in wrong for told in one.findings)), deck))
            if one.severity == "error" or one.slide in ("", slide.label)
        ),
    )


def _choose(deck: Deck, number: int, step: int | None) -> tuple[Slide, tuple[Step, ...]]:
    """The slide and the steps that are meant. Raises `UsageError`."""
    if not 1 <= number <= len(deck.slides):
        many = f"slides 1 to {len(deck.slides)}" if len(deck.slides) > 1 else "one slide"
        raise UsageError(f"--slide {number}: there is no such slide", hint=f"the deck has {many}")
    slide = deck.slides[number - 1]
    if step is None:
        return slide, slide.steps
    if not 1 <= step <= len(slide.steps):
        many = f"steps 1 to {len(slide.steps)}" if len(slide.steps) > 1 else "one step"
        raise UsageError(f"--step {step}: there is no such step", hint=f"{slide.label} has {many}")
    return slide, slide.steps[step - 1 : step]


def _nothing(slide: Slide, steps: Sequence[Step], step: int | None) -> NarrationError:
    what = slide.label if step is None else f"step {step} of {slide.label}"
    return NarrationError(
        f"{what} says nothing: there are no words in its notes",
        where=steps[0].where,
        hint="what is to be spoken stands behind `???`",
    )


def _sentences(slide: Slide, timeline: Timeline) -> tuple[Heard, ...]:
    numbers = {step.index: number for number, step in enumerate(slide.steps, 1)}
    return tuple(
        Heard(
            one.text,
            (scene.onset + one.start) / SAMPLE_RATE,
            (scene.onset + one.start + one.samples) / SAMPLE_RATE,
            numbers[scene.take.step],
        )
        for scene in timeline.scenes
        for one in scene.take.utterances
    )
