"""Word times of a recording, and whether it says what is written, by comparing it with another voice."""

from deckcast.align.features import RATE
from deckcast.align.words import KIND, Alignment, align, resampled

__all__ = ["KIND", "RATE", "Alignment", "align", "resampled"]
