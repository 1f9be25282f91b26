"""Findings that the author has switched off: on a line, on a slide, in the whole deck.

text <!-- check: off slide-words -->                                  the line
<!-- check: off slide-words picture-alt: the poem must stand whole -->   alone on its line: the slide
check: off slide-words                                                a property at the slide's top: the slide
check: {off: [slide-words]}                                           front matter: the deck
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from deckcast.markup.protect import code_regions
from deckcast.model import Deck, Finding, Where, proses
from deckcast.settings import Settings

_COMMENT = re.compile(r"<!--\s*check:(?P<value>[^\n]*?)-->")
_VALUE = re.compile(r"\s*off\b(?P<codes>[^:]*)(?P<reason>:.*)?", re.S)
UNKNOWN = "check-unknown"
UNUSED = "check-unused"


@dataclass(slots=True)
class Off:
    """One place that switches findings off, and which of them it met."""

    codes: tuple[str, ...]
    where: Where
    line: str
    width: int
    slides: set[str] = field(default_factory=set)
    """`Slide.label` of those that it is about; empty for a line, or for all."""
    one_line: bool = False
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> bool:
        if finding.code not in self.codes:
            return False
        if self.one_line:
            where = finding.where
            return where is not None and (where.path, where.line) == (self.where.path, self.where.line)
        return not self.slides or finding.slide in self.slides


def find(deck: Deck, settings: Settings) -> tuple[Off, ...]:
    """All that is switched off, in the order of the deck, what holds for all of it last."""
    found: dict[Where, Off] = {}
    for slide in deck.slides:
        for step in slide.steps:
            item = step.properties.find("check")
            if item is not None:
                off = found.setdefault(item.where, Off(_codes(item.value), item.where, "", max(len(item.value), 1)))
                off.slides.add(slide.label)
        for content in (slide.steps[-1].content, *(step.notes for step in slide.steps)):
            for prose in proses(content):
                if "<!--" not in prose.text:
                    continue
                regions = [(one.begin, one.end) for one in code_regions(prose.text)]
                for match in _COMMENT.finditer(prose.text):
                    if any(begin <= match.start() < end for begin, end in regions):
                        continue
                    begin = prose.text.rfind("\n", 0, match.start()) + 1
                    text = prose.text[begin:].partition("\n")[0]
                    origin = prose.origins[prose.text.count("\n", 0, match.start())]
                    where = Where(origin.path, origin.line, origin.column + match.start() - begin)
                    line = " " * (origin.column - 1) + text
                    off = found.setdefault(where, Off(_codes(match["value"]), where, line, len(match[0])))
                    off.one_line = bool(re.sub(r"<!--.*?-->", "", line).strip())
                    if not off.one_line:
                        off.slides.add(slide.label)
    return (*sorted(found.values(), key=lambda one: one.where), *_of_all(deck, settings))


def _of_all(deck: Deck, settings: Settings) -> Iterator[Off]:
    codes = settings.check.off
    if not codes:
        return
    own = next((one for one in deck.options if one.name.replace("-", "_") in ("off", "check.off")), None)
    if own is not None:
        yield Off(codes, own.where, own.line, max(len(own.line.strip()), 1))
    else:  # of the project, which has other decks, too
        yield Off(codes, Where("", 1), "", 1)


def _codes(value: str) -> tuple[str, ...]:
    """The codes in `off a, b: a reason`; none where it says anything else."""
    match = _VALUE.fullmatch(value.rstrip())
    return tuple(match["codes"].replace(",", " ").split()) if match else ()


def apply(findings: Iterable[Finding], offs: Sequence[Off]) -> tuple[Finding, ...]:
    """Those that are not switched off. What ends the work cannot be: it is raised, and never comes here."""
    kept: list[Finding] = []
    for finding in findings:
        covering = [off for off in offs if off.covers(finding)]
        for off in covering:
            off.used.add(finding.code)
        if not covering:
            kept.append(finding)
    return tuple(kept)


def about(offs: Sequence[Off], known: Collection[str], looked_for: Collection[str]) -> Iterator[Finding]:
    """What is wrong with what is switched off: names of no finding, and those that were met nowhere.

    `looked_for` are the codes that would have been found, had they been there.
    """
    for off in offs:
        if not off.where.path:
            continue
        if not off.codes:
            hint = "write `check: off` and the codes of findings, such as `check: off slide-words`"
            yield Finding(UNKNOWN, "warning", "this names no finding", off.where, off.line, off.width, hint)
        for code in off.codes:
            at = off.line.find(code, off.where.column - 1)
            where, width = (Where(off.where.path, off.where.line, at + 1), len(code)) if at >= 0 else (off.where, 1)
            if code not in known:
                near = difflib.get_close_matches(code, sorted(known), n=1)
                hint = f"did you mean `{near[0]}`?" if near else "`docs/checks.md` lists them"
                yield Finding(UNKNOWN, "warning", f"there is no finding `{code}`", where, off.line, width, hint)
            elif code not in off.used and code in looked_for:
                message = f"`{code}` is switched off here, and would not be told anyway"
                yield Finding(UNUSED, "warning", message, where, off.line, width, "take it out")
