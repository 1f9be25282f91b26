"""The author's directions in the notes, in square brackets: `[pause 1.5s]`, `[say "burt"]BERT[/say]`, `[rate 0.9]`,
`[voice flite slt]`, `[click]`, `[point "words"]`. They are taken out of the text; in code they are text, and so are all
other brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from deckcast.model import Severity, Where
from deckcast.settings import fields
from deckcast.spoken.flatten import Region, Written
from deckcast.spoken.ipa import Sounds, ended, parted
from deckcast.spoken.lexicon import inflected

_MARK = re.compile(
    r"\[(?:"
    r"(?P<click>click)"
    r"|point\s+[\"“”„«](?P<point>[^\[\]\"“”„«»]{1,300})[\"“”»]|(?P<unpoint>/\s?point)"
    r"|pause\s+(?P<pause>\d{1,4}(?:\.\d{1,3})?)\s*(?P<unit>ms|s)?"
    r"|say\s+(?:[\"“”„«](?P<quoted>[^\[\]\"“”«»]{0,300})[\"“”»]|(?P<bare>[^\[\]\"“”„«»]{1,300}))"
    r"|rate\s+(?P<rate>[\d.+-][^\[\]]{0,20})"
    r"|voice\s+(?P<voice>[^\[\]\s][^\[\]]{0,100})"
    r"|/\s?(?P<close>say|rate|voice)"
    r")\s*\]",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"(?:[.,;:!?…)\]”’»。，！？、；：]|[\"'](?!\w))+")
"""What belongs to the words before a place, if it stands right behind it."""
_ENDING = re.compile(r"(?:['’]s|s)(?!\w)")
_OPENING = "([“‘„«\"'"
_LIMITS = fields()["narration.rate"].metadata


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence that the author asked for."""

    seconds: float
    where: Where | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A place at which the picture is to change."""

    at: int
    """The offset in the text before which it stands."""
    words: str | None
    """What the pointer moves to; empty where it is taken away, None where the next step shows."""
    where: Where | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is spoken by one voice at one rate."""

    written: Written
    voice: str = ""
    """As `[voice …]` names it; empty for the slide's own."""
    rate: float = 0.0
    """0 for the slide's own."""
    cues: tuple[Cue, ...] = ()
    """In order; one past its end is behind its last word."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A mark that cannot be followed."""

    mark: str
    message: str
    hint: str
    where: Where | None
    severity: Severity = "warning"


