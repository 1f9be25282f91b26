"""What came out of a cell → pieces for a slide: of each output the form that a slide shows best."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from deckcast.htmltree import Node, parse
from deckcast.markup import Dialect, Math, plain_math, to_html
from deckcast.model import Failure, Output, Prose, Result, Where
from deckcast.render import ansi, notices, pictures, sanitise
from deckcast.render.highlight import Painter, lexer, runs
from deckcast.render.pieces import HOLDER, Figure, Fixed, Piece, Text, Words

NEEDS = {"hub": "the model hub", "gpu": "a GPU"}
"""What the needs of a cell are called on a slide."""

_OBJECT = re.compile(r"<[\w.]+ object(?: at 0x[0-9a-f…]+)?>")


@dataclass(frozen=True, slots=True)
class Showing:
    """What outputs need of the slide on which they are shown."""

    alt: str
    """What a picture is called for those who do not see it."""
    keep: Callable[[bytes, str], str]
    """Has the bytes of a media type served; answers their address."""
    math: Callable[[Math], str] = field(default=plain_math)


def pieces(result: Result, limit: int, showing: Showing) -> tuple[Piece, ...]:
    """All that a result shows. `limit` is what a cell may put out, in kilobytes."""
    if result.lacking:
        needs = " and ".join(NEEDS.get(need, need) for need in result.lacking)
        return (Fixed(f'<div class="cell-lacking"><strong>not run here:</strong> needs {html.escape(needs)}</div>', 2),)
    found: list[Piece] = []
    folded = [0, 0]
    for output in result.outputs:
        if output.kind == "stderr" and result.failure is None:
            warnings, other, rest = notices.fold(_text(output))
            folded[0] += warnings
            folded[1] += other
            found += _terminal(rest, output.kind)
        elif output.kind in ("stdout", "stderr"):
            found += _terminal(_text(output), output.kind)
        else:
            found.append(_display(output, showing))
    if result.dropped:
        found.append(Fixed(f'<p class="cell-cut">… output cut at {limit} kB</p>'))
    if any(folded):
        found.append(Fixed(f'<p class="cell-warnings">{notices.told(*folded)}</p>'))
    if result.failure is not None:
        found += _failure(result.failure)
    return tuple(found)


def unshown(result: Result) -> tuple[str, ...]:
    """Media types of outputs of which a slide shows the plain text, and nothing of what they are."""
    return tuple(
        name
        for output in result.outputs
        if output.kind in ("display", "result") and _is_only_words(output)
        for name, _ in output.data
        # The HTML of many objects says no more than their plain text does.
        if name != "text/plain" and (name != "text/html" or _says_nothing(output))
    )


def _is_only_words(output: Output) -> bool:
    shown = _display(output, Showing("", lambda *_: ""))
    return isinstance(shown, Text) and shown.kind == "cell-result"


def _terminal(text: str, kind: str) -> Iterator[Piece]:
    lines = ansi.read(text.expandtabs(8).rstrip())
    if any(map(ansi.length, lines)):
        yield Text(f"cell-{kind}", lines)


def _display(output: Output, showing: Showing) -> Piece:
    picture = pictures.find(output)
    if picture is not None:
        data, media_type, size = picture
        return Figure(showing.keep(data, media_type), showing.alt, size)
    source = output.get("text/html")
    if isinstance(source, str) and len(source) <= sanitise.LONGEST:
        root = parse(source)
        if sanitise.is_simple(root) or (_says_nothing(output) and sanitise.words(root).strip()):
            return Words(_unwrapped(root))
    markdown = output.get("text/markdown")
    if isinstance(markdown, str) and len(markdown) <= sanitise.LONGEST:
        return _markdown(markdown, showing)
    latex = output.get("text/latex")
    if isinstance(latex, str):
        math = _formula(latex)
        return Fixed(f'<div class="cell-words">{showing.math(math)}</div>', 2 + math.tex.count(r"\\"))
    data_text = output.get("application/json")
    if isinstance(data_text, str) and (lines := _json(data_text)) is not None:
        return Text("cell-json", lines)
    return Text("cell-result", ansi.read(_text(output).expandtabs(8).strip("\n")))


def _text(output: Output) -> str:
    """In plain words; what has none says what it is."""
    text = output.get("text/plain")
    if isinstance(text, str):
        return text
    return f"({', '.join(name for name, _ in output.data)})" if text is None else ""


def _says_nothing(output: Output) -> bool:
    """Whether the plain words are only those of an object that has none: `<IPython.core.display.HTML object>`."""
    text = output.get("text/plain")
    return text is None or (isinstance(text, str) and _OBJECT.fullmatch(text.strip()) is not None)


def _unwrapped(root: Node) -> Node:
    """Without the elements around all of it, and with no blanks between tables and their like."""
    while True:
        children = [child for child in root.children if not isinstance(child, str) or child.strip()]
        children = [child for child in children if isinstance(child, str) or child.tag not in sanitise.LEFT_OUT]
        if len(children) == 1 and isinstance(children[0], Node) and children[0].tag in ("div", "html", "body"):
            root = children[0]
        else:
            return Node("", {}, children if any(isinstance(one, Node) for one in children) else root.children)


def _markdown(source: str, showing: Showing) -> Piece:
    """Markdown, its own HTML cleaned; code and formulas are ours and stand for themselves."""
    made: list[str] = []

    def hold(text: str) -> str:
        made.append(text)
        return HOLDER.format(len(made) - 1)

    source = re.sub("[\ue000\ue001]", "", source)
    painter = Painter()
    lines = source.count("\n") + 1
    prose = Prose(source, (Where("", 1),) * lines)
    markup = to_html(
        (prose,),
        Dialect(highlight_lines=False, extras=frozenset({"admonitions", "definitions", "tasks"})),
        code=lambda code: hold(painter(code)),
        math=lambda math: hold(showing.math(math)),
    )
    return Words(markup.html, tuple(made))


def _formula(source: str) -> Math:
    tex = source.strip()
    for begin, end in (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$")):
        if tex.startswith(begin) and tex.endswith(end) and len(tex) > len(begin) + len(end):
            tex = tex[len(begin) : -len(end)]
            break
    return Math(tex.strip().removeprefix(r"\displaystyle").strip(), True, source, None)


def _json(text: str) -> tuple[ansi.Line, ...] | None:
    try:
        pretty = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    found = lexer("json")
    coloured = runs(found, pretty) if found else None
    return coloured if coloured is not None else ansi.read(pretty)


def _through_the_deck(traceback: str) -> str:
    """A Python traceback without the frames inside libraries, and without any where its only line is right above it.

    Viewers see the code; the author, whose build fails, is told the whole way.
    """
    frames = ansi.plain(traceback).split("\n\n")
    if not frames[0].startswith("Traceback (most recent call last)") or len(frames) < 3:
        return ansi.plain(traceback)
    own = [frame for frame in frames[1:-1] if not frame.lstrip().startswith("File ")]
    return "\n\n".join([frames[0], *own, frames[-1]]) if len(own) > 1 else frames[-1]


def _failure(failure: Failure) -> Iterator[Piece]:
    """The exception's name and message, then the way to it through the deck."""
    message = failure.message.strip()
    first, *more = message.split("\n") if message else [""]
    shown = html.escape(first if len(first) <= 240 else f"{first[:239]}…", quote=False)
    head = f"<strong>{html.escape(failure.name, quote=False)}</strong>" + (f": {shown}" if shown else "")
    yield Fixed(f'<div class="cell-error">{head}</div>', 2)
    way = [line for line in _through_the_deck(failure.traceback).expandtabs(8).rstrip().split("\n") if line.strip("-")]
    last = f"{failure.name}: {message}".split("\n")
    if way[-len(last) :] == last or way[-1:] == [failure.name]:
        del way[-len(last) if way[-len(last) :] == last else -1 :]
        way += more
    elif not way:
        way = more
    if way:
        yield Text("cell-traceback", ansi.read("\n".join(way)))
