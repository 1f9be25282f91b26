"""From notes to what a voice is told: sentences with a written and a spoken form.

    Block ─flatten─▶ Written ─cut at pauses, split─▶ sentences ─rules─▶ atoms ─assemble─▶ Sentence

The written form stays as the author wrote it, for captions; the spoken form is what any engine says well. One
list of tokens leads from each to the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deckcast.markup.values import Block
from deckcast.model import Sentence, Where
from deckcast.spoken import english, neutral
from deckcast.spoken.assemble import assemble
from deckcast.spoken.atoms import Atom, scan
from deckcast.spoken.code import code, url
from deckcast.spoken.flatten import Pause, Written, cut_at_pauses, flatten
from deckcast.spoken.split import sentences as split
from deckcast.spoken.tex import tex

__all__ = ["sentences"]

NOWHERE = Where("<text>", 1)

_TERMINAL = ".!?…。！？।؟"
_CLOSING = "\"')]}”’»"
_PART_PAUSE = 0.1
"""Seconds between the parts of a sentence that was too long."""


def sentences(
    blocks: Iterable[Block], language: str = "en", *, sentence_pause: float = 0.4, paragraph_pause: float = 0.75
) -> tuple[Sentence, ...]:
    """What is said, sentence by sentence, with the pause after each in seconds.

    A pause that the author asks for (`[pause 2s]`) takes the place of ours; after the last sentence there is none
    but the author's. A sentence whose spoken form is empty is silence alone: a pause before the first words.
    """
    found: list[Sentence] = []
    asked = True  # whether the pause after the last sentence is already known
    before: Block | None = None
    for block in blocks:
        close = before is not None and block.kind == before.kind and block.kind in ("item", "cell")
        gap = sentence_pause if close else paragraph_pause
        pieces = tuple(cut_at_pauses(flatten(block)))
        for index, piece in enumerate(pieces):
            if isinstance(piece, Pause):
                seconds = piece.seconds + (found[-1].pause if found and asked else 0.0)
                if found:
                    found[-1] = replace(found[-1], pause=seconds)
                else:
                    found.append(Sentence("", "", (), seconds, piece.where or NOWHERE))
                asked = True
                continue
            parts = tuple(split(piece, ordinals=not _is_english(language)))
            for number, written in enumerate(parts, 1):
                ends = number == len(parts) and index == len(pieces) - 1
                sentence = _sentence(written, language, last="." if ends else ",")
                if not sentence.tokens:
                    continue
                if not asked:
                    found[-1] = replace(found[-1], pause=gap)
                found.append(sentence)
                asked = False
                gap = sentence_pause if _is_whole(written.text) else _PART_PAUSE
        before = block
    return tuple(found)


def _sentence(written: Written, language: str, *, last: str) -> Sentence:
    """`last`: the mark with which the spoken form ends where the author has written none."""
    is_english = _is_english(language)
    atoms: list[Atom] = []
    for region in written.regions:
        text = written.text[region.begin : region.end]
        if region.kind == "text":
            atoms += scan(written.text, region.begin, region.end, english.RULES if is_english else neutral.RULES)
        elif region.kind == "code":
            atoms.append(Atom(region.begin, region.end, code(text) if is_english else neutral.words_of(text)))
        elif region.kind == "url":
            atoms.append(Atom(region.begin, region.end, url(text) if is_english else neutral.host_of(text)))
        elif region.kind == "math":
            atoms.append(Atom(region.begin, region.end, tex(text)))
    spoken, tokens = assemble(written.text, atoms, "" if is_english else neutral.SIGNS)
    if tokens and not _is_whole(spoken):
        spoken = spoken.rstrip(",;:") + last
    return Sentence(written.text, spoken, tokens, 0.0, written.where(0) or NOWHERE)


def _is_english(language: str) -> bool:
    return language.replace("_", "-").partition("-")[0].lower() == "en"


def _is_whole(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _TERMINAL
