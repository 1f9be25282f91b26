"""The notes of a step as its speaker reads them: words, without the marks that say how they are to be spoken."""

from __future__ import annotations

from deckcast.markup import Dialect, Span, to_text, value_of
from deckcast.model import Deck, Results, Step
from deckcast.settings import Settings
from deckcast.spoken import read

CLICK = "▸ "
"""Stands before the word with which the next step shows."""


def notes(deck: Deck, step: Step, settings: Settings, results: Results, *, click: str = CLICK) -> tuple[str, ...]:
    """Its paragraphs, with the values that cells gave."""

    def value(span: Span) -> str | None:
        return value_of(span, results)

    narration = settings.narration
    script = read(
        to_text(step.notes, Dialect.of(deck, settings.slides), inline=value),
        settings.lesson.language,
        narration.lexicon,
        sentence_pause=narration.sentence_pause,
        paragraph_pause=narration.paragraph_pause,
    )
    paragraphs: list[list[str]] = []
    apart = True
    for sentence in script.sentences:
        text = sentence.written
        for at in reversed(sentence.clicks):
            text = f"{text[:at]}{click}{text[at:]}"
        if text.strip():
            if apart:
                paragraphs.append([])
            paragraphs[-1].append(text)
            apart = False
        apart = apart or sentence.pause >= narration.paragraph_pause
    return tuple(" ".join(sentences) for sentences in paragraphs)
