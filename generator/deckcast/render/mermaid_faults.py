"""What Mermaid says of a wrong diagram, at its place in the author's text, in words and with a hint."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from deckcast.errors import DrawingError
from deckcast.markup import Diagram

KINDS = re.findall(
    r"\S+",
    """flowchart sequenceDiagram classDiagram stateDiagram-v2 erDiagram gantt pie mindmap timeline quadrantChart
    gitGraph sankey-beta xychart-beta block-beta journey requirementDiagram packet-beta radar-beta kanban treemap-beta
    architecture-beta C4Context graph""",
)
MANUAL = "https://mermaid.js.org/intro/ tells how each kind of diagram is written"

_FRONT_MATTER = re.compile(r"[ \t]*-{3}[ \t]*\n.*?\n[ \t]*-{3}[ \t]*\n+", re.DOTALL)
_COMMENT = re.compile(r"\s*%%(?!\{)")
_DIRECTIVE = re.compile(r"\s*%%\{.*\}%%\s*")
_LINE = re.compile(r"on line:? (\d+)(?:,? column:? (\d+))?", re.IGNORECASE)
_SIGNS = {
    "SQE": "]",
    "PE": ")",
    "STADIUMEND": "])",
    "SUBROUTINEEND": "]]",
    "CYLINDEREND": ")]",
    "DIAMOND_STOP": "}",
    "HEXAGON_END": "}}",
    "DOUBLECIRCLEEND": ")))",
    "TAGEND": ">",
    "PIPE": "|",
    "COLON": ":",
    "end": "end",
    "STRUCT_STOP": "}",
    "CLOSE_BRACE": "}",
    "BLOCK_STOP": "}",
    "STR": "a text in quotes",
    "NEWLINE": "the end of the line",
    "LINK": "an arrow",
    "ARROW": "an arrow",
    "NODE_STRING": "a name",
    "ALPHA": "a name",
    "ACTOR": "a name",
    "TXT": "`:` and a text",
    "ID": "a name",
}
_CLOSES = {"[": "]", "(": ")", "{": "}", '"': '"'}
_ADVICE = (
    (r"only (?:one|be one) root|only one root", "indent all other lines deeper than the first one"),
    (r"invalid date", "write dates as `dateFormat` says: `2024-02-29`"),
    (r"inactive participant", "`activate` it before, or leave this out"),
    (r"not yet created", "`branch` comes before `checkout`"),
    (
        r"edges? (?:limit|exceed)|too many edges|maximum text size",
        "make it smaller: nobody can read that much on a slide",
    ),
)
_WORDS = {sign for sign in _SIGNS.values() if " " in sign}


def fault(diagram: Diagram, said: Mapping[str, Any]) -> DrawingError:
    """The mistake of a diagram: `said` is what the script `mermaid.js` answers."""
    message = str(said["error"])
    text = str(said.get("text", ""))
    expected = [str(one).strip("'\"") for one in said.get("expected", ())]
    kept = kept_lines(diagram.source)
    if message.startswith(("No diagram type detected", "UnknownDiagramError")):
        return _unknown(diagram, kept)
    number, column = _position(diagram, message, text, said.get("behind", (0, 0)), kept)
    if number is None:
        at, begin, width = _named(diagram, message, kept)
        return _error(diagram, _first_sentence(message), at, begin, width, _advice(message))
    line = diagram.line(number)
    if str(said.get("token", "")) in ("EOF", "1") or re.search(r"got '(?:EOF|1)'|end of (?:file|input)", message):
        open_ = _unclosed(diagram, kept)
        if open_ is not None:
            number, column = open_
            sign = diagram.line(number)[column]
            return _error(diagram, f"`{sign}` is not closed", number, column, 1, f"write `{_CLOSES[sign]}` behind it")
        last = max((one for one in kept if diagram.line(one).strip()), default=0)
        hint = _hint(expected, line) or "a bracket, a quote or an `end` is missing"
        return _error(diagram, "it ends too early", last, len(diagram.line(last).rstrip()), 1, hint)
    shown = text.strip() or line[column : column + 20].strip()
    if "NEWLINE" in message and not text.strip() and "got" in message:
        what = "the line ends too early"
        column = len(line.rstrip())
    elif re.search(r"Lexical error|Lexer error|Unrecognized text", message):
        what = f"`{_cut(line[column:].strip())}` cannot be read here"
    elif re.match(r"Parse error|Parsing failed|Syntax error", message, re.IGNORECASE):
        what = f"`{_cut(shown)}` does not belong here"
    else:
        what = _first_sentence(message)
    width = max(len(shown.split("\n")[0]), 1) if line[column:].startswith(shown.split("\n")[0]) else 1
    return _error(diagram, what, number, column, width, _hint(expected, line) or _advice(message))


def kept_lines(source: str) -> list[int]:
    """Which lines of the source, from 0, Mermaid reads after its front matter, directives and comments are out."""
    front = _FRONT_MATTER.match(source)
    first = front[0].count("\n") if front else 0
    lines = source.split("\n")
    kept = [
        number
        for number in range(first, len(lines))
        if not _COMMENT.match(lines[number]) and not _DIRECTIVE.fullmatch(lines[number])
    ]
    while kept and not lines[kept[0]].strip():
        del kept[0]
    return kept


def _position(
    diagram: Diagram, message: str, text: str, behind: Sequence[int], kept: Sequence[int]
) -> tuple[int | None, int]:
    found = _LINE.search(message)
    first = next((one for one in text.split("\n") if one.strip()), "").strip()
    if found is None:
        numbers = [number for number in kept if first and first in diagram.line(number)]
        return (numbers[0], diagram.line(numbers[0]).index(first)) if numbers else (None, 0)
    if not kept:
        return None, 0
    at = int(found[1]) - 1
    number = kept[min(max(at, 0), len(kept) - 1)]
    if found[2]:
        return number, int(found[2]) - 1
    line = diagram.line(number)
    begin = int(behind[1]) if int(behind[0]) == at + 1 else 0
    column = line.find(first, begin) if first else -1
    if column < 0 and first:
        column = line.find(first)
    if column < 0:
        column = len(line) - len(line.lstrip())
    return number, column


def _named(diagram: Diagram, message: str, kept: Sequence[int]) -> tuple[int, int, int]:
    """Line, column and width of the last thing that a message without a line names, where it last stands."""
    first = message.split("\n")[0]
    for word in reversed(re.findall(r"[\w-]+(?:[.:-][\w-]+)*", first.rpartition(":")[2] or first)):
        for number in reversed(kept[1:]):
            found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", diagram.line(number))
            if found:
                return number, found.start(), len(word)
    return (kept[0] if kept else 0), 0, 1


def _unclosed(diagram: Diagram, kept: Sequence[int]) -> tuple[int, int] | None:
    """Line and column of the first bracket or quote that its own line does not close, of those that are to be closed
    there."""
    for number in kept:
        line = diagram.line(number)
        if line.count('"') % 2:
            return number, line.rindex('"')
        stack: list[int] = []
        for found in re.finditer(r"\"[^\"]*\"|[\[({]|[\])}]", line):
            if found[0] in _CLOSES and len(found[0]) == 1:
                stack.append(found.start())
            elif stack and len(found[0]) == 1:
                stack.pop()
        if stack and line[stack[-1]] != "{":
            return number, stack[-1]
    return None


def _advice(message: str) -> str:
    return next((hint for pattern, hint in _ADVICE if re.search(pattern, message, re.IGNORECASE)), MANUAL)


def _unknown(diagram: Diagram, kept: Sequence[int]) -> DrawingError:
    number = kept[0] if kept else 0
    line = diagram.line(number)
    word = line.split()[0] if line.split() else ""
    if not word:
        return _error(diagram, "it is empty", -1, 0, 1, "its first line names its kind: `flowchart LR`")
    near = difflib.get_close_matches(word.lower(), [kind.lower() for kind in KINDS], n=1, cutoff=0.6)
    kind = next(kind for kind in KINDS if kind.lower() == near[0]) if near else ""
    hint = f"did you mean `{kind}`?" if kind else f"it begins with its kind: {', '.join(KINDS[:12])}, …"
    return _error(
        diagram, f"there is no kind of diagram `{_cut(word)}`", number, line.index(word), min(len(word), 40), hint
    )


def _hint(expected: Sequence[str], line: str) -> str:
    if re.search(r"\bend\b", line) and re.search(r"[\[({>-]\s*end\b|\bend\s*(?:--|==|-\.)", line):
        return "`end` closes a group: write a node of that name `End`"
    if re.search(r"[\[{(][^\"\]})]*[(){}\[\]][^\"]*[\]})]", line) and '"' not in line and not expected:
        return 'put words with brackets in quotes: `A["f(x)"]`'
    if re.search(r"(?<![-=.<ox])->(?!>)", line):
        return "an arrow is `-->`"
    signs = list(dict.fromkeys(_SIGNS[one] for one in expected if one in _SIGNS))
    if 0 < len(signs) <= 4 and len(expected) <= 12:
        return "expected is " + " or ".join(one if one in _WORDS or "`" in one else f"`{one}`" for one in signs)
    if re.search(r"\[[^\"\]]*[(){}]|\([^\")]*[\[\]{}]|\{[^\"}]*[()\[\]]|\([^\")]*\(", line):
        return 'put words with brackets in quotes: `A["f(x)"]`'
    return ""


def _first_sentence(message: str) -> str:
    first = " ".join(message.split("\n")[0].split())
    if re.match(r"[A-Z][a-z]", first):
        first = first[0].lower() + first[1:]
    return _cut(first, 160) or "Mermaid says nothing"


def _cut(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _error(diagram: Diagram, what: str, number: int, column: int, width: int, hint: str) -> DrawingError:
    return DrawingError(
        f"this diagram cannot be drawn: {what}",
        where=diagram.place(number, column),
        width=width,
        hint=hint,
        code="diagram",
    )
