"""Finds a deck's cells and inline values, in the order in which they run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from deckcast.errors import CellError, DeckcastError, raise_all
from deckcast.markup import Code, Dialect, Span, expression, find_code, option_lines, output_of, typed_of
from deckcast.model import Cell, Content, Deck, Finding, Inline, Slide, Where, proses
from deckcast.run.files import no_file
from deckcast.run.grammar import mistakes
from deckcast.run.imports import local_files
from deckcast.run.misses import misread, missed
from deckcast.run.options import TYPED_HINT, Options, read_words
from deckcast.run.places import Place, lines_of
from deckcast.run.quarto import DIAGRAMS, read_options
from deckcast.run.words import MAX_INFO, Info, Word, canonical, read_info
from deckcast.settings import Settings

__all__ = ["Found", "find", "local_files"]

SPOKEN_IN_SENTENCES = frozenset({"python", "r", "julia", "bash", "javascript"})
"""Languages of inline values that a deck may use without a cell in them; others in braces are taken for plain code."""
MAX_NEAR = 20
"""Mistakes for which the nearest real name is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """What runs in a deck."""

    cells: tuple[Cell, ...] = ()
    """In the order in which they run."""
    inlines: tuple[Inline, ...] = ()
    """By step; those of a step are evaluated when its cells have run."""
    findings: tuple[Finding, ...] = ()
    """Warnings."""

    @property
    def runs(self) -> bool:
        """Whether there is anything to run."""
        return bool(self.cells or self.inlines)


