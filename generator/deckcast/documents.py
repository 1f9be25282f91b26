"""What `--json` prints, as JSON schemas (2020-12), so that programs can rely on it.

`version` is raised when a name goes or changes its meaning; names may be added at any time, so whoever reads these
documents should leave alone what they do not know.
"""

from __future__ import annotations

from typing import Any

from deckcast.schema import DRAFT, FORMS, schema

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
YES: Schema = {"type": "boolean"}


def _or_null(kind: Schema) -> Schema:
    return {"anyOf": [kind, {"type": "null"}]}


def _list(kind: Schema) -> Schema:
    return {"type": "array", "items": kind}


def _object(about: str = "", /, **names: Schema) -> Schema:
    made: Schema = {"type": "object", "properties": names, "required": list(names)}
    return {"description": about, **made} if about else made


def _about(kind: Schema, text: str) -> Schema:
    return {**kind, "description": text}


FINDING = _object(
    "A mistake, or what the author should know.",
    code=_about(TEXT, "of its kind: `slide-words`"),
    severity={"enum": ["error", "warning", "note"]},
    message=TEXT,
    file=_or_null(TEXT),
    line=_or_null(_about(WHOLE, "from 1")),
    column=_or_null(_about(WHOLE, "from 1, in characters")),
    end_column=_or_null(_about(WHOLE, "one past the last character that is meant")),
    slide=_or_null(_about(TEXT, 'of the deck: `slide 7 "Caching"`')),
    hint=_or_null(_about(TEXT, "what to do")),
    details=_list(_object(heading=TEXT, text=TEXT)),
)
_PROVENANCE = _object(
    "Where, when and with what cells ran.",
    date=_about(TEXT, "UTC, to the second"),
    kernel=TEXT,
    language=TEXT,
    system=TEXT,
    cpu=TEXT,
    cores=WHOLE,
    memory=_about(WHOLE, "bytes"),
    accelerators=_list(TEXT),
    versions=_list(_list(TEXT)),
)
_LESSON = _object(
    name=TEXT,
    title=TEXT,
    video=TEXT,
    files=_list(TEXT),
    seconds=NUMBER,
    slides=WHOLE,
    durations=_about(_list(NUMBER), "seconds of each step"),
    words=WHOLE,
    voice=TEXT,
    unchanged=_about(YES, "nothing had changed, and nothing was made again"),
    stages=_list(_object(name=TEXT, made=WHOLE, kept=WHOLE, seconds=NUMBER)),
)
_CHECKED = _object(
    name=TEXT,
    deck=TEXT,
    slides=WHOLE,
    seconds=_about(NUMBER, "that it would last"),
    words=WHOLE,
    durations=_list(NUMBER),
    shown_words=_about(_list(WHOLE), "to be read on each slide"),
    drawn=YES,
    skipped=_or_null(_about(TEXT, "why no slide was drawn")),
    fixed=_list(_object(file=TEXT, line=WHOLE, code=TEXT, before=TEXT, after=TEXT)),
    fixable=WHOLE,
)
_CELL = _object(
    cell=_about(WHOLE, "position in the chapter, from 1"),
    name=_or_null(TEXT),
    language=TEXT,
    file=TEXT,
    line=WHOLE,
    slide=WHOLE,
    outputs=_list(
        _object(
            kind={"enum": ["stdout", "stderr", "display", "result"]},
            data={
                "type": "object",
                "additionalProperties": {"anyOf": [TEXT, _object(bytes=WHOLE, sha256=TEXT)]},
                "description": "by media type: text, or size and digest of a picture",
            },
        )
    ),
    failure=_or_null(_object(name=TEXT, message=TEXT, traceback=TEXT, line=WHOLE)),
    dropped=_about(WHOLE, "bytes beyond the limit"),
    seconds=NUMBER,
    peak=_about(WHOLE, "bytes of memory"),
    lacking=_list(TEXT),
    provenance=_or_null(_PROVENANCE),
)
_VALUE = _object(file=TEXT, line=WHOLE, slide=WHOLE, language=TEXT, expression=TEXT, value=TEXT)
_SAID = _object(
    file=TEXT,
    slide=WHOLE,
    voice=TEXT,
    seconds=NUMBER,
    spoken=NUMBER,
    words=WHOLE,
    words_a_minute=NUMBER,
    sentences=_list(_object(step=WHOLE, start=NUMBER, stop=NUMBER, text=TEXT)),
)
_EXPORTED = _object(
    folder=TEXT,
    slides=WHOLE,
    files=_list(
        {
            **_object(file=TEXT, kind=TEXT, size=_about(WHOLE, "bytes")),
            "properties": {
                "file": TEXT,
                "kind": TEXT,
                "size": _about(WHOLE, "bytes"),
                "slide": _about(WHOLE, "of pictures"),
                "step": WHOLE,
                "width": WHOLE,
                "height": WHOLE,
            },
        }
    ),
)
_ENGINE = _object(
    name=TEXT,
    works=YES,
    reason=TEXT,
    mend=_or_null(TEXT),
    online=YES,
    voices=_list(_object(voice=TEXT, about=TEXT)),
    note=_or_null(TEXT),
)

DOCUMENTS: dict[str, Schema] = {
    "build": _object(lessons=_list(_LESSON), diagnostics=_list(FINDING)),
    "check": _object(lessons=_list(_CHECKED), diagnostics=_list(FINDING)),
    "run": _object(cells=_list(_CELL), values=_list(_VALUE), diagnostics=_list(FINDING)),
    "say": _object(said=_or_null(_SAID), diagnostics=_list(FINDING)),
    "export": _object(exported=_or_null(_EXPORTED), diagnostics=_list(FINDING)),
    "voices": _object(
        language=TEXT,
        auto=_or_null(_object(voice=TEXT, why=TEXT)),
        engines=_list(_ENGINE),
        diagnostics=_list(FINDING),
    ),
    "config": _object(
        file=_or_null(TEXT),
        settings=_list(_object(name=TEXT, value={}, origin=_list(TEXT), given=YES)),
    ),
    "clean": _object(
        dry_run=YES,
        lessons=_list(_object(name=TEXT, folder=TEXT, bytes=WHOLE)),
        kept=_or_null(_object(answers=WHOLE, files=WHOLE, bytes=WHOLE, bytes_left=WHOLE)),
    ),
    "doctor": _object(
        checks=_list(_object(name=TEXT, mark={"enum": ["ok", "could be better", "missing"]}, detail=TEXT, mend=TEXT)),
    ),
}
"""By command. Each also has `version` and `ok`."""

NAMES = (*FORMS, *DOCUMENTS)


def document(name: str) -> Schema:
    """The schema of that name: of a file that authors write, or of what a command prints."""
    if name in FORMS:
        return schema(name)
    made = DOCUMENTS[name]
    common = {"version": {"const": 1}, "ok": _about(YES, "whether the command ends with 0")}
    return {
        "$schema": DRAFT,
        "title": f"deckcast {'config show' if name == 'config' else name} --json",
        **made,
        "properties": {**common, **made["properties"]},
        "required": [*common, *made["required"]],
    }
