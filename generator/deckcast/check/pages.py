"""The rules' pages in docs/checks.md, made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from deckcast.check import FAMILIES, known
from deckcast.check.rule import Rule


def reference() -> str:
    """Every rule, by family, as Markdown."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for family in FAMILIES:
        yield from _family(family)
    yield "## Told by others"
    yield ""
    yield "These are found while a deck is read, its cells are matched with their record, its notes are put into words"
    yield "and its slides are composed. They are switched off in the same way. [format.md](format.md#findings) lists"
    yield "those that begin with `deck-`."
    yield ""
    yield "| finding | tells that |"
    yield "| --- | --- |"
    for code, text in sorted(known.ELSEWHERE.items()):
        yield f"| `{code}` | {text} |"


def _family(family: ModuleType) -> Iterator[str]:
    yield f"## {(family.__doc__ or '').splitlines()[0].removesuffix('.')}"
    yield ""
    for rule in family.RULES:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}"
    yield ""
    settings = "".join(f", `check.{name}`" for name in rule.settings)
    drawn = ", on drawn slides" if rule.drawn else ""
    yield f"**{rule.summary}** ({rule.severity}{drawn}{settings})"
    yield ""
    yield rule.text
    yield ""
    for heading, example in (("Instead of", rule.bad), ("write", rule.good)):
        yield heading
        yield ""
        if "\n" in example or example.startswith(("#", "<")):
            yield "````markdown"
            yield example
            yield "````"
        else:
            yield f"> {example}"
        yield ""
