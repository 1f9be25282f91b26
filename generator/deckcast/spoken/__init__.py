"""From notes to what a voice is told: sentences with a written and a spoken form.

    Block ─flatten─▶ Written ─directions, lexicon, split─▶ sentences ─rules─▶ atoms ─assemble─▶ Sentence

The written form stays as the author wrote it, for captions; the spoken form is what any engine says well. One
list of tokens leads from each to the other. What the author says about a word comes before all rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

from deckcast.markup.values import Block
from deckcast.model import Point, Sentence, Where
from deckcast.settings import Pairs
from deckcast.spoken import english, foreign, neutral
from deckcast.spoken.assemble import assemble
from deckcast.spoken.atoms import Atom, Rule, scan
from deckcast.spoken.code import code, url
from deckcast.spoken.directions import Cue, Directions, Pause, Slip
from deckcast.spoken.flatten import Region, Written, flatten
from deckcast.spoken.ipa import Sounds
from deckcast.spoken.language import family
from deckcast.spoken.language import language as known_language
from deckcast.spoken.pronounce import pronounce
from deckcast.spoken.split import ENGLISH, OTHER, Abbreviations
from deckcast.spoken.split import sentences as split
from deckcast.spoken.tex import tex

__all__ = ["Script", "Slip", "Sounds", "clicks_in", "points_in", "read", "sentences"]

NOWHERE = Where("<text>", 1)

_TERMINAL = ".!?…。！？।؟"
_CLOSING = "\"')]}”’»"
_PART_PAUSE = 0.1
"""Seconds between the parts of a sentence that was too long, or is spoken by two voices."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is said over one step."""

    sentences: tuple[Sentence, ...]
    slips: tuple[Slip, ...] = ()
    """Marks that cannot be followed."""
    voices: tuple[tuple[str, Where | None], ...] = ()
    """Each voice that the notes name, and where."""
    used: frozenset[str] = frozenset()
    """The entries of the lexicon that were found."""
    clicks: tuple[Where | None, ...] = ()
    """Where each `[click]` stands, in order."""
    sounds: tuple[Sounds, ...] = ()
    """Each time that the author gives sounds for a word."""
    pauses: tuple[tuple[str, Where | None, int], ...] = ()
    """Each `[pause …]`, where it stands, and behind how many sentences with words."""
    manners: tuple[tuple[str, Where | None], ...] = ()
    """Each `[voice …]` and `[rate …]`, and where it stands."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a language is read."""

    family: str
    rules: tuple[Rule, ...]
    code: Callable[[str], str]
    url: Callable[[str], str]
    kept: str
    """Signs that the voice says in its own language."""
    abbreviations: Abbreviations


@cache
def _manner(tag: str) -> _Manner:
    own = family(tag)
    if own == "en":
        return _Manner(own, english.RULES, code, url, "", ENGLISH)
    known = known_language(tag)
    if known is None:
        return _Manner(own, neutral.RULES, neutral.words_of, neutral.host_of, neutral.SIGNS, OTHER)
    abbreviations = OTHER.joined(known.abbreviations, known.ends, known.numbered, ordinals=known.ordinal_point)
    code_of = partial(foreign.code, language=known)
    return _Manner(own, foreign.rules(known), code_of, neutral.host_of, neutral.SIGNS, abbreviations)


def sentences(
    blocks: Iterable[Block], language: str = "en", *, sentence_pause: float = 0.4, paragraph_pause: float = 0.75
) -> tuple[Sentence, ...]:
    """The sentences alone, without a lexicon."""
    return read(blocks, language, sentence_pause=sentence_pause, paragraph_pause=paragraph_pause).sentences


def clicks_in(blocks: Iterable[Block]) -> int:
    """How often the notes ask for the next step."""
    return len(_directed(blocks).clicks)


def points_in(blocks: Iterable[Block]) -> int:
    """How often the notes move the pointer."""
    return _directed(blocks).points


def _directed(blocks: Iterable[Block]) -> Directions:
    directions = Directions("")
    for block in blocks:
        for _ in directions.read(flatten(block)):
            pass
    return directions


def read(
    blocks: Iterable[Block],
    language: str = "en",
    lexicon: Pairs = (),
    *,
    sentence_pause: float = 0.4,
    paragraph_pause: float = 0.75,
) -> Script:
    """What is said, sentence by sentence, with the pause after each in seconds.

    A pause that the author asks for (`[pause 2s]`) takes the place of ours; after the last sentence there is none
    but the author's. A sentence whose spoken form is empty is silence alone: a pause before the first words. A click,
    or what moves the pointer, belongs to the word behind it; where a pause comes first, or no more words, it belongs
    to the end of those before.
    """
    return _read(tuple(blocks), language, lexicon, sentence_pause, paragraph_pause)


