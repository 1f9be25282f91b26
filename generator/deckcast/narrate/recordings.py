"""Which of the author's own sound files is heard on which slide or step."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deckcast.errors import AssetError, ConfigError, DeckcastError, raise_all
from deckcast.model import Deck, Finding, Slide
from deckcast.settings import Settings
from deckcast.sound_file import SUFFIXES

_NUMBER = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_STEP = re.compile(r"(.+)-(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recording:
    """One file, and what it is heard over."""

    path: Path
    name: str
    """As the author sees it from the deck: `audio/007.wav`."""
    steps: tuple[int, ...]
    """`Step.index` of the step, or of all steps of its slide."""


def find(deck: Deck, settings: Settings) -> tuple[tuple[Recording, ...], tuple[Finding, ...]]:
    """The deck's recordings in the order of their steps, and what is odd about the folder's files.

    Raises `ConfigError` for a folder outside the deck's, `AssetError` for files that are in each other's way.
    """
    folder, shown = _folder(deck, settings)
    names = _names(deck)
    found: list[Recording] = []
    findings: list[Finding] = []
    for path in _files(folder, shown):
        name = f"{shown}/{path.name}"
        steps = _steps(deck, names, unicodedata.normalize("NFC", path.stem))
        if isinstance(steps, str):
            findings.append(Finding("recording-stray", "warning", f"{name} is heard nowhere: {steps}", hint=_NAMES))
        else:
            found.append(Recording(path, name, steps))
    raise_all(_clashes(deck, found))
    return tuple(sorted(found, key=lambda one: one.steps)), tuple(findings)


_NAMES = "a recording is named after its slide: `007.wav`, `007-2.wav` for its second step, or `intro.wav` by its name"


def _folder(deck: Deck, settings: Settings) -> tuple[Path, str]:
    setting = settings.narration.recordings
    asked = PurePosixPath(setting.replace("\\", "/"))
    if asked.is_absolute() or ".." in asked.parts or not asked.parts or ":" in setting:
        raise ConfigError(
            f"`recordings` cannot be `{setting}`", hint="name a folder inside the deck's own, such as `audio`"
        )
    return deck.folder / asked, str(asked)


def _files(folder: Path, shown: str) -> list[Path]:
    try:
        every = sorted(folder.iterdir(), key=lambda path: path.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise AssetError(f"cannot look into {shown}: {reason}", hint="recordings are looked for there") from error
    return [
        path
        for path in every
        if path.suffix[1:].lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    ]


def _names(deck: Deck) -> dict[str, tuple[int, ...]]:
    """The steps that each name in the deck stands for: a slide's first step for the whole slide."""
    names: dict[str, tuple[int, ...]] = {}
    for slide in deck.slides:
        for number, step in enumerate(slide.steps):
            if step.name:
                steps = tuple(one.index for one in slide.steps) if number == 0 else (step.index,)
                names.setdefault(unicodedata.normalize("NFC", step.name), steps)
    return names


def _steps(deck: Deck, names: Mapping[str, tuple[int, ...]], stem: str) -> tuple[int, ...] | str:
    """What a file of that name is heard over, or why it is not."""
    if stem in names:
        return names[stem]
    numbered = _NUMBER.fullmatch(stem)
    if numbered:
        number = int(numbered[1])
        if not 1 <= number <= len(deck.slides):
            return f"the deck has {_many(len(deck.slides), 'slide')}"
        return _of_slide(deck.slides[number - 1], numbered[2])
    apart = _STEP.fullmatch(stem)
    if apart and apart[1] in names:
        first = names[apart[1]][0]
        slide = next(one for one in deck.slides if any(step.index == first for step in one.steps))
        return _of_slide(slide, apart[2])
    near = difflib.get_close_matches(stem, list(names), n=1)
    return f"no slide is named `{stem}`" + (f", but one is named `{near[0]}`" if near else "")


def _of_slide(slide: Slide, number: str | None) -> tuple[int, ...] | str:
    if number is None:
        return tuple(step.index for step in slide.steps)
    if not 1 <= int(number) <= len(slide.steps):
        return f"{slide.label} has {_many(len(slide.steps), 'step')}"
    return (slide.steps[int(number) - 1].index,)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _clashes(deck: Deck, found: Sequence[Recording]) -> Iterator[DeckcastError]:
    """A step that is heard in two files."""
    slides = {step.index: slide for slide in deck.slides for step in slide.steps}
    for at, one in enumerate(found):
        for other in found[:at]:
            both = set(one.steps) & set(other.steps)
            if not both:
                continue
            slide = slides[min(both)]
            place = slide.label
            alike = one.steps == other.steps
            if alike and len(one.steps) < len(slide.steps):
                place = f"step {one.steps[0] - slide.steps[0].index + 1} of {place}"
            yield AssetError(
                f"{other.name} and {one.name} are both recordings of {place}"
                if alike
                else f"{other.name} and {one.name} are in each other's way: one is for all of {place}, one for a step",
                where=slide.where,
                hint="take one of them away" if alike else "record the slide as a whole, or each of its steps",
                code="recording-twice",
            )
