"""Everything that stands beside the video. All writers are pure: values in, text out; `lesson.py` writes the files.

lesson.py      the stage: asks, writes, removes what no longer belongs
chapters.py    the chapter list for a video's description
transcript.py  everything that is said, slide by slide
manifest.py    what was made, of what, by what
"""

from __future__ import annotations

from deckcast.publish.lesson import publish

__all__ = ["publish"]