class Directions:
    """Reads the notes of one step, block by block: a voice or rate holds until it is closed or the notes end."""

    def __init__(self, language: str) -> None:
        self.slips: list[Slip] = []
        self.sounds: list[Sounds] = []
        """Each mark that gives sounds."""
        self._language = language
        self.named: list[tuple[str, Where | None]] = []
        """Each voice that is named, and where."""
        self.clicks: list[Where | None] = []
        """Where each `[click]` stands."""
        self.manners: list[tuple[str, Where | None]] = []
        """Each mark that changes the voice or its rate, and where."""
        self.points = 0
        """How many marks move the pointer."""
        self._pointing = False
        self._voices: list[str] = []
        self._rates: list[float] = []

    def read(self, written: Written) -> Iterator[Piece | Pause]:
        """The text between the marks, and the pauses."""
        marks = [
            one
            for one in _MARK.finditer(written.text)
            if written.is_text(one.start()) and written.is_text(one.end() - 1)
        ]
        if not marks:
            yield Piece(written.cut(0, len(written.text)), *self._now)
            return
        says, marks = self._says(written, marks)
        clean, moved = written.without(_removed(written.text, marks))
        clean = clean.saying(
            self._said(clean.text, begin, end, spoken)
            for first, last, spoken in says
            for begin, end in [_trimmed(clean.text, moved(first), moved(last))]
            if begin < end
        )
        inside = _Inside(says)
        begin = 0
        cues: list[Cue] = []

        def piece(end: int, voice: str, rate: float) -> Piece:
            text = clean.text[begin:end]
            first = begin + len(text) - len(text.lstrip())
            own = tuple(replace(cue, at=max(cue.at - first, 0)) for cue in cues)
            cues.clear()
            return Piece(clean.cut(begin, end), voice, rate, own)

        for mark in marks:
            voice, rate = self._now
            if mark["quoted"] or mark["bare"] or (mark["close"] or "").lower() == "say":
                continue
            if mark.start() in inside:
                self._slip(written, mark, "counts for nothing inside `[say …]`", "put it before `[say …]`")
                continue
            at = moved(mark.start())
            if mark["click"] or mark["point"] or mark["unpoint"]:
                cues += self._cue(written, mark, at)
                continue
            if mark["pause"]:
                yield piece(at, voice, rate)
                seconds = float(mark["pause"]) / (1000 if (mark["unit"] or "").lower() == "ms" else 1)
                yield Pause(seconds, written.where(mark.start()), mark[0])
                begin = at
                continue
            self._change(written, mark)
            if self._now != (voice, rate):
                at = max(_between(clean, at), begin)
                yield piece(at, voice, rate)
                begin = at
        yield piece(len(clean.text), *self._now)

    def _cue(self, written: Written, mark: re.Match[str], at: int) -> Iterator[Cue]:
        where = written.where(mark.start())
        if mark["click"]:
            self.clicks.append(where)
            yield Cue(at, None, where)
            return
        words = " ".join((mark["point"] or "").split())
        if mark["point"] and not words:
            self._slip(written, mark, "has no words", 'write what stands on the slide: `[point "attention"]`')
        elif mark["unpoint"] and not self._pointing:
            self._slip(written, mark, "takes nothing away", 'before it, write `[point "words of the slide"]`')
        else:
            self._pointing = bool(words)
            self.points += 1
            yield Cue(at, words, where)

    def _said(self, text: str, begin: int, end: int, spoken: str) -> Region:
        said, ipa = parted(spoken)
        if not ipa:
            return Region(begin, end, "said", spoken)
        # The sounds end where the word does, so that no `s` is left standing alone behind them.
        ending = _ENDING.match(text, end)
        written = ending[0].replace("’", "'") if ending else ""
        return Region(
            begin,
            end + len(written),
            "said",
            said + inflected(said, written),
            ended(ipa, written, self._language),
        )

    @property
    def _now(self) -> tuple[str, float]:
        return (self._voices[-1] if self._voices else ""), (self._rates[-1] if self._rates else 0.0)

    def _says(
        self, written: Written, marks: Sequence[re.Match[str]]
    ) -> tuple[list[tuple[int, int, str]], list[re.Match[str]]]:
        """(begin, end, spoken) of what stands between `[say …]` and `[/say]`, and the marks without what is text."""
        found: list[tuple[int, int, str]] = []
        texts: set[int] = set()
        opened: re.Match[str] | None = None
        for mark in marks:
            closes = (mark["close"] or "").lower() == "say"
            if closes and opened is not None:
                spoken = (opened["quoted"] or opened["bare"] or "").strip()
                if any(one.isalnum() for one in spoken):
                    found.append((opened.end(), mark.start(), spoken))
                    said, ipa = parted(spoken)
                    if ipa:
                        where = written.where(opened.start())
                        self.sounds.append(Sounds(ipa, "", opened[0], where, bool(said)))
                else:
                    self._slip(written, opened, "has no words", 'write what is to be heard: `[say "burt"]BERT[/say]`')
                opened = None
            elif closes:
                self._slip(written, mark, "closes nothing", 'before it, write `[say "burt"]` in the same paragraph')
            elif mark["quoted"] is not None or (mark["bare"] and (opened is None or opened["bare"])):
                self._unclosed(written, opened, texts)
                opened = mark
            elif mark["bare"]:
                texts.add(mark.start())
        self._unclosed(written, opened, texts)
        return found, [mark for mark in marks if mark.start() not in texts]

    def _unclosed(self, written: Written, opened: re.Match[str] | None, texts: set[int]) -> None:
        """`[say hello]` that nothing closes is no mark of ours."""
        if opened is not None and opened["bare"]:
            texts.add(opened.start())
        elif opened is not None:
            self._slip(written, opened, "is not closed", "write `[/say]` behind the words, in the same paragraph")

    def _change(self, written: Written, mark: re.Match[str]) -> None:
        where = written.where(mark.start())
        if not mark["close"]:
            self.manners.append((mark[0], where))
        if mark["voice"]:
            self._voices.append(" ".join(mark["voice"].split()))
            self.named.append((self._voices[-1], where))
        elif mark["rate"]:
            rate = _number(mark["rate"])
            low, high = _LIMITS["low"], _LIMITS["high"]
            if low <= rate <= high:
                self._rates.append(rate)
            else:
                self._slip(
                    written,
                    mark,
                    "cannot be followed",
                    f"a rate is a number from {low:g} to {high:g}",
                    severity="error",
                )
        elif mark["close"]:
            name = mark["close"].lower()
            stack: list[str] | list[float] = self._voices if name == "voice" else self._rates
            if stack:
                stack.pop()
            else:
                self._slip(written, mark, "closes nothing", f"before it, write `[{name} …]`, or take it out")

    def _slip(
        self, written: Written, mark: re.Match[str], message: str, hint: str, *, severity: Severity = "warning"
    ) -> None:
        self.slips.append(Slip(mark[0], f"`{mark[0]}` {message}", hint, written.where(mark.start()), severity))


class _Inside:
    """Which places lie in one of some stretches; asked in order."""

    def __init__(self, stretches: Sequence[tuple[int, int, str]]) -> None:
        self._stretches = iter(stretches)
        self._now = next(self._stretches, None)

    def __contains__(self, at: int) -> bool:
        while self._now is not None and self._now[1] <= at:
            self._now = next(self._stretches, None)
        return self._now is not None and self._now[0] <= at


def _number(text: str) -> float:
    """NaN, which lies within no limits, where it is none."""
    return float(text) if re.fullmatch(r"\+?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})", text.strip()) else float("nan")


def _removed(text: str, marks: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """Each mark, with the blank before it where that would come to stand before a full stop."""
    spans: list[tuple[int, int]] = []
    closes = False
    for mark in reversed(marks):
        begin, end = mark.span()
        closes = (closes and end == spans[-1][0]) or _CLOSING.match(text, end) is not None
        if closes and begin and text[begin - 1] == " ":
            begin -= 1
        spans.append((begin, end))
    return spans[::-1]


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin] == " ":
        begin += 1
    while end > begin and text[end - 1] == " ":
        end -= 1
    return begin, end


def _between(written: Written, at: int) -> int:
    """The place near `at` that parts no word from its marks: behind a full stop, before an opening quote."""
    text = written.text
    closing = _CLOSING.match(text, at)
    if closing and at > 0 and text[at - 1] != " " and written.is_text(at):
        return closing.end()
    while at > 0 and text[at - 1] in _OPENING and written.is_text(at - 1) and not text[at - 2 : at - 1].isalnum():
        at -= 1
    return at
