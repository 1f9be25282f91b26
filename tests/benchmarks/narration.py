"""What each voice that works here makes of a chapter: length, pace, loudness, exactness of its words' times, captions.

A row a voice, and with `--slides` the pace of each slide. Loudness and peak are measured by libav's `ebur128`, not by
our own meter. A voice's word times are held against those that the aligner finds in its sound, with a voice of another
engine for reference; so the error is that of both. Captions are counted with those that break a rule. Nothing is drawn,
and cells are replayed from their record.

Run: .venv/bin/python tests/benchmarks/narration.py [CHAPTER] [--voice 'flite slt' …] [--slides] [--only 1-5]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from deckcast import config, project  # noqa: E402
from deckcast.align import align, resampled  # noqa: E402
from deckcast.build import choose, lay_steps, read, run_code  # noqa: E402
from deckcast.captions import cues, flaws  # noqa: E402
from deckcast.encode import listen  # noqa: E402
from deckcast.engines import voices as engines  # noqa: E402
from deckcast.errors import DeckcastError  # noqa: E402
from deckcast.keep import Keeper  # noqa: E402
from deckcast.model import Blob, Deck, Frame, Results, Step, Take, Timeline  # noqa: E402
from deckcast.narrate import Voices, narrate  # noqa: E402
from deckcast.narrate.script import script_of  # noqa: E402
from deckcast.narrate.trim import trim  # noqa: E402
from deckcast.outline import slides_by_step, with_values  # noqa: E402
from deckcast.ports import Voice  # noqa: E402
from deckcast.run import find  # noqa: E402
from deckcast.settings import Settings  # noqa: E402
from deckcast.stages import Stages  # noqa: E402
from deckcast.stepping import with_emphasis  # noqa: E402
from deckcast.timeline import plan  # noqa: E402
from deckcast.workshop import Workshop  # noqa: E402
from encode.measure import metered  # noqa: E402

CHAPTER = ROOT / "chapters" / "01-nlp-llms-and-transformers"
REFERENCES = {"flite": "espeak", "": "flite"}
"""The engine that another one's word times are held against."""
EVERY = 6
"""One sentence of so many is aligned."""


@dataclass(frozen=True)
class Row:
    """One voice's lesson."""

    voice: str
    timeline: Timeline
    takes: tuple[Take, ...]
    loudness: float
    peak: float
    errors: tuple[float, ...]
    """Milliseconds between the beginnings of words as the voice tells them and as they are found in its sound."""
    captions: int
    broken: int
    cpu: float
    paces: tuple[tuple[str, float, int, float], ...]
    """(slide, seconds, words, words a minute while something is said) of each."""


def measure(chapter: Path, setting: str, only: str) -> Row:
    """Narrates the chapter with a voice, from nothing."""
    before = _cpu()
    job = project.find_chapter(chapter)
    given = config.from_command_line({"narration.voice": setting, "cells.mode": "never"})
    shop, stages = Workshop(), Stages(None)
    deck, chosen = read(job, given)
    code = find(deck, chosen)
    deck = with_emphasis(deck, code.cells, chosen)
    steps = choose(deck, only)
    each = lay_steps(chosen, steps, given)
    with tempfile.TemporaryDirectory() as folder, shop.executor(chosen) as executor:
        keeper = Keeper(shop.store(chosen, Path(folder)), stages.progress, job.name)
        voices = Voices(chosen, shop.voice, given)
        try:
            results, _ = run_code(job, deck, chosen, code, keeper, stages, shop, trust=True)
            deck = with_values(deck, results)
            takes, _ = narrate(deck, steps, each, keeper, voices, executor, results)
            timeline = plan(steps, [Frame(one.index, Blob("", 0), 0, 0, "") for one in steps], takes, each)
            heard = Path(folder, "heard.wav")
            heard.write_bytes(listen(timeline, chosen, keeper, executor))
            spent = _cpu() - before
            loudness, peak = metered(heard)
            errors = tuple(_errors(deck, steps, each, results, voices.main()[0], setting, chosen))
        finally:
            voices.close()
    shown = cues(timeline, chosen.lesson.language)
    broken = {flaw.cue for flaw in flaws(shown, chosen.lesson.language)}
    paces = tuple(_paces(deck, timeline))
    return Row(setting, timeline, takes, loudness, peak, errors, len(shown), len(broken), spent, paces)


