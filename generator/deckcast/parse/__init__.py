"""Text → Deck: the remark slide format, in the order of FORMAT section 1.

    deck = parse(text, "presentation.md")
    deck = read([Path("presentation.md")])

Where options in the front matter change how the deck is read, lay the settings first:

    script = load([Path("presentation.md")])
    settings = overlay(Settings(), from_options(script.options))
    deck = compose(script, settings.slides)

What cannot be read raises `DeckError` (several mistakes together: `Several`); what is only strange
is a `Finding` in `Deck.findings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckcast.callable_module import make_callable
from deckcast.errors import DeckcastError, DeckError, raise_all
from deckcast.markup.formulas import find_formulas
from deckcast.markup.title import title_of
from deckcast.model import Box, Deck, Finding, Link, Option, Where
from deckcast.parse import data, front_matter
from deckcast.parse.clean import join, originals_of, without_common_indent
from deckcast.parse.inherit import inherit
from deckcast.parse.macros import BUILT_IN, Call, Macro
from deckcast.parse.manuscript import Findings, Line, Manuscript
from deckcast.parse.number import slides_of
from deckcast.parse.properties import Slip, take_properties
from deckcast.parse.sources import lines_in, read_text
from deckcast.parse.split import split
from deckcast.settings import SlidesSettings

__all__ = [
    "BUILT_IN",
    "Call",
    "Macro",
    "Script",
    "as_json",
    "check_not_empty",
    "compose",
    "load",
    "parse",
    "read",
    "script_of",
]

_DEFAULTS = SlidesSettings()


@dataclass(frozen=True, slots=True)
class Script:
    """A deck's text, cleaned, its front matter taken off."""

    path: str
    """Of the first file."""
    folder: Path
    options: tuple[Option, ...]
    """Of all files' front matters, in order."""
    manuscript: Manuscript
    findings: tuple[Finding, ...] = ()


def script_of(texts: Sequence[tuple[str, str]], folder: Path | None = None) -> Script:
    """The script in (path, text) of each file, in order. Raises `DeckError`, or `Several` for several files."""
    files: list[tuple[str, Sequence[Line]]] = []
    options: list[Option] = []
    originals: dict[str, Sequence[str]] = {}
    findings: list[Finding] = []
    errors: list[DeckcastError] = []
    for path, text in texts:
        originals[path] = originals_of(text)
        try:
            lines = without_common_indent(lines_in(text, path))
            top = front_matter.split(path, lines, originals[path])
        except DeckError as error:
            errors.append(error)
            continue
        options.extend(top.options)
        findings.extend(top.findings)
        files.append((path, top.lines))
    raise_all(errors)
    path = texts[0][0] if texts else "<text>"
    return Script(
        path, folder or Path(path).parent, tuple(options), Manuscript(join(files), originals), tuple(findings)
    )


def load(paths: Sequence[Path], *, folder: Path | None = None) -> Script:
    """The script in some files. Raises `DeckError` for a file that cannot be read, `Several` for more of them."""
    texts: list[tuple[str, str]] = []
    errors: list[DeckcastError] = []
    for path in paths:
        try:
            texts.append((str(path), read_text(path)))
        except DeckError as error:
            errors.append(error)
    raise_all(errors)
    return script_of(texts, folder)


def _slips(
    script: Script, findings: Findings, macros: Mapping[str, Macro]
) -> tuple[tuple[Slip, ...], tuple[Link, ...]]:
    """The slides as written, before anything is inherited or left out, and the deck's reference definitions."""
    drafts, links = split(script.manuscript, findings, macros)
    return take_properties(drafts, script.manuscript, findings), links


def compose(script: Script, slides: SlidesSettings = _DEFAULTS, *, macros: Mapping[str, Macro] = BUILT_IN) -> Deck:
    """The deck that a script makes. Raises `DeckError`."""
    findings = Findings(script.manuscript)
    slips, links = _slips(script, findings, macros)
    wholes = inherit(slips, script.manuscript, findings)
    escaped = "\\_" in script.manuscript.text and _escaped_formulas(script.manuscript.text)
    return Deck(
        script.path,
        script.folder,
        slides_of(wholes, script.manuscript, slides, title_of),
        links,
        script.options,
        (*script.findings, *findings.all()),
        escaped,
    )


def _escaped_formulas(text: str) -> bool:
    """Whether the deck's formulas are written for Markdown first (FORMAT 14.3)."""
    return any(formula.has_escapes for formula in find_formulas(text))


def parse(
    text: str,
    path: str | Path = "<text>",
    *,
    slides: SlidesSettings = _DEFAULTS,
    folder: Path | None = None,
    macros: Mapping[str, Macro] = BUILT_IN,
) -> Deck:
    """The deck in a text; `path` names it in messages and decides whether it is a page of HTML. Raises `DeckError`."""
    return compose(script_of([(str(path), text)], folder), slides, macros=macros)


def read(
    paths: Sequence[Path],
    *,
    slides: SlidesSettings = _DEFAULTS,
    folder: Path | None = None,
    macros: Mapping[str, Macro] = BUILT_IN,
) -> Deck:
    """The deck in some files, joined in order. Raises `DeckError`, also for a deck that shows nothing."""
    deck = compose(load(paths, folder=folder), slides, macros=macros)
    check_not_empty(deck)
    return deck


def check_not_empty(deck: Deck) -> None:
    """Raises `DeckError` when no slide shows or says anything."""
    for step in deck.steps:
        if step.properties.get("background-image") or step.properties.get("background-color"):
            return
        if any(isinstance(item, Box) or item.text.strip() for item in (*step.content, *step.notes)):
            return
    raise DeckError(
        "there is nothing to show in this deck",
        where=Where(deck.path, 1),
        hint="write a slide, such as `# Title`; slides are separated by lines of `---`",
        code="deck-empty",
    )


def as_json(
    script: Script,
    slides: SlidesSettings = _DEFAULTS,
    *,
    stage: str = "slides",
    macros: Mapping[str, Macro] = BUILT_IN,
) -> dict[str, Any]:
    """The deck as plain data, in the shape in which remark's reading of a deck is recorded.

    Stage `slides`: what is shown, with HTML; `parse`: each slide's own text, before anything is inherited.
    """
    if stage == "parse":
        return data.of_slips(_slips(script, Findings(script.manuscript), macros)[0])
    return data.of_deck(compose(script, slides, macros=macros))


make_callable(__name__)  # `deckcast.parse(text)`
