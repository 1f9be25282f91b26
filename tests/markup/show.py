"""Markup as text, for test cases; the input is a deck whose first step counts."""

from __future__ import annotations

from deckcast.markup import Code, Dialect, plain_code, to_html, to_text
from deckcast.model import Where
from deckcast.parse import parse
from deckcast.settings import SlidesSettings


def html(given: str) -> str:
    """The HTML, then references, findings, and code blocks with marked lines."""
    deck = parse(given.removesuffix("\n"), "deck.md")
    codes: list[str] = []

    def paint(code: Code) -> str:
        marked = ",".join(str(number) for number in sorted(code.marked))
        if code.info or marked:
            codes.append(f"code {code.language!r} {code.info!r} marked [{marked}] at {_place(code.where)}")
        return plain_code(code)

    step = deck.steps[0]
    markup = to_html(step.content, Dialect.of(deck, SlidesSettings()), code=paint)
    references = [f"{one.kind} {one.url!r} {one.alt!r} at {_place(one.where)}" for one in markup.references]
    findings = [f"{one.code} at {_place(one.where)}+{one.width}: {one.message}; {one.hint}" for one in markup.findings]
    return "\n".join([markup.html.strip("\n"), *codes, *references, *findings])


def words(given: str) -> str:
    """Each block with its spans: `kind text kind text …`."""
    deck = parse(given.removesuffix("\n"), "deck.md")
    step = deck.steps[0]
    blocks = to_text(step.content, Dialect.of(deck, SlidesSettings()))
    return "\n".join(
        f"{block.kind}: " + " ".join(f"{span.kind}@{_place(span.where)}[{span.text}]" for span in block.spans)
        for block in blocks
    )


def _place(where: Where | None) -> str:
    return "-" if where is None else f"{where.line}:{where.column}"
