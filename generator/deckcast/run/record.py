"""A chapter's record as values, and as text that diffs well.

What is measured (dates, seconds, memory) stands in one block at the top; texts are lists of their lines; pictures lie
beside the record under names that tell the cell and the content.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deckcast.digest import Question, sha256
from deckcast.model import Cell, Failure, Inline, Output, Provenance, Result
from deckcast.run.keys import BEFORE

FORMAT = 1
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
"""The media types of outputs that are files of their own, and how their names end."""
_SHORT = 12
"""Digits of a digest that are enough to say what changed."""
_NAME = re.compile(r"[\w.-]+-[0-9a-f]{12}\.(?:png|jpg|svg)")


class NewerFormat(ValueError):
    """A newer deckcast wrote it."""


class Changed(ValueError):
    """Somebody changed what came out: a person, a search that replaces, or a merge of two runs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What came out of a cell, and of which question."""

    number: int
    """`Cell.index` when it was recorded: the 3 in the `Cell In[3]` of its traceback."""
    name: str
    key: str
    parts: tuple[tuple[str, str], ...]
    """(name, first digits of the digest) of what the key is made of, but for the cells before."""
    result: Result
    """Its traceback has the chapter's numbers of cells."""
    damage: str = ""
    """Why the result is not whole: which picture is missing."""

    @classmethod
    def of(cls, cell: Cell, question: Question, result: Result) -> Entry:
        return cls(cell.index, cell.name, question.key, own_parts(question), result)


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gave."""

    language: str
    expression: str
    key: str
    text: str

    @classmethod
    def of(cls, inline: Inline, question: Question, text: str) -> Value:
        return cls(inline.language, inline.expression, question.key, text)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a chapter's last run."""

    entries: tuple[Entry, ...] = ()
    values: tuple[Value, ...] = ()


def own_parts(question: Question) -> tuple[tuple[str, str], ...]:
    """The parts that are the cell's own."""
    return tuple((name, value[:_SHORT]) for name, value in question.parts if name != BEFORE)


# ── as text ──


@dataclass(frozen=True, slots=True)
class Written:
    """A record as files."""

    text: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """By file name."""


