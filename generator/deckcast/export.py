"""A chapter's slides as files to present, to print or to show elsewhere, or its whole lesson as one file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast import config
from deckcast.build import begin, build, choose, read, run_code
from deckcast.errors import UsageError, storage_errors
from deckcast.keep import Keeper
from deckcast.labels import label, labelled
from deckcast.lock import exclusive
from deckcast.model import Deck, Finding, Frame, Step
from deckcast.outline import numbered, slides_by_step, with_values
from deckcast.pointing import pointed
from deckcast.ports import Progress
from deckcast.project import Chapter, lesson_name
from deckcast.publish import files, handout, package, presentation
from deckcast.render import render
from deckcast.run import find
from deckcast.shape import SIDE, shape_of
from deckcast.stepping import with_emphasis
from deckcast.workshop import Workshop

KINDS = ("html", "pdf", "png", "webp")
PACKAGES = {"zip": package.ZIP, "scorm": package.SCORM}
"""The lesson in one file, and its name."""
LARGEST = 2160
"""Pixels of a picture's shorter side, as the setting `video.size` allows."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file."""

    path: Path
    kind: str
    size: int
    """In bytes."""
    slide: int = 0
    """Of a picture: the slide's number among the deck's."""
    step: int = 0
    """Of a picture: its number among the slide's steps, from 1."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    files: tuple[Written, ...]
    slides: int
    findings: tuple[Finding, ...]


def export(
    chapter: str | Path | Chapter,
    kinds: Iterable[str],
    *,
    slides: str = "",
    every_step: bool = False,
    notes: bool = False,
    size: str = "",
    scale: float | None = None,
    target: str | Path | None = None,
    output: str | Path = "output",
    trust: bool = False,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    workshop: Workshop | None = None,
) -> Exported:
    """Writes `slides.html`, `handout.pdf`, `png/007.png`, `webp/007.webp` into `target`, or into the lesson's folder.

    `kinds` are some of `KINDS`, `slides` some of the deck's (`3-7,9`). Pictures and pages show each slide with all its
    steps, or `every_step` by itself; `notes` puts what the speaker says below the slides of the PDF. Pictures are as
    large as the lesson's, or of a `size` such as `1920x1080`, or `scale` times 1920 × 1080. What a build has drawn
    serves here, and the other way round. Raises `DeckcastError`.
    """
    wanted = [kind for kind in KINDS if kind in set(kinds)]
    if not wanted:
        raise UsageError("nothing is to be exported", hint="say what: --html, --pdf, --png, --webp, --zip or --scorm")
    job, given, shop, stages = begin(chapter, settings, progress, workshop)
    with stages.time("parse", 1):
        deck, chosen = read(job, given)
        if size or scale is not None:
            side = _side(size, scale, chosen.slides.ratio)
            deck, chosen = read(job, config.from_command_line({**(settings or {}), "video.size": side}))
    name = lesson_name(job, slides.replace(" ", ""), draft=False)
    folder = Path(target) if target is not None else Path(output) / name
    with labelled(deck):
        code = find(deck, chosen)
        deck = with_emphasis(deck, code.cells, chosen)
        steps = choose(deck, slides.replace(" ", ""), "--slides")
        keeper = Keeper(shop.store(chosen, Path(output)), stages.progress, job.name)
        results, ran = run_code(job, deck, chosen, code, keeper, stages, shop, trust=trust)
        deck = with_values(deck, results)
        with closing(shop.browser(chosen, stages.progress)) as browser:
            with stages.time("render", len(steps), keeper):
                frames, document, seen = render(
                    deck, steps, chosen, keeper, browser, shop.graphs(), job.templates, results, pointed(deck, chosen)
                )
            pdf = None
            if "pdf" in wanted:
                kind = "notes" if notes else "slides"
                with stages.time("print", 1, keeper):
                    pdf = handout(deck, document, chosen, results, keeper, browser, kind=kind, every_step=every_step)
        written: list[Written] = []
        with (
            exclusive(
                Path(output) / ".deckcast" / "locks" / name,
                lambda: stages.progress.say(f"another build is writing {folder}; waiting for it"),
            ),
            storage_errors("make the folder", folder),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            if "html" in wanted:
                page, beside = presentation(deck, document, chosen, results, keeper.read)
                written.append(_put(folder, "slides.html", "html", page.encode()))
                written += [_put(folder, film, "film", keeper.read(blob)) for film, blob in beside.items()]
            if pdf:
                written.append(_put(folder, "handout.pdf", "pdf", keeper.read(pdf)))
            for kind in wanted:
                if kind in ("png", "webp"):
                    written += _pictures(folder, kind, deck, steps, frames, keeper, every_step=every_step)
        keeper.remember()
    shown = {step.index for step in steps}
    return Exported(
        folder,
        tuple(written),
        sum(1 for slide in deck.slides if shown & {step.index for step in slide.steps}),
        tuple(dict.fromkeys(label((*ran, *seen), deck))),
    )


def export_lesson(
    chapter: str | Path | Chapter,
    kinds: Iterable[str],
    *,
    slides: str = "",
    target: str | Path | None = None,
    output: str | Path = "output",
    trust: bool = False,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    workshop: Workshop | None = None,
) -> Exported:
    """Builds a lesson with some of `PACKAGES`, and copies these into `target` where one is given.

    What is built already is not made again. Raises `DeckcastError`.
    """
    wanted = [kind for kind in PACKAGES if kind in set(kinds)]
    lesson = build(
        chapter,
        output=output,
        only=slides,
        trust=trust,
        settings={**(settings or {}), **{f"publish.{kind}": True for kind in wanted}},
        progress=progress,
        workshop=workshop,
    )
    written = []
    for kind in wanted:
        path = lesson.folder / PACKAGES[kind]
        if target is not None:
            copy = Path(target) / f"{lesson.name}{path.name.removeprefix('lesson')}"
            with storage_errors("write", copy):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            path = copy
        written.append(Written(path, kind, path.stat().st_size))
    return Exported(lesson.folder, tuple(written), lesson.slides, lesson.findings)


def _put(folder: Path, name: str, kind: str, data: bytes) -> Written:
    _, size = files.put(folder, name, data)
    return Written(folder / name, kind, size)


def _pictures(
    folder: Path,
    kind: str,
    deck: Deck,
    steps: Sequence[Step],
    frames: Sequence[Frame],
    keeper: Keeper,
    *,
    every_step: bool,
) -> list[Written]:
    slides = slides_by_step(deck)
    written: list[Written] = []
    for step, frame in zip(steps, frames, strict=True):
        slide = slides[step.index]
        number = 1 + next(at for at, one in enumerate(slide.steps) if one.index == step.index)
        if not every_step and number < len(slide.steps):
            continue
        many = len(str(max(len(one.steps) for one in deck.slides)))
        name = numbered(deck, slide) + (f"-{number:0{many}}" if every_step and many else "")
        data = keeper.read(frame.image)
        done = _put(folder, f"{kind}/{name}.{kind}", kind, data if kind == "png" else _webp(data))
        written.append(Written(done.path, kind, done.size, slide.index, number, frame.width, frame.height))
    return written


def _webp(png: bytes) -> bytes:
    """The same picture without loss."""
    from PIL import Image

    file = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.save(file, "WEBP", lossless=True, quality=80, method=4)
    return file.getvalue()


def _side(size: str, scale: float | None, ratio: str) -> int:
    """The shorter side of the pictures that are asked for. Raises `UsageError` for a size that slides do not have."""
    if size and scale is not None:
        raise UsageError(f"--size {size} and --scale {scale:g} say the same twice", hint="give one of them")
    if scale is not None:
        side = round(SIDE * scale)
        if not 240 <= side <= LARGEST:
            raise UsageError(
                f"--scale {scale:g}: pictures would be {side} pixels on the shorter side",
                hint=f"they may have 240 to {LARGEST}, which is --scale 0.25 to 2",
            )
        return side
    width, _, height = size.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError(f"--size {size}: this is no size", hint="write it like --size 1920x1080")
    side = min(int(width), int(height))
    if not 240 <= side <= LARGEST:
        raise UsageError(f"--size {size}: the shorter side has {side} pixels", hint=f"it may have 240 to {LARGEST}")
    shape = shape_of(ratio, side)
    fits = round(shape.width * shape.scale), round(shape.height * shape.scale)
    if fits != (int(width), int(height)):
        raise UsageError(
            f"--size {size}: the deck's slides are {ratio}", hint=f"that would be --size {fits[0]}x{fits[1]}"
        )
    return side
