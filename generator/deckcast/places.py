"""Where something stands in the author's own text. Pure."""

from __future__ import annotations

from deckcast.model import Content, Slide, Where, proses


def place(content: Content, needle: str) -> Where | None:
    """Where the words first stand in the author's text."""
    for item in proses(content):
        at = item.text.find(needle)
        if at >= 0 and needle:
            line = item.text.count("\n", 0, at)
            begin = item.origins[line]
            return Where(begin.path, begin.line, begin.column + at - (item.text.rfind("\n", 0, at) + 1))
    return None


def first_step(slide: Slide, where: Where) -> int:
    """The number, from 0, of the slide's first step that holds the author's line; of the last one where none does."""
    for number, step in enumerate(slide.steps):
        for prose in proses(step.content):
            if any((origin.path, origin.line) == (where.path, where.line) for origin in prose.origins):
                return number
    return len(slide.steps) - 1


def source_line(content: Content, where: Where) -> str:
    """The author's line at a place in the content; empty where it is not found."""
    for prose in proses(content):
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True):
            if (origin.path, origin.line) == (where.path, where.line):
                return " " * (origin.column - 1) + text
    return ""


def top(slide: Slide) -> tuple[Where, str, int]:
    """The slide's heading, or else its first line that holds anything: its place, line and width."""
    lines = [
        (origin, text)
        for prose in proses(slide.steps[-1].content)
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True)
        if text.strip()
    ]
    headings = [one for one in lines if slide.title and one[1].lstrip().startswith("#")]
    for origin, text in [*headings, *lines][:1]:
        blanks = len(text) - len(text.lstrip())
        where = Where(origin.path, origin.line, origin.column + blanks)
        return where, " " * (origin.column - 1) + text, len(text.strip())
    return slide.where, "", 1
