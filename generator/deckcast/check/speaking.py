"""Words that voices say badly, or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject
from deckcast.markup.extras import code_of
from deckcast.model import Sentence
from deckcast.places import place, source_line

_DIGITS = re.compile(r"(?<![\w.,])\d{8,}(?![\w.,]*\d)")
_MIXED = re.compile(r"(?<![\w/.-])(?=\w*\d)(?=\w*[A-Za-z])\w{10,}(?![\w/.-])", re.ASCII)
_CAPITALS = re.compile(r"\b[A-Z]{9,}\b")
_CLUSTER = re.compile(r"\b\w*[bcdfghjklmnpqrstvwxz]{6,}\w*\b", re.I)
_SHORT_CODE = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]+:(?!\w)")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


@rule(
    "notes-unspeakable",
    "warning",
    bad="""
    # Commits

    ???

    The mistake came with commit a3f5c9e77b1d22. 🎉
    """,
    good="""
    # Commits

    ???

    The mistake came with one commit of last May.
    """,
)
def unspeakable(subject: Subject) -> Iterator[Hit]:
    """A voice cannot say this well.

    Emoji and short-codes (`:smile:`), digests and other mixtures of letters and digits, long numbers without commas,
    long words in capitals or without vowels, brackets that are never closed. Say it in other words, or say how it
    sounds: an entry in the setting `lexicon`, or `[say "…"]…[/say]`. Units, dates, code, paths and addresses are
    put into words by themselves.
    """
    for step in subject.deck.steps:
        script = subject.scripts.get(step.index)
        known = {word for word, _ in subject.own(step).narration.lexicon}
        for one in script.sentences if script else ():
            for word, message, hint in _odd(one, known):
                written = word if word.isascii() or place(step.notes, word) else code_of(word)
                where = place(step.notes, written) or one.where
                line = source_line(step.notes, where)
                yield Hit(message, where, line, len(written), hint)


def _odd(sentence: Sentence, known: set[str]) -> Iterator[tuple[str, str, str]]:
    text = sentence.written
    for character in dict.fromkeys(text):
        if _is_emoji(character):
            yield character, f"`{character}` is not spoken", "say it in words, or take it out"
    for match in _SHORT_CODE.finditer(text):
        yield match[0], f"`{match[0]}` is spoken as a word", "say it in words, or take it out"
    lexicon = "say it in other words, or how it sounds: `lexicon: {{{word}: …}}`"
    for pattern, message in (
        (_DIGITS, "`{word}` is spoken as one long number"),
        (_MIXED, "`{word}` is spoken letter by letter"),
        (_CAPITALS, "`{word}` is spoken as one word, if a voice can"),
        (_CLUSTER, "`{word}` cannot be spoken as a word"),
    ):
        for match in pattern.finditer(text):
            word = match[0]
            if word not in known and not (pattern is _CLUSTER and not any(map(str.islower, word))):
                yield word, message.format(word=word), lexicon.format(word=word)
    yield from _open_bracket(text)


def _open_bracket(text: str) -> Iterator[tuple[str, str, str]]:
    """The first bracket that is not closed in its sentence; code and lists such as `a)` are left alone."""
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character in _PAIRS:
            waiting.append(at)
        elif waiting and character == _PAIRS[text[waiting[-1]]]:
            waiting.pop()
    if waiting:
        at = waiting[0]
        word = re.match(r"\S+", text[at:])
        shown = word[0] if word else text[at]
        yield shown, f"`{text[at]}` is never closed in this sentence", "close it, or part the sentence otherwise"


def _is_emoji(character: str) -> bool:
    return ord(character) >= 0x2600 and unicodedata.category(character) == "So"


RULES = (unspeakable,)
