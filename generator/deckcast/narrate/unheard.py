"""What the notes of recorded steps ask for that a recording cannot follow, and where the two do not agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from deckcast.markup import Dialect, expression, find_code
from deckcast.model import Finding, Step, Where
from deckcast.narrate.recordings import Recording
from deckcast.narrate.script import mark_at
from deckcast.places import source_line
from deckcast.ports import Answer
from deckcast.spoken import Script


def unheard(
    one: Recording, steps: Sequence[Step], scripts: Mapping[int, Script], answer: Answer, dialect: Dialect
) -> Iterator[Finding]:
    """What the author should know of a recording over some steps; `scripts` are by `Step.index`."""
    facts = answer.facts
    where = steps[0].where
    if facts["wordless"]:
        told = f"{one.name} plays without captions: the slide has no notes"
        yield Finding("recording-notes", "warning", told, where, hint="write what is said behind `???`")
    elif not facts["fits"]:
        told = f"{one.name} does not seem to say what the notes say ({facts['why']})"
        hint = "captions follow the notes, in proportion to letters; record the slide again, or write what is said"
        yield Finding("recording-text", "warning", told, where, hint=hint)
    for step in steps:
        yield from _marks(one, step, scripts[step.index])
        yield from _values(one, step, dialect)


def _marks(one: Recording, step: Step, script: Script) -> Iterator[Finding]:
    rate = step.properties.find("rate")
    if rate:
        told = f"`rate` changes nothing in {one.name}"
        yield Finding("recording-mark", "note", told, rate.where, width=max(len(rate.value), 1))
    for number, (mark, where) in enumerate(script.manners):
        yield _mark(one, step, mark, where, script.manners[:number].count((mark, where)))
    words = sum(1 for said in script.sentences if said.spoken)
    places = [(mark, where) for mark, where, _ in script.pauses]
    for number, (mark, where, behind) in enumerate(script.pauses):
        if 0 < behind < words:
            told = "where you pause is in the recording; before or after all words a pause counts"
            yield _mark(one, step, mark, where, places[:number].count((mark, where)), told)


def _mark(one: Recording, step: Step, mark: str, near: Where | None, after: int, hint: str = "") -> Finding:
    where, line, width = mark_at(step, near, mark, after)
    return Finding("recording-mark", "note", f"`{mark}` changes nothing in {one.name}", where, line, width, hint)


def _values(one: Recording, step: Step, dialect: Dialect) -> Iterator[Finding]:
    for span in find_code(step.notes, dialect):
        if expression(span.text) is None or span.where is None:
            continue
        told = f"{one.name} says the value that was known when it was recorded, captions show this build's"
        line = source_line(step.notes, span.where)
        hint = "listen whether they agree"
        yield Finding("recording-value", "note", told, span.where, line, len(span.text), hint)
