"""Links that lead nowhere. Told by the text alone, so that every build can."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject
from deckcast.markup.protect import code_regions
from deckcast.model import Deck, Where, proses
from deckcast.theme import is_folder, is_there

_INLINE = re.compile(
    r"(?P<picture>!?)\[(?:[^\[\]\n]|\[[^\[\]\n]*\](?:\([^()\n]*\))?)*\]\(<?(?P<url>[^()<>\s\"]+(?:\([^()\s]*\))?)"
)
_RAW = re.compile(r"<a\s[^<>]*?\bhref\s*=\s*[\"'](?P<url>[^\"'<>]+)[\"']", re.I)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_ID = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\s\"'>]+)")


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    where: Where
    slide: str


@rule(
    "link-anchor",
    "error",
    bad="""
    name: goals

    # Goals

    As [said before](#gaols).
    """,
    good="""
    name: goals

    # Goals

    As [said before](#goals).
    """,
)
def anchor(subject: Subject) -> Iterator[Hit]:
    """A link to a slide names none.

    `#name` is a slide with the property `name: name`, `#7` the seventh step of the deck. remark opens its first slide
    for a name that it does not know.
    """
    names = {step.name for step in subject.deck.steps if step.name}
    count = sum(not step.focus for step in subject.deck.steps)
    known: set[str] | None = None
    for link in _links(subject.deck):
        if not link.url.startswith("#") or link.url == "#":
            continue
        name = unquote(link.url[1:])
        number = re.fullmatch(r"p?(\d+)", name, re.ASCII)
        if name in names or (number and 1 <= int(number[1]) <= count):
            continue
        known = _ids(subject.deck) if known is None else known
        if name in known:
            continue
        if number:
            message, hint = f"there is no slide {number[1]}", f"the deck has 1 to {count}"
        else:
            near = difflib.get_close_matches(name, sorted(names), n=1)
            message = f"no slide has the name `{name}`"
            hint = f"did you mean `#{near[0]}`?" if near else f"give it to one: `name: {name}` at its top"
        yield Hit(message, link.where, width=len(link.url), hint=hint, slide=link.slide)


@rule(
    "link-file",
    "error",
    bad="""
    # Try it

    The [exercises](files/exercises.ipnb) are in a notebook.
    """,
    good="""
    # Try it

    The [exercises](files/exercises.ipynb) are in a notebook.
    """,
)
def file(subject: Subject) -> Iterator[Hit]:
    """A link names a file that is not there.

    Links to files are looked for from the deck's folder on. Missing pictures stop a build by themselves, and so have no
    rule here; addresses on the web are not looked up.
    """
    for link in _links(subject.deck):
        if link.url.startswith("#") or _SCHEME.match(link.url):
            continue
        name = unquote(link.url.partition("#")[0].partition("?")[0])
        if not name or "{" in name:
            continue
        path = subject.deck.folder / name
        if is_there(path):
            continue
        others = sorted(one.name for one in path.parent.iterdir()) if is_folder(path.parent) else []
        same = [one for one in others if one.lower() == path.name.lower()]
        near = same or difflib.get_close_matches(path.name, others, n=1)
        hint = f"did you mean `{name.removesuffix(path.name)}{near[0]}`?" if near else f"put it there: {path}"
        message = f"there is no file {name} beside the deck"
        yield Hit(message, link.where, width=len(link.url), hint=hint, slide=link.slide)


def _links(deck: Deck) -> Iterator[_Link]:
    """Every link that a reader could follow, once, wherever it stands but in code."""
    seen: set[Where] = set()
    for slide in deck.slides:
        for content in (slide.steps[-1].content, *(step.notes for step in slide.steps)):
            for prose in proses(content):
                if "](" not in prose.text and "<a" not in prose.text:
                    continue
                regions = [(one.begin, one.end) for one in code_regions(prose.text)]
                for match in (*_INLINE.finditer(prose.text), *_RAW.finditer(prose.text)):
                    at = match.start("url")
                    if match.groupdict().get("picture") or any(begin <= at < end for begin, end in regions):
                        continue
                    line = prose.text.count("\n", 0, at)
                    origin = prose.origins[line]
                    column = origin.column + at - (prose.text.rfind("\n", 0, at) + 1)
                    where = Where(origin.path, origin.line, column)
                    if where not in seen:
                        seen.add(where)
                        yield _Link(match["url"], where, slide.label)
    for link in deck.links:
        yield _Link(link.url, link.where, "")


def _ids(deck: Deck) -> set[str]:
    """Names that raw HTML gives to its elements."""
    return {
        name
        for slide in deck.slides
        for prose in proses(slide.steps[-1].content)
        if "<" in prose.text
        for name in _ID.findall(prose.text)
    }


RULES = (anchor, file)
