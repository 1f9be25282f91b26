"""The code of a lesson's live cells, to be read and copied, each with where it ran. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from deckcast.harmless import unturned
from deckcast.model import Deck, Provenance, Result, Results
from deckcast.outline import slides_by_step


@dataclass(frozen=True, slots=True)
class Listing:
    """A cell that a slide shows."""

    number: int
    slide: int
    """`Slide.index`."""
    name: str
    language: str
    source: str
    html: str
    """The source with its colours, in Pygments' short classes."""
    ran: str
    """Machine, language, day, seconds; empty for a cell that did not run."""
    packages: str
    lacking: str


def listings(
    deck: Deck, shown: Collection[int], results: Results, words: Mapping[str, str]
) -> tuple[tuple[Listing, ...], int]:
    """The cells whose code the slides of these numbers show, and how many others these have, which the author keeps to
    herself."""
    slides = slides_by_step(deck)
    found: list[Listing] = []
    hidden = 0
    for cell, result in results.cells:
        if cell.step not in slides or slides[cell.step].index not in shown or not cell.source.strip():
            continue
        if not cell.echo or cell.output == "only":
            hidden += 1
            continue
        ran, packages = _ran(result, words)
        found.append(
            Listing(
                len(found) + 1,
                slides[cell.step].index,
                cell.name,
                cell.language,
                cell.source,
                coloured(cell.source, cell.language),
                ran,
                packages,
                ", ".join(result.lacking),
            )
        )
    return tuple(found), hidden


def coloured(source: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import TextLexer, get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    return highlight(unturned(source), lexer, HtmlFormatter(nowrap=True)).rstrip("\n")


def _ran(result: Result, words: Mapping[str, str]) -> tuple[str, str]:
    """Where, with what and when, in one line; and the packages."""
    provenance = result.provenance
    if provenance is None:
        return "", ""
    memory = f"{result.peak / 1e6:.0f} MB {words['memory']}" if result.peak else ""
    parts = [_machine(provenance), provenance.language or provenance.kernel, _seconds(result.seconds), memory]
    return " · ".join([*filter(None, parts), provenance.date[:10]]), ", ".join(
        f"{name} {version}" for name, version in provenance.versions
    )


def _machine(provenance: Provenance) -> str:
    return ", ".join(filter(None, [provenance.devices, provenance.cpu, provenance.system]))


def _seconds(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
