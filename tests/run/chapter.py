"""A chapter in a folder, and how often a kernel was asked for it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import TrustError
from deckcast.keep import Keeper
from deckcast.labels import label
from deckcast.model import Finding, Result, Results
from deckcast.parse import compose, load
from deckcast.run import find, run
from deckcast.run.record import seal
from deckcast.settings import CellsSettings, Settings
from deckcast.stages import Silence
from deckcast.trust import LiveCode

# The smallest PNG that says what it is; nobody looks at it here.
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

CELLS = """\
# Data

```python exec name=data
numbers = [3, 1, 2]
print("three numbers")
```

---

# Sorted

```python exec name=sorted
sorted(numbers)
```

???

The largest is `{python} max(numbers)`.

---

# Total

```python exec
print("total", sum(numbers))
```
"""


def forge(record: Path, old: str, new: str) -> None:
    """Puts something else into a record, and seals it again."""
    text = record.read_text()
    assert old in text
    changed = text.replace(old, new)
    record.write_text(changed.replace(json.loads(text)["seal"], seal(json.loads(changed))))


class Told(Silence):
    """What the stage told."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool, str]] = []
        self.said: list[str] = []

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        assert stage == "run"
        self.pieces.append((what, kept, why))

    def say(self, message: str) -> None:
        self.said.append(message)

    @property
    def made(self) -> dict[str, str]:
        return {what: why for what, kept, why in self.pieces if not kept}

    @property
    def kept(self) -> list[str]:
        return [what for what, kept, _ in self.pieces if kept]


@dataclass
class Chapter:
    """A deck on disk, run through fakes. What it was last run with and told can be looked up."""

    folder: Path
    text: str = CELLS
    kernels: FakeKernels = field(default_factory=FakeKernels)
    trusted: bool = True
    told: Told = field(default_factory=Told)
    opened: int = 0
    asked: list[LiveCode] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()

    @property
    def record(self) -> Path:
        return self.folder / "outputs" / "presentation.json"

    @property
    def written(self) -> Any:
        return json.loads(self.record.read_text())

    @property
    def pictures(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "outputs").iterdir() if path != self.record)

    def edit(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new)

    def record_otherwise(self, old: str, new: str) -> None:
        """As if another run had given `new`."""
        forge(self.record, old, new)

    def run(self, mode: str = "auto", **settings: Any) -> Results:
        path = self.folder / "presentation.md"
        path.write_text(self.text)
        cells = dataclasses.replace(CellsSettings(), mode=mode, **settings)
        chosen = dataclasses.replace(Settings(), cells=cells)
        deck = compose(load([path]), chosen.slides)
        self.told, self.asked, self.findings = Told(), [], ()

        def opened() -> FakeKernels:
            self.opened += 1
            return self.kernels

        def allow(code: LiveCode) -> None:
            self.asked.append(code)
            if not self.trusted:
                raise TrustError("nobody trusts this deck", hint="--trust")

        keeper = Keeper(MemoryStore(), self.told, "test")
        results, findings = run(deck, chosen, find(deck, chosen), keeper, opened, allow, self.told)
        self.findings = label(findings, deck)
        return results

    def codes(self, *severities: str) -> list[str]:
        return [one.code for one in self.findings if one.severity in (severities or ("error", "warning"))]

    @property
    def ran(self) -> list[str]:
        """The last line of each cell that ran."""
        return [source.split("\n")[-1] for source in self.kernels.ran]


def text_of(result: Result) -> str:
    return "".join(str(output.get("text/plain")) for output in result.outputs)


def texts(results: Results) -> list[str]:
    return [text_of(result) for _, result in results.cells]
