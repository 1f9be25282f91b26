"""From tokens to slides: `---`, `--`, `???` (FORMAT 4 to 6), definitions and macros on the way (13, 13a)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from deckcast.errors import DeckError
from deckcast.model import Link, Where
from deckcast.parse.macros import Call, stand_in
from deckcast.parse.macros import Macro as MacroFunction
from deckcast.parse.manuscript import Findings, Manuscript
from deckcast.parse.scan import scan
from deckcast.parse.tokens import Close, Definition, Macro, Open, Separator, Text, Token
from deckcast.parse.tree import Group, Nodes, Run, newline


@dataclass(frozen=True, slots=True)
class Draft:
    """A slide as it stands in the text: nothing is taken off it or inherited yet."""

    begin: int
    """Offset of its first character."""
    increment: bool
    content: Nodes
    notes: Nodes


@dataclass(slots=True)
class _Open:
    """What is being filled: a slide's content or notes, or a content class in them."""

    nodes: list[Run | Group] = field(default_factory=list)
    token: Open | None = None


class _Splitter:
    def __init__(self, manuscript: Manuscript, findings: Findings, macros: Mapping[str, MacroFunction]) -> None:
        self._manuscript = manuscript
        self._findings = findings
        self._macros = macros
        self.links: list[Link] = []
        self._stack = [_Open()]
        self._content: Nodes | None = None
        """The slide's content, once `???` has ended it."""
        self._begin = 0
        self._increment = False

    def drafts(self) -> Iterator[Draft]:
        for token in scan(self._manuscript, self._findings):
            match token:
                case Separator(mark="???"):
                    self._notes_begin(token)
                case Separator():
                    yield self._draft()
                    self._begin = min(token.end + 1, len(self._manuscript.text))
                    self._increment = token.mark == "--"
                case Definition():
                    where = self._manuscript.where(token.begin)
                    self.links.append(Link(token.id, token.url, token.title, where))
                case Macro():
                    self._stack[-1].nodes.extend(self._expand(token))
                case _:
                    self._stack = _grow(self._stack, token, self._manuscript)
        yield self._draft()

    def _notes_begin(self, token: Separator) -> None:
        nodes = self._stack[-1].nodes
        if self._content is None:
            self._content = tuple(nodes)
            self._stack = [_Open()]
            return
        self._findings.add(
            "deck-notes-twice",
            "this slide's notes have begun already",
            token.begin,
            token.end,
            "remark throws the first part away; here both are spoken: take one `???` out",
        )
        where = self._manuscript.where(token.begin)
        nodes.extend((newline(where), newline(where)))

    def _draft(self) -> Draft:
        nodes = tuple(self._stack[-1].nodes)
        content, notes = (nodes, ()) if self._content is None else (self._content, nodes)
        self._stack, self._content = [_Open()], None
        return Draft(self._begin, self._increment, content, notes)

    def _expand(self, token: Macro) -> Nodes:
        call = Call(token.name, token.arguments, token.target)
        where = self._manuscript.where(token.begin)
        macro = self._macros.get(token.name)
        if macro is None:
            self._findings.add(
                "deck-macro-unknown",
                f"there is no macro `{token.name}`",
                token.begin,
                token.end,
                "there are " + ", ".join(f"`{name}`" for name in sorted(self._macros)),
            )
            return _read(stand_in(call), where)
        return _read(_call(macro, call, where, self._manuscript.original(where)), where)


def _call(macro: MacroFunction, call: Call, where: Where, line: str) -> str:
    try:
        return str(macro(call))
    except Exception as error:  # a macro is the user's own code
        raise DeckError(
            f"the macro `{call.name}` failed: {type(error).__name__}: {error}",
            where=where,
            line=line,
            hint="look at the macro's code and at what it is given here",
            code="deck-macro",
        ) from error


def _read(text: str, where: Where) -> Nodes:
    """A macro's result as content; all of it is from the macro's place."""
    manuscript = Manuscript.made(text, where)
    stack = [_Open()]
    for token in scan(manuscript):
        if isinstance(token, Text | Open | Close):
            stack = _grow(stack, token, manuscript)
    return tuple(stack[0].nodes)


def _grow(stack: list[_Open], token: Token, manuscript: Manuscript) -> list[_Open]:
    match token:
        case Text():
            stack[-1].nodes.append(Run(manuscript, token.begin, token.end, token.code))
        case Open():
            stack.append(_Open(token=token))
        case Close():
            done = stack.pop()
            assert done.token is not None  # noqa: S101 - the scanner closes only what it opened
            where = manuscript.where(done.token.begin)
            stack[-1].nodes.append(Group(done.token.classes, done.token.block, tuple(done.nodes), where))
        case _:
            pass
    return stack


def split(
    manuscript: Manuscript, findings: Findings, macros: Mapping[str, MacroFunction]
) -> tuple[tuple[Draft, ...], tuple[Link, ...]]:
    """The deck's slides and its reference definitions. Raises `DeckError`."""
    splitter = _Splitter(manuscript, findings, macros)
    drafts = tuple(splitter.drafts())
    return drafts, _last_wins(splitter.links)


def _last_wins(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple({link.id: link for link in links}.values())
