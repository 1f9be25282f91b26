"""Fences that hold a diagram: which language it is drawn from, what it shows in words, where each line stands.

```mermaid alt="How a request travels"
```dot
```svg
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from deckcast.htmltokens import unescaped
from deckcast.markup.values import Code
from deckcast.model import Where

DiagramKind: TypeAlias = Literal["mermaid", "graphviz", "svg"]
KINDS: dict[str, DiagramKind] = {"mermaid": "mermaid", "dot": "graphviz", "graphviz": "graphviz", "svg": "svg"}
"""By the language of the fence."""

_ALT = re.compile(r"""\b(?:fig-)?alt\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_ALT_LINE = re.compile(r"^(?:%%|//|#)\|\s*(?:fig-)?alt\s*:\s*(?P<text>.*?)\s*$", re.MULTILINE)
_ACC_TITLE = re.compile(r"^\s*accTitle\s*:\s*(?P<text>.+?)\s*$", re.MULTILINE)
_ACC_DESCRIPTION = re.compile(r"^\s*accDescr\s*(?::\s*(?P<line>.+?)\s*$|\{(?P<block>[^}]*)\})", re.MULTILINE)
_SVG_WORDS = re.compile(r"<(?P<tag>title|desc)\b[^>]*>(?P<text>[^<]*)</(?P=tag)>")


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram as it is written."""

    kind: DiagramKind
    source: str
    alt: str
    """What it shows, for those who do not see it; empty where the author does not say."""
    where: Where | None
    """The fence's own line."""
    origins: tuple[Where | None, ...] = ()
    """Where the first character that is no blank stands, of each line of `source`."""
    language: str = ""
    """As it stands behind the fence's marks."""

    def place(self, line: int, column: int = 0) -> Where | None:
        """The author's own place of a character, both counted from 0; the fence's where there is no such line."""
        begin = self.origins[line] if 0 <= line < len(self.origins) else None
        if begin is None:
            return self.where
        text = self.line(line)
        blanks = len(text) - len(text.lstrip())
        return Where(begin.path, begin.line, max(begin.column + column - blanks, 1))

    def line(self, number: int) -> str:
        """A line of the source, from 0."""
        lines = self.source.split("\n")
        return lines[number] if 0 <= number < len(lines) else ""


def diagram_of(code: Code) -> Diagram | None:
    """The diagram in a block of code, or None where it is some other code."""
    kind = KINDS.get(code.language.lower())
    if kind is None:
        return None
    return Diagram(kind, code.text, _alt(kind, code), code.where, code.origins, code.language)


def _alt(kind: DiagramKind, code: Code) -> str:
    found = _ALT.search(code.info)
    if found:
        return " ".join((found["double"] or found["single"] or "").split())
    line = _ALT_LINE.search(code.text)
    if line:
        return line["text"].strip("\"'")
    words: list[str] = []
    if kind == "mermaid":
        title, told = _ACC_TITLE.search(code.text), _ACC_DESCRIPTION.search(code.text)
        words = [title["text"] if title else "", (told["line"] or told["block"] or "") if told else ""]
    elif kind == "svg":
        words = [unescaped(one["text"]) for one in _SVG_WORDS.finditer(code.text)][:2]
    return ". ".join(" ".join(word.split()).rstrip(".") for word in words if word.strip())
