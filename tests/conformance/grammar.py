"""Decks drawn from the format's grammar by a fixed seed.

What our reading changes on purpose is not drawn (see `deviations.toml`): `--` and inherited parts are
followed by blank lines, prose does not look like a property, stray back-ticks do not come up, variables stay out of
code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_WORDS = ["deck", "slide", "note", "cell", "model", "token", "word", "plan", "step", "graph", "loss", "layer", "data"]
_CLASSES = ["left", "right", "center", "red", "col-6", "footnote", "small", "big.bold", "a_b"]


class Grammar:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._names: list[str] = []
        self._definitions: list[str] = []
        self._layout = False
        """Whether the slide above is a layout."""

    def deck(self) -> str:
        count = self._random.randint(1, 6)
        return "".join(self._slide(number, number == count - 1) for number in range(count))

    def _slide(self, number: int, last: bool) -> str:
        increment = number > 0 and not self._layout and self._chance(0.3)
        self._layout = False
        separator = "" if number == 0 else "--\n\n" if increment else "---\n"
        content = self._properties(increment) + "\n" + self._blocks(0) + "\n\n"
        notes = f"???\n{self._blocks(2)}\n" if self._chance(0.4) else ""
        return separator + content + notes

    def _properties(self, increment: bool) -> str:
        lines: list[str] = []
        if self._chance(0.3) and not increment:
            name = f"{self._word()}{len(self._names)}"
            if self._chance(0.3):
                lines.append("layout: true")
                self._layout = True
            if self._names and self._chance(0.5):
                lines.append(f"template: {self._pick(self._names)}")
            lines.append(f"name: {name}")
            self._names.append(name)
        elif self._names and self._chance(0.2) and not increment:
            lines.append(f"template: {self._pick(self._names)}")
        elif self._chance(0.1) and not increment:
            lines.append("layout: false")
        if self._chance(0.4):
            lines.append(self._pick(["class: center, middle", "class: inverse", "class:", "<!-- class: wide -->"]))
        if self._chance(0.1):
            lines.append(self._pick(["count: false", "background-image: url(a.png)", "topic: trees", "exclude: no"]))
        if lines and self._chance(0.2):
            lines.insert(self._random.randint(0, len(lines)), "")
        return "".join(f"{line}\n" for line in lines)

    def _blocks(self, depth: int) -> str:
        kinds: list[Callable[[int], str]] = [
            self._heading,
            self._paragraph,
            self._paragraph,
            self._list,
            self._fence,
            self._box,
            self._quote,
            self._table,
            self._near_separator,
            self._indented,
            self._definition,
        ]
        return "\n\n".join(self._pick(kinds)(depth) for _ in range(self._random.randint(1, 4 - min(depth, 2))))

    def _heading(self, depth: int) -> str:
        return f"{'#' * self._random.randint(1, 3)} {self._inline(depth)}"

    def _paragraph(self, depth: int) -> str:
        return "\n".join(self._inline(depth) for _ in range(self._random.randint(1, 3)))

    def _list(self, depth: int) -> str:
        marker = self._pick(["- ", "* ", "1. "])
        lines: list[str] = []
        for _ in range(self._random.randint(1, 4)):
            lines.append(f"{marker}{self._inline(depth)}")
            if self._chance(0.25):
                lines.append(f"{' ' * len(marker)}- {self._inline(depth)}")
        return "\n".join(lines)

    def _fence(self, depth: int) -> str:
        mark = self._pick("`~") * self._random.randint(3, 5)
        shorter = mark[0] * 3 if len(mark) > 3 else "x = [1]"
        other = "~~~" if mark[0] == "`" else "```"
        inside = [
            self._pick(["---", "--", "???", ".a[b]", "x = f(y)", "# no heading", shorter, other, "", "    deep", "*x*"])
            for _ in range(self._random.randint(1, 5))
        ]
        inside[0] = inside[0] or "first"
        if depth:  # brackets in code would count for the content class around it
            inside = [line.replace("[", "(").replace("]", ")") for line in inside]
        return "\n".join([f"{mark}{self._pick(['', 'js', 'python', ' c'])}", *inside, mark])

    def _box(self, depth: int) -> str:
        if depth >= 3:
            return self._paragraph(depth)
        separator = "\n---\n" if depth == 0 and self._chance(0.1) else "\n"
        return f".{self._pick(_CLASSES)}[{separator}{self._blocks(depth + 1)}\n]"

    def _quote(self, depth: int) -> str:
        return "\n".join(f"> {self._inline(depth)}" for _ in range(self._random.randint(1, 2)))

    def _table(self, depth: int) -> str:
        row = f"| {self._word()} | {self._inline_simple(depth)} |"
        return f"| a | b |\n|---|---|\n{row}"

    def _near_separator(self, depth: int) -> str:
        return f"{self._word()}\n\n{self._pick(['----', '***', '--- x', '-- x', '??? x', '* * *'])}"

    def _indented(self, depth: int) -> str:
        return f"{self._word()}\n\n    {self._pick(['code', '.a(b)', '-- x', 'x = 1'])}\n\n{self._word()}"

    def _definition(self, depth: int) -> str:
        if self._layout:  # remark loses the definitions on layouts
            return self._paragraph(depth)
        name = f"{self._word()}{self._random.randint(0, 99)}"
        self._definitions.append(name)
        title = self._pick(["", ' "Title"'])
        return f"{self._word()}\n\n[{name}]: http://e.org/{name}{title}\n\n{self._word()}"

    def _inline(self, depth: int) -> str:
        parts = [self._word()]
        for _ in range(self._random.randint(0, 3)):
            parts.append(self._pick([self._inline_simple, self._inline_class, self._inline_escape])(depth))
        return " ".join([*parts, self._word()])

    def _inline_simple(self, depth: int) -> str:
        kinds = [self._word(), f"*{self._word()}*", f"**{self._word()}**", f"`{self._word()} --- {self._word()}`"]
        kinds += [f"[{self._word()}](#{self._word()})", f"![{self._word()}](a.png)", "<b>x</b>"]
        if depth == 0:
            kinds += ["{{ topic }}", "{{nothing}}"]
        if self._definitions:
            kinds.append(f"[{self._word()}][{self._pick(self._definitions)}]")
        return self._pick(kinds)

    def _inline_class(self, depth: int) -> str:
        inside = self._inline_simple(depth)
        if depth < 3 and self._chance(0.3):
            inside += f" {self._inline_class(depth + 1)}"
        return f".{self._pick(_CLASSES)}[{inside}]"

    def _inline_escape(self, depth: int) -> str:
        return self._pick([f"\\.{self._word()}[{self._word()}]", f"{self._word()}.", ".5", f".a ({self._word()})"])

    def _word(self) -> str:
        return self._pick(_WORDS)

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _pick(self, choices: Sequence[Any]) -> Any:
        return self._random.choice(choices)
