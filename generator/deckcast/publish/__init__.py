"""Everything that stands beside the video. All writers are pure: values in, text out; `lesson.py` writes the files.

lesson.py      the stage: asks, writes, removes what no longer belongs
slides_page.py the deck itself, to be presented; notes.py: what its speaker reads
printing.py    the deck to be printed; pdf.py: what a browser's PDF lacks
chapters.py    the chapter list for a video's description
description.py what is pasted below the video where one uploads it; licence.py: where a licence can be read
linked.py      what pages tell to programs that link to them; accent.py: in which colour pages stand
transcript.py  everything that is said, slide by slide
manifest.py    what was made, of what, by what
page.py        pages for viewers: style, scripts and letters inside, words of the surface, content security policy
page_lesson.py the lesson's page; page_spoken.py what it knows of words and times, page_pictures.py, page_cells.py
"""

from __future__ import annotations

from deckcast.publish.lesson import publish
from deckcast.publish.printing import handout
from deckcast.publish.slides_page import presentation

__all__ = ["handout", "presentation", "publish"]
