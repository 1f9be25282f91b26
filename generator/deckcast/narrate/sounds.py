"""Sounds that the author gives for words, and which of them a voice can say."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from deckcast.config import pairs_of
from deckcast.model import Deck, Finding, Sentence, Step, Where
from deckcast.narrate.script import mark_at
from deckcast.places import source_line
from deckcast.ports import Voice
from deckcast.spoken import Script, Sounds

CODE = "narration-sounds"


def sayable(sentence: Sentence, voice: Voice) -> Sentence:
    """The sentence with the sounds alone that the voice has; the other words are said as they are spelled."""
    kept = tuple(one for one in sentence.phonemes if voice.lacks(one.ipa) == ())
    return dataclasses.replace(sentence, phonemes=kept)


def unsayable(
    deck: Deck, steps: Sequence[Step], scripts: Sequence[Script], speakers: Sequence[Sequence[Voice | None]]
) -> tuple[Finding, ...]:
    """Sounds that the voice of their sentence cannot say, where nothing else is given, or where it lacks some."""
    found: dict[tuple[str, ...], Finding] = {}
    for step, script, voices in zip(steps, scripts, speakers, strict=True):
        given = {one.ipa: one for one in reversed(script.sounds)}
        for sentence, voice in zip(script.sentences, voices, strict=True):
            for phonemes in sentence.phonemes if voice is not None else ():
                source = given.get(phonemes.ipa)
                if voice is None or source is None:
                    continue
                lacking = voice.lacks(phonemes.ipa)
                if lacking == () or (lacking is None and source.respelled):
                    continue
                key = (source.word, source.mark, "" if source.word else str(source.where), voice.name)
                if key not in found:
                    found[key] = _finding(deck, step, source, voice, lacking)
    return tuple(found.values())


def _finding(deck: Deck, step: Step, source: Sounds, voice: Voice, lacking: tuple[str, ...] | None) -> Finding:
    where, line, width = _place(deck, step, source)
    what = f"`{source.word}`" if source.word else "the word"
    instead = "the respelling is said" if source.respelled else f"{what} is said as it is written"
    if lacking is None:
        message = f"{voice.name} takes no sounds: {instead}"
    else:
        names = ", ".join(f"`{one}` ({'+'.join(f'U+{ord(part):04X}' for part in one)})" for one in lacking)
        message = f"{voice.name} has nothing like {names}: {instead}"
    entry = source.word or "BERT"
    example = f'`{entry} = "… /{source.ipa}/"`' if source.word else f'`[say "… /{source.ipa}/"]`'
    hint = "write another sound" if source.respelled else f"put a respelling before the sounds: {example}"
    return Finding(CODE, "warning", message, where, line, width, hint)


def _place(deck: Deck, step: Step, source: Sounds) -> tuple[Where, str, int]:
    """Where the sounds are given, if that is in the deck; else where they are first needed."""
    if not source.word:
        return mark_at(step, source.where, source.mark)
    own = step.properties.find("lexicon")
    if own is not None and source.word in own.value:
        line = f"lexicon: {own.value}"
        at = line.find(source.word)
        return dataclasses.replace(own.where, column=at + 1), line, len(source.word)
    for option in deck.options:
        if source.word in pairs_of(option, "narration.lexicon"):
            at = max(option.line.find(source.word), 0)
            return Where(option.where.path, option.where.line, at + 1), option.line, len(source.word)
    if source.where is None:
        return step.where, "", 1
    return source.where, source_line(step.notes, source.where), len(source.word)
