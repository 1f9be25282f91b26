"""What people read at the end: findings with the author's own line, and what was built."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, TextIO

from deckcast.harmless import escaped, harmless
from deckcast.model import Finding, Lesson, Where
from deckcast.redact import redacted

_COLOURS = {"error": "1;31", "warning": "1;33", "note": "1;36", "where": "34", "strong": "1", "dim": "2"}
_WIDEST = 120
"""Characters of an author's line that are shown; longer ones are cut around the column that is meant."""


def coloured(stream: TextIO) -> bool:
    """Whether `stream` may be coloured: `NO_COLOR` wins over `FORCE_COLOR`, which wins over being a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


# ── findings ─────────────────────────────────────────────────────────────────────────────────────


def render_finding(finding: Finding, *, colour: bool = False) -> str:
    """The finding as a person reads it, in several lines."""

    def paint(text: str, kind: str) -> str:
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if colour else text

    first, *rest = harmless(finding.message).split("\n")
    lines = [f"{paint(finding.severity, finding.severity)}[{finding.code}]: {paint(first, 'strong')}", *rest]
    if finding.where is not None:
        slide = f" ({finding.slide})" if finding.slide else ""
        lines.append(f"{paint('  -->', 'where')} {_printable(f'{finding.where}{slide}')}")
        shown, carets = _excerpt(finding)
        if shown.strip():
            number = str(finding.where.line)
            gutter = " " * len(number)
            lines.append(f"{paint(f'{gutter} |', 'where')}")
            lines.append(f"{paint(f'{number} |', 'where')} {shown}")
            lines.append(f"{paint(f'{gutter} |', 'where')} {paint(carets, finding.severity)}")
    for heading, text in finding.details:
        lines.append(f"{paint(f'  {_printable(heading)}:', 'strong')}")
        lines += [f"    {_printable(line)}".rstrip() for line in text.rstrip("\n").split("\n")]
    if finding.hint:
        lines.append(f"{paint('help:', 'note')} {harmless(finding.hint)}")
    return redacted("\n".join(lines))


def _excerpt(finding: Finding) -> tuple[str, str]:
    """The author's line, made printable and cut to `_WIDEST`, and the carets that go under it."""
    where = finding.where or Where("", 1)
    line = finding.line or _line_of_file(where.path, where.line)
    begin = min(max(where.column - 1, 0), len(line))
    end = min(begin + max(finding.width, 1), max(len(line), begin + 1))
    left = max(0, min(begin - _WIDEST // 3, len(line) - _WIDEST))
    right = left + _WIDEST
    cut = ("…" if left else "") + line[left:right] + ("…" if right < len(line) else "")
    before = ("…" if left else "") + line[left:begin]
    carets = " " * _columns(_printable(before)) + "^" * max(_columns(_printable(line[begin : min(end, right)])), 1)
    return _printable(cut).rstrip(), carets


def _printable(text: str) -> str:
    """Tabs as four blanks, other control characters as a visible mark, so that carets stay below their words."""
    return harmless(
        "".join("    " if c == "\t" else c if c.isprintable() or unicodedata.category(c) == "Cf" else "�" for c in text)
    )


def _columns(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) == "Cf"
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _line_of_file(path: str, number: int) -> str:
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            return next((line.rstrip("\r\n") for n, line in enumerate(file, 1) if n == number), "")
    except OSError:
        return ""


def show_findings(findings: Sequence[Finding], stream: TextIO | None = None) -> None:
    """Prints findings, a blank line between them."""
    target = sys.stderr if stream is None else stream
    for finding in findings:
        print(render_finding(finding, colour=coloured(target)), end="\n\n", file=target)


def count_findings(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning`; empty where there are none."""
    parts = []
    for severity in ("error", "warning", "note"):
        number = sum(finding.severity == severity for finding in findings)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return ", ".join(parts)


# ── summaries ────────────────────────────────────────────────────────────────────────────────────


def clock(seconds: float) -> str:
    """`4:05` or `1:02:03`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def lesson_line(lesson: Lesson) -> str:
    """What was built, for a person."""
    parts = [clock(lesson.seconds), f"{lesson.slides} slide{'s' if lesson.slides != 1 else ''}"]
    if lesson.words and lesson.spoken:
        parts.append(f"{lesson.words / lesson.spoken * 60:.0f} words/min")
    if lesson.durations:
        parts.append(f"steps of {median(lesson.durations):.0f} s, the longest {max(lesson.durations):.0f} s")
    if lesson.unchanged:
        parts.append("nothing had changed, nothing was made again")
    return f"{lesson.video}  {' · '.join(parts)}"


def lesson_json(lesson: Lesson) -> dict[str, Any]:
    return {
        "name": lesson.name,
        "title": lesson.title,
        "video": str(lesson.video),
        "files": [str(path) for path in lesson.files],
        "seconds": round(lesson.seconds, 3),
        "slides": lesson.slides,
        "durations": [round(seconds, 3) for seconds in lesson.durations],
        "words": lesson.words,
        "voice": lesson.voice,
        "unchanged": lesson.unchanged,
        "stages": [
            {"name": stage.name, "made": stage.made, "kept": stage.kept, "seconds": round(stage.seconds, 3)}
            for stage in lesson.stages
        ],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    where = finding.where
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": redacted(finding.message),
        "file": where.path if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "end_column": where.column + finding.width if where else None,
        "slide": finding.slide or None,
        "hint": redacted(finding.hint) or None,
        "details": [{"heading": heading, "text": redacted(text)} for heading, text in finding.details],
    }


def print_json(value: Any) -> None:
    """Prints a document without tokens and passwords, whoever wrote them into a message."""
    print(escaped(json.dumps(_clean(value), ensure_ascii=False, indent=2)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value
