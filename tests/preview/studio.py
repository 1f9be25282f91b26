"""A chapter and a session that looks at it, with shipped fakes in the place of browser, voice and kernel."""

from __future__ import annotations

from pathlib import Path

from deckcast import project
from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.engines.voice_silent import SilentVoice
from deckcast.preview.session import Session
from deckcast.workshop import Workshop

DECK = """# One

???

The first slide. It has two sentences.

---
name: two

# Two

--

- more

???

Notes of two.

---

# Three

```python exec name=sum
1 + 1
```
"""


class Studio:
    """A chapter, and a session that looks at it."""

    def __init__(self, folder: Path) -> None:
        self.deck = folder / "talk" / "presentation.md"
        self.deck.parent.mkdir()
        self.deck.write_text(DECK)
        (folder / "deckcast.toml").write_text("")
        self.browser = FakeBrowser()
        self.kernels = FakeKernels()
        shop = Workshop(
            browser=lambda *_: self.browser,
            voice=lambda _: (SilentVoice(), "it is a test"),
            kernels=lambda *_: self.kernels,
        )
        self.session = Session(project.find_chapter("talk"), output=folder / "out", workshop=shop)

    def edit(self, old: str, new: str) -> None:
        assert old in self.deck.read_text()
        self.deck.write_text(self.deck.read_text().replace(old, new))
