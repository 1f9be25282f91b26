"""A deck as text, for test cases."""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.model import Box, Content, Deck, Finding, Step, Where


def dump(deck: Deck) -> str:
    return "\n".join(_lines(deck))


def _lines(deck: Deck) -> Iterator[str]:
    for option in deck.options:
        yield f"option {option.name} = {option.value!r} ({place(option.where)})"
    for slide in deck.slides:
        yield slide.label
        for step in slide.steps:
            yield from _step(step)
    for link in deck.links:
        yield f"link [{link.id}] {link.url} {link.title!r} ({place(link.where)})"
    if deck.backslash_formulas:
        yield "formulas are written for Markdown"
    for finding in deck.findings:
        yield finding_line(finding)


def _step(step: Step) -> Iterator[str]:
    increment = " continues" if step.increment else ""
    yield f"  step {step.index} shows {step.number} at {place(step.where)}{increment}"
    for item in step.properties:
        yield f"    {item.key}: {item.value} ({place(item.where)})"
    yield from (f"    | {line}" for line in outline(step.content).strip("\n").split("\n") if line)
    yield from (f"    ? {line}" for line in outline(step.notes).strip("\n").split("\n") if line)


def outline(content: Content) -> str:
    """Content classes as `<a b: …>` and, for blocks, `<<a b: …>>`."""
    parts: list[str] = []
    for piece in content:
        if isinstance(piece, Box):
            opening, closing = ("<<", ">>") if piece.block else ("<", ">")
            parts.append(f"{opening}{' '.join(piece.classes)}: {outline(piece.content)}{closing}")
        else:
            parts.append(piece.text)
    return "".join(parts)


def finding_line(finding: Finding) -> str:
    where = "" if finding.where is None else f" {place(finding.where)}+{finding.width}"
    return f"{finding.severity} {finding.code}{where}: {finding.message}; {finding.hint}"


def place(where: Where) -> str:
    return f"{where.line}:{where.column}"