@lru_cache(maxsize=1000)  # a build asks for the voice, and for every file that shows notes
def _read(
    blocks: tuple[Block, ...], language: str, lexicon: Pairs, sentence_pause: float, paragraph_pause: float
) -> Script:
    found: list[Sentence] = []
    manner = _manner(language)
    directions = Directions(manner.family)
    used: set[str] = set()
    sounds: list[Sounds] = []
    pauses: list[tuple[str, Where | None, int]] = []
    asked = True  # whether the pause after the last sentence is already known
    waiting: list[Cue] = []  # whose word has not come yet
    before: Block | None = None
    for block in blocks:
        close = before is not None and block.kind == before.kind and block.kind in ("item", "cell")
        gap = sentence_pause if close else paragraph_pause
        pieces = list(directions.read(flatten(block)))
        filled = [number for number, one in enumerate(pieces, 1) if isinstance(one, Pause) or one.written.text]
        for index, piece in enumerate(pieces, 1):
            if isinstance(piece, Pause):
                pauses.append((piece.mark, piece.where, sum(1 for one in found if one.spoken)))
                seconds = piece.seconds + (found[-1].pause if found and asked else 0.0)
                if found:
                    found[-1] = replace(_ended(found[-1], waiting), pause=seconds)
                else:
                    found.append(_ended(Sentence("", "", (), seconds, piece.where or NOWHERE), waiting))
                asked, waiting = True, []
                continue
            pronounced, entries, given = pronounce(piece.written, lexicon, manner.family)
            used |= entries
            sounds += given
            parts = tuple(split(pronounced, manner.abbreviations))
            cues = list(piece.cues)
            end = 0
            for number, written in enumerate(parts, 1):
                begin = pronounced.text.index(written.text, end)
                end = begin + len(written.text)
                own = [replace(cue, at=max(cue.at - begin, 0)) for cue in cues if cue.at < end]
                del cues[: len(own)]
                ends = number == len(parts) and index == filled[-1]
                sentence = _sentence(written, manner, last=_last(written, ends=ends))
                if not sentence.tokens:
                    waiting += own
                    continue
                if not asked:
                    found[-1] = replace(found[-1], pause=gap)
                own = [*(replace(cue, at=0) for cue in waiting), *own]
                found.append(_cued(replace(sentence, voice=piece.voice, rate=piece.rate), own))
                asked, waiting = False, []
                gap = sentence_pause if _is_whole(written.text) else _PART_PAUSE
            waiting += cues
        before = block
    if found:
        found[-1] = _ended(found[-1], waiting)
    told = tuple(directions.slips), tuple(directions.named), frozenset(used), tuple(directions.clicks)
    said = tuple(dict.fromkeys((*directions.sounds, *sounds)))
    return Script(tuple(found), *told, said, tuple(pauses), tuple(directions.manners))


def _ended(sentence: Sentence, cues: Sequence[Cue]) -> Sentence:
    """The sentence with more cues at its end."""
    return _cued(sentence, [replace(cue, at=len(sentence.written)) for cue in cues])


def _cued(sentence: Sentence, cues: Sequence[Cue]) -> Sentence:
    clicks = (cue.at for cue in cues if cue.words is None)
    points = (Point(cue.at, cue.words, cue.where) for cue in cues if cue.words is not None)
    return replace(sentence, clicks=(*sentence.clicks, *clicks), points=(*sentence.points, *points))


def _last(written: Written, *, ends: bool) -> str:
    """The mark with which the spoken form ends where it has none."""
    if written.regions and written.regions[-1].kind == "said" and _is_whole(written.text):
        return written.text.rstrip(_CLOSING)[-1]  # `[say "burt"]BERT?[/say]`
    return "." if ends else ","


def _sentence(written: Written, manner: _Manner, *, last: str) -> Sentence:
    atoms: list[Atom] = []
    for index, region in enumerate(written.regions):
        text = written.text[region.begin : region.end]
        if region.kind == "text":
            atoms += scan(written.text, region.begin, region.end, manner.rules)
        elif region.kind == "code":
            text = _rest_of_code(text, written.regions, index)
            atoms.append(Atom(region.begin, region.end, manner.code(text)))
        elif region.kind == "url":
            atoms.append(Atom(region.begin, region.end, manner.url(text)))
        elif region.kind == "math":
            atoms.append(Atom(region.begin, region.end, tex(text)))
        else:
            said = region.spoken or _as_written(text, region.below, manner)
            atoms.append(Atom(region.begin, region.end, said, region.ipa))
    spoken, tokens, phonemes = assemble(written.text, atoms, manner.kept)
    if tokens and not _is_whole(spoken):
        spoken = spoken.rstrip(",;:") + last
    return Sentence(written.text, spoken, tokens, 0.0, written.where(0) or NOWHERE, phonemes=phonemes)


def _as_written(text: str, kind: str, manner: _Manner) -> str:
    """What the rules say for a word of which the author gives the sounds alone."""
    return _sentence(Written(text, (Region(0, len(text), kind),), ()), manner, last="").spoken


def _rest_of_code(text: str, regions: tuple[Region, ...], index: int) -> str:
    """Code without the hyphens that join it to words of the lexicon: the `-base` of `bert-base`."""
    if index and regions[index - 1].kind == "said" and text[1:2].isalnum():
        text = text.removeprefix("-")
    if regions[index + 1 : index + 2] and regions[index + 1].kind == "said" and text[-2:-1].isalnum():
        text = text.removesuffix("-")
    return text


def _is_whole(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _TERMINAL
