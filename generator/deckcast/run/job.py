"""A chapter's cells, what each of them asks, and what is recorded of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deckcast.digest import digest
from deckcast.keep import Keeper
from deckcast.model import Cell, Deck, Finding, Inline, Slide
from deckcast.outline import slides_by_step
from deckcast.run.cells import Found, local_files
from deckcast.run.keys import Asked, ask
from deckcast.run.matching import Match, match
from deckcast.run.shelf import Shelf
from deckcast.settings import CellsSettings, Settings
from deckcast.trust import LiveCode

STAGE = "run"


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to do, and what is known of it."""

    deck: Deck
    slides: Mapping[int, Slide]
    """By `Step.index`."""
    settings: CellsSettings
    cells: tuple[Cell, ...]
    inlines: tuple[Inline, ...]
    asked: Asked
    shelf: Shelf
    match: Match
    elsewhere: bool
    """Whether cells run on other machines, of whose software nothing is known here."""
    findings: tuple[Finding, ...]
    """About the cells' options, and about the record."""

    @classmethod
    def of(cls, deck: Deck, settings: Settings, found: Found) -> Job:
        """Reads the record. Raises `CellError` for files that cannot be read."""
        asked = ask(found.cells, found.inlines, deck.folder, settings.cells)
        shelf = Shelf(deck)
        record, told, lost = shelf.load()
        matched = match(found.cells, found.inlines, asked, record, lost)
        findings = (*found.findings, *told)
        slides = slides_by_step(deck)
        elsewhere = bool(settings.cells.kernel_url or settings.build.cluster)
        return cls(deck, slides, settings.cells, found.cells, found.inlines, asked, shelf, matched, elsewhere, findings)

    @property
    def code(self) -> LiveCode:
        """All that would run, and where: what somebody trusts who trusts the deck."""
        keys = [question.key for question in (*self.asked.cells.values(), *self.asked.inlines)]
        return LiveCode(
            digest((self.settings.kernel_url, keys)),
            len(self.cells),
            tuple(cell.language for cell in self.cells),
            len(self.inlines),
        )

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(need for cell in self.cells for need in cell.needs))

    @property
    def files(self) -> tuple[str, ...]:
        """Of the deck's folder, which travel to a kernel elsewhere."""
        declared = {name for cell in self.cells for name in cell.files}
        return tuple(sorted(declared.union(local_files(self.cells, self.deck.folder))))

    def slot(self, cell: Cell) -> str:
        return f"slide {self.slides[cell.step].index} {cell.label}"

    def note(self, keeper: Keeper, cell: Cell, *, kept: bool, why: str = "") -> None:
        keeper.note(STAGE, self.slot(cell), self.asked.cells[cell.index], kept=kept, why=why)
