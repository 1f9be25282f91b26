"""Findings in the forms that programs read: one line each, GitHub's annotations, SARIF. Pure."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deckcast import __version__
from deckcast.model import Finding

LEVELS = {"error": "error", "warning": "warning", "note": "note"}
"""SARIF's words for severities."""
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


def concise(finding: Finding) -> str:
    """`deck.md:48:1: warning[slide-words] 61 words on one slide (slide 7 "Caching")`."""
    place = f"{finding.where}: " if finding.where else ""
    slide = f" ({finding.slide})" if finding.slide else ""
    return f"{place}{finding.severity}[{finding.code}] {' '.join(finding.message.split())}{slide}"


def github(finding: Finding) -> str:
    """A workflow command, which GitHub shows beside the line in a pull request."""
    where = finding.where
    values: dict[str, str | int] = {}
    if where is not None:
        ends = where.column + finding.width
        values = {"file": where.path, "line": where.line, "col": where.column, "endColumn": ends}
    values["title"] = finding.code
    text = finding.message + (f"\n{finding.hint}" if finding.hint else "")
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{_GITHUB[finding.severity]} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding], summaries: Mapping[str, str]) -> dict[str, Any]:
    """A SARIF 2.1.0 log (OASIS). `summaries` are rules' first lines by code."""
    codes = sorted({finding.code for finding in findings})
    rules = [{"id": code, "shortDescription": {"text": summaries.get(code, code)}} for code in codes]
    driver = {"name": "deckcast", "semanticVersion": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code)) for finding in findings],
            }
        ],
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    hint = f"\n{finding.hint}" if finding.hint else ""
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message + hint},
    }
    where = finding.where
    if where is not None:
        region = {"startLine": where.line, "startColumn": where.column, "endColumn": where.column + finding.width}
        place: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": {"uri": _uri(where.path)}, "region": region},
        }
        if finding.slide:
            place["logicalLocations"] = [{"name": finding.slide}]
        found["locations"] = [place]
    return found


def _uri(path: str) -> str:
    """A reference from the current folder where the file lies in it, else the whole address."""
    relative = os.path.relpath(path)
    return Path(path).resolve().as_uri() if relative.startswith("..") else quote(Path(relative).as_posix())
