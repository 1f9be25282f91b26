"""What is said, as captions. Pure: used by what writes the video file, and by what writes files beside it.

cues.py   when which words are shown, in how many lines
write.py  cues as WebVTT and SubRip
"""

from __future__ import annotations

from deckcast.captions.cues import Cue, cues

__all__ = ["Cue", "cues"]
