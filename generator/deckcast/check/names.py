"""Names that mean nothing, where it is clear which one was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject
from deckcast.config import PROPERTIES
from deckcast.model import Box, Content, Where, proses

_KNOWN = PROPERTIES | {"check"}
_SURE = 0.8
"""From which likeness on a name is taken for a slip of another one."""
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_VARIABLE = re.compile(r"\{\{[ \t]*([A-Za-z0-9_-]+)[ \t]*\}\}")


@rule(
    "property-unknown",
    "warning",
    bad="""
    backgroud-color: black

    # Night
    """,
    good="""
    background-color: black

    # Night
    """,
)
def unknown(subject: Subject) -> Iterator[Hit]:
    """A slide's property looks like a misspelt one.

    Names of your own are allowed, for `{{ name }}`: only those are told that nothing uses and that nearly are a known
    one.
    """
    used = {
        name
        for step in subject.deck.steps
        for prose in proses(step.content)
        if "{{" in prose.text
        for name in _VARIABLE.findall(prose.text)
    }
    told: set[Where] = set()
    for step in subject.deck.steps:
        for item in step.properties:
            if item.key in _KNOWN or item.key in used or item.where in told:
                continue
            near = difflib.get_close_matches(item.key, sorted(_KNOWN), n=1, cutoff=_SURE)
            if near:
                told.add(item.where)
                column = max(item.where.column - len(item.key) - 2, 1)
                where = Where(item.where.path, item.where.line, column)
                message = f"there is no property `{item.key}`"
                yield Hit(message, where, width=len(item.key), hint=f"did you mean `{near[0]}`?")


@rule(
    "class-unknown",
    "warning",
    bad="""
    class: midle

    # In the middle
    """,
    good="""
    class: middle

    # In the middle
    """,
)
def classes(subject: Subject) -> Iterator[Hit]:
    """A class is in no style sheet, but nearly one that is.

    Looked at are the theme, the deck's own style sheets and its `<style>` elements. Other classes that nobody styles
    are left alone: they may be there for other tools.
    """
    if not subject.styles:
        return
    own = " ".join(
        prose.text for step in subject.deck.steps for prose in proses(step.content) if "<style" in prose.text
    )
    known = frozenset(_CLASS.findall(_COMMENT.sub("", f"{subject.styles} {own}")))
    told: set[tuple[str, Where]] = set()
    for step in subject.deck.steps:
        found = step.properties.find("class")
        named = [(name, found.where) for name in step.properties.classes] if found else []
        for name, where in (*named, *_boxes(step.content)):
            if name in known or (name, where) in told:
                continue
            told.add((name, where))
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=_SURE)
            if near and not _numbered(name, near[0]):
                yield Hit(f"no style sheet has the class `{name}`", where, hint=f"did you mean `{near[0]}`?")


def _numbered(name: str, other: str) -> bool:
    """Whether they only differ in figures: `col-13` is no slip of `col-12`, but one more."""
    return re.sub(r"\d+", "0", name) == re.sub(r"\d+", "0", other)


def _boxes(content: Content) -> Iterator[tuple[str, Where]]:
    for piece in content:
        if isinstance(piece, Box):
            yield from ((name, piece.where) for name in piece.classes)
            yield from _boxes(piece.content)


@rule(
    "name-twice",
    "warning",
    bad="""
    name: results

    # Results

    ---

    name: results

    # More results
    """,
    good="""
    name: results

    # Results

    ---

    name: more-results

    # More results
    """,
)
def twice(subject: Subject) -> Iterator[Hit]:
    """Two slides have one name.

    A link to it leads to one of them, and a `template` takes the nearest one above.
    """
    first: dict[str, str] = {}
    for slide in subject.deck.slides:
        for step in slide.steps:
            found = step.properties.find("name")
            if not step.name or found is None:
                continue
            if step.name in first:
                message = f"{first[step.name]} has the name `{step.name}` already"
                yield Hit(message, found.where, width=len(found.value), hint="give each slide a name of its own")
            first.setdefault(step.name, slide.label)


RULES = (unknown, classes, twice)