def write(record: Record) -> Written:
    sessions = list(dict.fromkeys(entry.result.provenance for entry in record.entries if entry.result.provenance))
    pictures: dict[str, bytes] = {}
    measured = {
        "dates": [session.date for session in sessions],
        "seconds": [entry.result.seconds for entry in record.entries],
        "peak": [entry.result.peak for entry in record.entries],
    }
    came_out = {
        "sessions": [_session(session) for session in sessions],
        "cells": [_entry(entry, sessions, pictures) for entry in record.entries],
        "inlines": [
            {"expression": one.expression, "language": one.language, "key": one.key, "value": _lines(one.text)}
            for one in record.values
        ],
    }
    body = {"format": FORMAT, "seal": seal(came_out), "measured": measured, **came_out}
    text = json.dumps(body, ensure_ascii=False, indent=1)
    flat = re.sub(r"\[\n\s+(-?\d[^\[\]{}\"]*?)\n\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    return Written(flat + "\n", pictures)


def seal(body: Mapping[str, Any]) -> str:
    """A digest of all that came out, by which a record is known that nobody has changed. Measures are not in it."""
    told = json.dumps([body["sessions"], body["cells"], body["inlines"]], sort_keys=True)
    return sha256(told.encode("ascii"))


def _session(session: Provenance) -> dict[str, Any]:
    facts = dataclasses.asdict(session)
    del facts["date"]
    return {**facts, "accelerators": list(session.accelerators), "versions": dict(session.versions)}


def _entry(entry: Entry, sessions: list[Provenance], pictures: dict[str, bytes]) -> dict[str, Any]:
    result = entry.result
    body: dict[str, Any] = {
        "cell": entry.number,
        **({"name": entry.name} if entry.name else {}),
        "session": sessions.index(result.provenance) if result.provenance else None,
        "key": entry.key,
        "parts": dict(entry.parts),
        "outputs": [_output(output, entry, pictures) for output in result.outputs],
    }
    if result.failure is not None:
        failure = result.failure
        body["failure"] = {
            "name": failure.name,
            "message": _lines(failure.message),
            "line": failure.line,
            "traceback": _lines(failure.traceback),
        }
    if result.dropped:
        body["dropped"] = result.dropped
    return body


def _output(output: Output, entry: Entry, pictures: dict[str, bytes]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for media_type, content in output.data:
        if media_type in PICTURES or isinstance(content, bytes):
            raw = content if isinstance(content, bytes) else _bytes(content.replace("\r\n", "\n"))
            digest = sha256(raw)
            stem = re.sub(r"[^\w.-]+", "-", entry.name).strip("-.") or f"{entry.number:02}"
            name = f"{stem}-{digest[:_SHORT]}.{PICTURES[media_type]}"
            pictures[name] = raw
            data[media_type] = {"file": name, "sha256": digest}
        else:
            data[media_type] = _lines(content)
    return {"kind": output.kind, **({"width": output.width} if output.width else {}), "data": data}


def _lines(text: str) -> str | list[str]:
    """A text as it diffs best: one line alone, or the list of its lines."""
    return text.split("\n") if "\n" in text else text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# ── from text ──


def read(text: str, picture: Callable[[str], bytes | None]) -> Record:
    """The record in a text. `picture` gives a file beside it. Raises `ValueError` for what is no whole record."""
    body = json.loads(text)
    try:
        if _is_newer(body):
            raise NewerFormat(f"format {body['format']}")
        if body["format"] != FORMAT:
            raise ValueError(f"there is no format {body['format']}")
        if body["seal"] != seal(body):
            raise Changed
        measured = body["measured"]
        dates = measured["dates"]
        sessions = [_read_session(one, date) for one, date in zip(body["sessions"], dates, strict=True)]
        entries = tuple(
            _read_entry(one, sessions, float(seconds), int(peak), picture)
            for one, seconds, peak in zip(body["cells"], measured["seconds"], measured["peak"], strict=True)
        )
        values = tuple(
            Value(_plain(one["language"]), _plain(one["expression"]), _plain(one["key"]), _text(one["value"]))
            for one in body["inlines"]
        )
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return Record(entries, values)


def is_newer(text: str) -> bool:
    """Whether a newer deckcast wrote the text, so that this one must not write over it."""
    try:
        return _is_newer(json.loads(text))
    except (ValueError, RecursionError):
        return False


def _is_newer(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("format"), int) and body["format"] > FORMAT


def _read_session(body: Mapping[str, Any], date: Any) -> Provenance:
    texts = {name: _plain(body[name]) for name in ("kernel", "language", "system", "cpu")}
    return Provenance(
        date=_plain(date),
        cores=int(body["cores"]),
        memory=int(body["memory"]),
        accelerators=tuple(_plain(one) for one in body["accelerators"]),
        versions=tuple((name, _plain(version)) for name, version in body["versions"].items()),
        **texts,
    )


def _read_entry(
    body: Mapping[str, Any],
    sessions: list[Provenance],
    seconds: float,
    peak: int,
    picture: Callable[[str], bytes | None],
) -> Entry:
    damage: list[str] = []
    outputs = tuple(_read_output(one, picture, damage) for one in body["outputs"])
    failure = None
    if (told := body.get("failure")) is not None:
        failure = Failure(_plain(told["name"]), _text(told["message"]), _text(told["traceback"]), int(told["line"]))
    result = Result(
        outputs=outputs,
        failure=failure,
        dropped=int(body.get("dropped", 0)),
        seconds=seconds,
        peak=peak,
        provenance=sessions[_index(body["session"])],
    )
    parts = tuple((name, _plain(value)) for name, value in body["parts"].items())
    return Entry(int(body["cell"]), _plain(body.get("name", "")), _plain(body["key"]), parts, result, "; ".join(damage))


def _read_output(body: Mapping[str, Any], picture: Callable[[str], bytes | None], damage: list[str]) -> Output:
    data: list[tuple[str, str | bytes]] = []
    for media_type, content in body["data"].items():
        if media_type not in PICTURES:
            data.append((media_type, _text(content)))
            continue
        name = _plain(content["file"])
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name} is no name of a picture")
        raw = picture(name)
        if raw is not None and name.endswith(".svg"):
            raw = raw.replace(b"\r\n", b"\n")  # git may have changed the ends of lines
        if raw is None or sha256(raw) != content["sha256"]:
            damage.append(f"{name} is {'missing' if raw is None else 'not the picture that was recorded'}")
            continue
        data.append((media_type, raw.decode("utf-8", "surrogatepass") if media_type == "image/svg+xml" else raw))
    kind = body["kind"]
    if kind not in ("stdout", "stderr", "display", "result"):
        raise ValueError(f"there is no kind of output `{kind}`")
    return Output(kind, tuple(sorted(data)), int(body.get("width", 0)))


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _text(value: Any) -> str:
    return "\n".join(_plain(line) for line in value) if isinstance(value, list) else _plain(value)


def _index(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no number of a session")
    return value