def _errors(
    deck: Deck,
    steps: Sequence[Step],
    each: Sequence[Settings],
    results: Results,
    voice: Voice,
    setting: str,
    chosen: Settings,
) -> Iterator[float]:
    name = REFERENCES.get(setting.partition(" ")[0], REFERENCES[""])
    try:
        reference, _ = engines.choose(name, chosen.lesson.language, online=False, rate=1.0)
    except DeckcastError:
        return
    scripts = (script_of(deck, step, own, results) for step, own in zip(steps, each, strict=True))
    sentences = [one for script in scripts for one in script.sentences if one.spoken]
    for sentence in sentences[::EVERY]:
        said = trim(voice.speak(sentence.spoken, sentence.phonemes))
        if not any(said.pcm):
            return  # silence tells nothing
        found = align(resampled(said.pcm, said.rate), [trim(reference.speak(sentence.spoken))], judge=False)
        starts = {word.begin: word.start for word in found.words[0]} if found else {}
        yield from (1000 * abs(word.start - starts[word.begin]) for word in said.words if word.begin in starts)


def _paces(deck: Deck, timeline: Timeline) -> Iterator[tuple[str, float, int, float]]:
    slides = slides_by_step(deck)
    for index in dict.fromkeys(slides[scene.frame.step].index for scene in timeline.scenes):
        scenes = [scene for scene in timeline.scenes if slides[scene.frame.step].index == index]
        words = sum(len(scene.take.text.split()) for scene in scenes)
        spoken = sum(scene.take.seconds for scene in scenes)
        shown = sum(scene.count for scene in scenes) / timeline.fps
        yield slides[scenes[0].frame.step].label, shown, words, 60 * words / spoken if spoken else 0.0


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def _told(row: Row) -> str:
    paces = [pace for _, _, words, pace in row.paces if words]
    words = sum(len(take.text.split()) for take in row.takes)
    spoken = sum(take.seconds for take in row.takes)
    minutes, seconds = divmod(round(row.timeline.seconds), 60)
    errors = "       –"
    if row.errors:
        errors = f"{statistics.median(row.errors):4.0f} {np.quantile(row.errors, 0.95):4.0f}"
    pace = f"{60 * words / spoken:4.0f} ({min(paces):.0f}–{max(paces):.0f})" if spoken else "–"
    loud = f"{row.loudness:6.2f} {row.peak:6.2f}"
    length = f"{minutes:3}:{seconds:02}"
    return f"{row.voice:<26} {length}  {pace:<15} {loud}   {errors}   {row.captions:4} {row.broken:4}   {row.cpu:6.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("chapter", nargs="?", type=Path, default=CHAPTER)
    parser.add_argument("--voice", action="append", help="as behind `voice:`; without it, each engine that works here")
    parser.add_argument("--only", default="", help="slides, such as 1-5")
    parser.add_argument("--slides", action="store_true", help="the pace of each slide, too")
    asked = parser.parse_args()
    works = [name for name, there in engines.survey("en") if there.works and name not in engines.ONLINE]
    rows = [measure(asked.chapter, voice, asked.only) for voice in asked.voice or works]
    print("voice                      length  words/min       LUFS   dBTP    median 95 %   captions     CPU")
    print("                                   (by slide)                   error ms      all broken    s")
    for row in rows:
        print(_told(row))
    if asked.slides:
        for number, (label, *_) in enumerate(rows[0].paces):
            told = (f"{row.paces[number][1]:5.1f} s {row.paces[number][3]:4.0f}/min" for row in rows)
            print(f"{label[:46]:<46} {'   '.join(told)}")


if __name__ == "__main__":
    main()
