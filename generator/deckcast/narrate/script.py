"""What each step says, and what the author should know of it before a voice does."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from deckcast.config import pairs_of
from deckcast.errors import NarrationError, raise_all
from deckcast.markup import Block, Dialect, Span, to_text, value_of
from deckcast.model import Content, Deck, Finding, Results, Step, Timeline, Where, proses
from deckcast.outline import slides_by_step
from deckcast.places import source_line
from deckcast.pointing import hidden, lost
from deckcast.settings import Settings
from deckcast.spoken import Script, Slip, read
from deckcast.timeline import groups

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def script_of(deck: Deck, step: Step, settings: Settings, results: Results) -> Script:
    """The step's sentences, with the values that cells gave."""
    narration = settings.narration
    return read(
        spoken_blocks(step.notes, Dialect.of(deck, settings.slides), results),
        settings.lesson.language,
        narration.lexicon,
        sentence_pause=narration.sentence_pause,
        paragraph_pause=narration.paragraph_pause,
    )


def spoken_blocks(notes: Content, dialect: Dialect, results: Results) -> tuple[Block, ...]:
    """The words of some notes, with the values that cells gave."""

    def value(span: Span) -> str | None:
        return value_of(span, results)

    return to_text(notes, dialect, inline=value)


def find(deck: Deck, steps: Sequence[Step], scripts: Sequence[Script]) -> tuple[Finding, ...]:
    """What is odd about the scripts of some steps. Raises `NarrationError` for marks that cannot be followed at all."""
    slips = [(step, slip) for step, script in zip(steps, scripts, strict=True) for slip in script.slips]
    raise_all(_error(step, slip) for step, slip in slips if slip.severity == "error")
    found = [_slipped(step, slip) for step, slip in slips]
    found += [
        _nothing_to_say(step)
        for step, script in zip(steps, scripts, strict=True)
        if not script.sentences and _has_words(step.notes)
    ]
    found += _idle_clicks(deck, steps, scripts)
    if len(steps) == len(deck.steps):
        found += _unused(deck, frozenset(word for script in scripts for word in script.used))
    return tuple(found)


def unpointed(deck: Deck, timeline: Timeline) -> tuple[Finding, ...]:
    """Every mark of the notes that points at what the slide does not show then, or while something else moves."""
    steps = {step.index: step for step in deck.steps}
    found: list[Finding] = []
    for scene, point, near in lost(timeline):
        step = steps[scene.frame.step]
        mark = f'[point "{point.words}"]'
        where, line, width = mark_at(step, point.where, mark)
        hint = f"the nearest words on it are “{textwrap.shorten(near, 80, placeholder=' …')}”" if near else ""
        message = f"`{mark}` finds nothing: the slide does not show these words then"
        found.append(Finding("narration-point", "warning", message, where, line, width, hint))
    known = {one.where for one in found}
    for scene, point in hidden(timeline):
        mark = f'[point "{point.words}"]'
        where, line, width = mark_at(steps[scene.frame.step], point.where, mark)
        if where not in known:
            message = f"`{mark}` does not show: something else moves on the slide for as long as it would"
            hint = "let that end earlier, such as with `zoom: 1.3 for 4s`, or take the mark out"
            found.append(Finding("motion-two", "warning", message, where, line, width, hint))
    return tuple(found)


def mark_at(step: Step, where: Where | None, mark: str, after: int = 0) -> tuple[Where, str, int]:
    """Where a mark stands exactly, its line and width; `where` is near it, on its line if it is known.

    `after` so many of its like at the same place.
    """
    if where is None:
        return step.where, "", 1
    line = source_line(step.notes, where)
    at = line.lower().find(mark.lower(), where.column - 1)
    for _ in range(after):
        at = line.lower().find(mark.lower(), at + 1)
    return (Where(where.path, where.line, at + 1), line, len(mark)) if at >= 0 else (where, line, 1)


def _slipped(step: Step, slip: Slip) -> Finding:
    where, line, width = mark_at(step, slip.where, slip.mark)
    return Finding("narration-mark", slip.severity, slip.message, where, line, width, slip.hint)


def _error(step: Step, slip: Slip) -> NarrationError:
    where, line, width = mark_at(step, slip.where, slip.mark)
    return NarrationError(slip.message, where=where, line=line, width=width, hint=slip.hint, code="narration-mark")


def _idle_clicks(deck: Deck, steps: Sequence[Step], scripts: Sequence[Script]) -> Iterator[Finding]:
    """Clicks for which there is no step to show. Steps of slides that are not here as a whole are left alone."""
    spoken = [bool(script.sentences) for script in scripts]
    slides = slides_by_step(deck)
    here = {step.index for step in steps}
    for group in groups(steps, spoken):
        if group.speaker is None:
            continue
        step, script = steps[group.speaker], scripts[group.speaker]
        if not all(one.index in here for one in slides[step.index].steps):
            continue
        able = group.end - group.begin - 1
        for number, place in enumerate(script.clicks[able:], able):
            where, line, width = mark_at(step, place, "[click]", script.clicks[:number].count(place))
            yield Finding(
                "narration-click",
                "warning",
                "`[click]` shows nothing: no step without notes is left to be shown on this slide",
                where,
                line,
                width,
                "part what is to appear from what is there by `--`, or take the mark out",
            )


def _unused(deck: Deck, used: frozenset[str]) -> Iterator[Finding]:
    """Entries of the deck's own lexicon; that of a project serves many decks."""
    for option in deck.options:
        for word in pairs_of(option, "narration.lexicon"):
            if word not in used:
                at = max(option.line.find(word), 0)
                yield Finding(
                    "narration-lexicon",
                    "note",
                    f"the notes never say `{word}`",
                    Where(option.where.path, option.where.line, at + 1),
                    option.line,
                    len(word),
                    "a word with a capital letter is looked for just as it is written, any other in any case",
                )


def _has_words(content: Content) -> bool:
    """Whether the author wrote anything but comments."""
    return any(_COMMENT.sub("", prose.text).strip() for prose in proses(content))


def _nothing_to_say(step: Step) -> Finding:
    places = [
        (origin, text)
        for prose in proses(step.notes)
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True)
        if text.strip()
    ]
    where, line = places[0]
    return Finding(
        "narration-empty",
        "warning",
        "these notes hold nothing that can be spoken",
        where,
        line,
        max(len(line), 1),
        "pictures, code blocks and signs are not spoken: add a sentence, or take the notes out",
    )
