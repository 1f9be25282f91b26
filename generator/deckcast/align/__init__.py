"""Word times of a recording, and whether it says what is written, by comparing it with another voice."""

from deckcast.align.features import RATE
from deckcast.align.letters import by_letters, covered
from deckcast.align.words import KIND, Alignment, align, resampled, speech_in

__all__ = ["KIND", "RATE", "Alignment", "align", "by_letters", "covered", "resampled", "speech_in"]
