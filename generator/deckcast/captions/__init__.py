"""What is said, as captions. Pure: used by what writes the video file, and by what writes files beside it.

chunks.py     what is said, as words with their times; graphemes.py: what a reader takes for one character
breaks.py     where a line may end, and how good that is, by language; limits.py: how much a reader can take
cues.py       when which words are shown, in how many lines; direction.py: languages that run from right to left
check.py      which captions break which rule
write.py      cues as WebVTT and SubRip
"""

from __future__ import annotations

from deckcast.captions.check import Flaw, findings, flaws
from deckcast.captions.cues import Cue, cues

__all__ = ["Cue", "Flaw", "cues", "findings", "flaws"]
