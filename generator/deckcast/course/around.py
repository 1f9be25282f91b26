"""What a lesson's page knows of the other lessons: `deckcast-course.css` in the output folder.

A page from a disk may load pictures and style sheets that lie beside it, but no data, and no script is let in here. So
the list of lessons is a style sheet that sets one custom property, which styles nothing. The pages themselves stay as
their builds have written them, whatever lessons come and go; and where a lesson's folder was copied alone, there is no
list, so there are no links that lead nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from deckcast.course.entries import Entry
from deckcast.publish import page

VERSION = 1


def sheet(entries: Sequence[Entry], course: str) -> str:
    """CSS. JSON in percent-encoding: nothing in it means anything in a string of CSS, whoever
    reads or writes it. `course` is its title, where it has one."""
    told = {
        "version": VERSION,
        "course": course,
        "language": entries[0].language,
        "lessons": [
            {
                "name": one.name,
                "title": one.title,
                "language": one.language,
                "direction": page.direction(one.language),
                "picture": one.picture.rpartition("/")[2],
            }
            for one in entries
        ],
    }
    text = quote(json.dumps(told, ensure_ascii=False, separators=(",", ":")), safe="")
    return f'/* The lessons of this folder, for their pages. */\n:root {{ {page.COURSE_PROPERTY}: "{text}"; }}\n'