def find(deck: Deck, settings: Settings) -> Found:
    """Every cell and inline value of a deck. Raises all mistakes in their options and their grammar at once, as
    `CellError`s."""
    search = _Search(deck, settings)
    for slide in deck.slides:
        search.slide(slide)
    return search.finish()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A piece of code where it first stands."""

    found: Code | Span
    step: int
    notes: bool
    places: Mapping[tuple[str, int], Place]


@dataclass
class _Search:
    deck: Deck
    settings: Settings
    cells: list[Cell] = field(default_factory=list)
    spans: list[tuple[Inline, Place]] = field(default_factory=list)
    wanted: list[tuple[str, Where, Place]] = field(default_factory=list)
    """(name, where) of outputs that are shown elsewhere."""
    named: dict[str, Cell] = field(default_factory=dict)
    resting: dict[str, Where] = field(default_factory=dict)
    """Names of cells that are told not to run."""
    errors: list[DeckcastError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _known: dict[Where, str] = field(default_factory=dict)
    """What has been seen, by its place."""

    def __post_init__(self) -> None:
        self.dialect = Dialect.of(self.deck, self.settings.slides)
        self.live = frozenset(canonical(name) for name in self.settings.cells.exec)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def slide(self, slide: Slide) -> None:
        """A slide's last step holds all that the ones before show: it alone is read, and each step's notes."""
        contents = self._in_content(slide)
        for number, step in enumerate(slide.steps):
            new = [_Seen(code, step.index, False, places) for code, first, places in contents if first == number]
            if self._may_hold(step.notes):
                places = lines_of(step.notes)
                notes = find_code(step.notes, self.dialect)
                new += [_Seen(code, step.index, True, places) for code in notes]
            for seen in new:
                if isinstance(seen.found, Code):
                    self._block(seen, seen.found)
            for seen in new:
                if isinstance(seen.found, Span):
                    self._span(seen, seen.found)

    def _in_content(self, slide: Slide) -> list[tuple[Code | Span, int, Mapping[tuple[str, int], Place]]]:
        """Each code of a slide's content, and the number of its first step, from 0."""
        last = slide.steps[-1]
        if not self._may_hold(last.content):
            return []
        found = find_code(last.content, self.dialect)
        if not found:
            return []
        first: dict[tuple[str, int], int] = {}
        for number, step in enumerate(slide.steps):
            for place in lines_of(step.content):
                first.setdefault(place, number)
        places = lines_of(last.content)
        end = len(slide.steps) - 1
        return [
            (code, first.get((code.where.path, code.where.line), end) if code.where else end, places) for code in found
        ]

    def _may_hold(self, content: Content) -> bool:
        """A quick look: most slides hold nothing that runs, and need not be read for it."""
        return any(
            _MAY_HOLD.search(prose.text) is not None or (self.live and ("```" in prose.text or "~~~" in prose.text))
            for prose in proses(content)
        )

    # ── blocks ───────────────────────────────────────────────────────────────────────────────────

    def _block(self, seen: _Seen, code: Code) -> None:
        where = code.where
        if where is None or not code.info:
            return
        place = seen.places.get((where.path, where.line), Place(where))
        reference = output_of(code.info)
        if reference is not None:
            if self._is_new(where, code.info):
                self.wanted.append((reference, where, place))
            return
        info = read_info(code.info, place)
        said = info.has("exec") or (info.braces and info.language not in DIAGRAMS)
        if not said and (seen.notes or info.language not in self.live or code.info.startswith("{")):
            self._near_miss(info, code, place)
            self._check_typed(code, place)
            self._check_looks(info, code, place)
            return
        if not self._is_new(where, code.info + "\n" + code.text):
            return
        if info.first == "output":
            self._error("`{output}` is followed by the name of one cell", place, "{output}", "`{output} scores`")
            return
        if info.first.endswith(","):
            hint = f"blanks stand between the words: `{info.first.rstrip(',')} exec`"
            self._error(f"`{info.first[:40]}` is no language", place, info.first, hint)
            return
        if info.first == "exec" or "=" in info.first:
            hint = "the language comes first: `python exec`"
            self._error(f"`{info.first[:40]}` stands where the language belongs", place, info.first, hint)
            return
        if len(code.info) > MAX_INFO:
            hint = "write options into lines `#| name: value` below"
            self._error(f"more than {MAX_INFO} characters stand behind the fence", place, info.first, hint)
            return
        cell = self._cell(seen, code, info, where, said)
        if cell is not None:
            self.cells.append(cell)

    def _cell(self, seen: _Seen, code: Code, info: Info, where: Where, said: bool) -> Cell | None:
        lines = code.text.split("\n")
        lines = [] if lines == [""] else lines
        origins = [origin or where for origin in code.origins][: len(lines)]
        signed = option_lines(info.language, lines)
        words: tuple[Word, ...] = ()
        try:
            words = read_options(signed, lines[: len(signed)], origins[: len(signed)]) if signed else ()
        except CellError as error:
            self.errors.append(error)
        lines, origins = lines[len(signed) :], origins[len(signed) :]
        read = read_words(info.words, words, len(lines), lenient=not said)
        self.errors += read.errors
        self.findings += read.findings
        if read.exec is False:
            if read.name:
                self.resting.setdefault(read.name, where)
            return None
        if not "".join(lines).strip():
            message, hint = "this cell is empty", "write code between its marks, or take it out"
            self.findings.append(Finding("cell-empty", "warning", message, where, hint=hint))
            lines, origins = [], []
        self._check_files(read)
        cell = Cell(
            index=len(self.cells) + 1,
            language=info.language,
            source="\n".join(lines),
            lines=tuple(origins),
            where=where,
            step=seen.step,
            name=read.name,
            echo=read.echo,
            output=read.output,
            timeout=read.timeout,
            needs=read.needs,
            files=read.files,
            may_fail=read.may_fail,
            varies=read.varies,
            alt=read.alt,
            highlights=read.highlights,
            fold=read.fold if lines else None,
            typed=read.typed,
            numbers=read.numbers,
            title=read.title,
        )
        if cell.name:
            self._check_name(cell, read.said["name"])
        return cell

    def _check_name(self, cell: Cell, word: Word) -> None:
        first = self.named.setdefault(cell.name, cell)
        if first is not cell:
            message = f"two cells have the name `{cell.name}`: the other one is at {first.where}"
            self._told(message, word, "cell-name", "give each a name of its own")

    def _check_files(self, read: Options) -> None:
        for name in read.files:
            wrong = no_file(self.deck.folder, name, near=len(self.errors) < MAX_NEAR)
            if wrong is not None:
                self._told(wrong[0], read.said["files"], "cell-file", wrong[1])

    def _told(self, message: str, word: Word, code: str, hint: str) -> None:
        self.errors.append(CellError(message, where=word.where, line=word.line, width=word.width, hint=hint, code=code))

    def _error(self, message: str, place: Place, word: str, hint: str, code: str = "cell-option") -> None:
        at = max(place.text.find(word), 0)
        self.errors.append(
            CellError(message, where=place.at(at), line=place.line, width=len(word), hint=hint, code=code)
        )

    def _near_miss(self, info: Info, code: Code, place: Place) -> None:
        """Tells of a block that hardly was meant to be plain."""
        miss = missed(info, code.info)
        if miss is not None and self._is_new(place.where, code.info):
            word, message, hint = miss
            at = max(place.text.find(word), 0)
            self.findings.append(Finding("cell-exec", "warning", message, place.at(at), place.line, len(word), hint))

    def _check_typed(self, code: Code, place: Place) -> None:
        """Tells of plain code that is to be typed in no time."""
        try:
            typed_of(code.info)
        except ValueError as error:
            if self._is_new(place.where, code.info):
                self._error(str(error), place, "typed", TYPED_HINT)

    def _check_looks(self, info: Info, code: Code, place: Place) -> None:
        """Tells of words behind a fence that say nothing of how plain code looks, but seem to."""
        if len(info.words) == 0 or info.braces or (code.info.startswith("{") and not code.info[1:2].isdigit()):
            return
        for word, message, hint in misread(info.words, code.text.count("\n") + 1):
            finding = Finding("code-option", "warning", message, word.where, word.line, word.width, hint)
            if finding not in self.findings:
                self.findings.append(finding)

    # ── sentences ────────────────────────────────────────────────────────────────────────────────

    def _span(self, seen: _Seen, span: Span) -> None:
        found, where = expression(span.text), span.where
        if where is None or not span.text.startswith("{"):
            return
        place = seen.places.get((where.path, where.line), Place(where))
        if found is None:
            self._without_blank(span, where, place)
            if output_of(span.text) is not None and self._is_new(where, span.text):
                message = "an output cannot stand in a sentence"
                hint = "put it into a paragraph of its own, with an empty line before and behind it"
                line, width = place.line, len(span.text)
                self.findings.append(Finding("cell-output", "warning", message, where, line, width, hint))
            return
        if self._is_new(where, span.text):
            self.spans.append((Inline(canonical(found[0]), found[1], where, seen.step), place))

    def _without_blank(self, span: Span, where: Where, place: Place) -> None:
        """Tells of `{python}x`, where a blank is missing."""
        close = _CLOSE.match(span.text)
        if close is None or canonical(close[1]) not in SPOKEN_IN_SENTENCES or not self._is_new(where, span.text):
            return
        message = f"this is shown as it stands: a blank is missing behind `{{{close[1]}}}`"
        hint = f"write `{{{close[1]}}} {span.text[close.end() :]}`"
        self.findings.append(Finding("cell-exec", "warning", message, where, place.line, len(span.text), hint))

    def _is_new(self, where: Where, text: str) -> bool:
        """Whether something is seen for the first time; tells where two share a place, as in a macro's result."""
        if where not in self._known:
            self._known[where] = text
            return True
        if self._known[where] != text:
            message = "two pieces of live code stand in one place, so that their results could not be told apart"
            hint = "write each on a line of its own, and outside of macros"
            self.errors.append(CellError(message, where=where, hint=hint, code="cell-place"))
        return False

    # ── at the end ───────────────────────────────────────────────────────────────────────────────

    def finish(self) -> Found:
        known = SPOKEN_IN_SENTENCES | self.live | {cell.language for cell in self.cells}
        inlines: list[Inline] = []
        for inline, place in self.spans:
            if inline.language in known:
                inlines.append(inline)
                continue
            near = difflib.get_close_matches(inline.language, known, n=1, cutoff=0.75)
            if near:
                message = f"`{{{inline.language}}}` is no language of this deck, so this is shown as it stands"
                hint = f"did you mean `{{{near[0]}}}`?"
                self.findings.append(
                    Finding("cell-exec", "warning", message, inline.where, place.line, len(inline.language) + 2, hint)
                )
        for name, where, place in self.wanted:
            if name not in self.named:
                self._no_output(name, where, place)
        self.errors += mistakes(self.cells, inlines, self.settings.cells)
        raise_all(sorted(self.errors, key=_place_of))
        findings = dict.fromkeys(self.findings)
        return Found(tuple(self.cells), tuple(inlines), tuple(findings))

    def _no_output(self, name: str, where: Where, place: Place) -> None:
        if name in self.resting:
            message = f"the cell `{name}` at {self.resting[name]} does not run, so it has no output"
            hint = "let it run, or take this line out"
        else:
            message = f"there is no cell `{name}`"
            known = list(self.named) if len(self.errors) < MAX_NEAR else []
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean `{near[0]}`?" if near else "name the cell whose output is meant: `name=…`"
        self._error(message, place, name, hint, "cell-output")


_CLOSE = re.compile(r"\{([A-Za-z]+)\}(?=\S)")
_MAY_HOLD = re.compile(r"(?:`|~~~)\s*\{|(?:```|~~~)[ \t]*[^\n`~]*(?:[Ee][Xx][A-Za-z]|=|(?<=\S)[ \t]+\S|\{)")


def _place_of(error: DeckcastError) -> tuple[bool, Where]:
    where = error.finding.where
    return where is None, where or Where("", 0)
