"""What a browser's PDF lacks: marks to jump to, whose it is, and being the same whenever it is made."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from deckcast.settings import LessonSettings

KIND = "pdf-1"
"""Raise the number when the same pages become another file."""


def pages_of(printed: bytes, headings: Sequence[str]) -> list[int]:
    """The page, from 0, on which each heading stands, by the outline that the browser makes of all that there are."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(printed))
    told = _flat(reader, reader.outline)
    found: list[int] = []
    for heading in headings:
        while told and told[0][0] != heading:
            told.pop(0)
        found.append(told.pop(0)[1] if told else found[-1] if found else 0)
    return found


def _flat(reader: Any, outline: Any) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    for one in outline:
        if isinstance(one, list):
            told += _flat(reader, one)
        else:
            told.append((" ".join(str(one.title).split()), reader.get_destination_page_number(one)))
    return told


def finished(printed: bytes, lesson: LessonSettings, title: str, marks: Sequence[tuple[str, int]]) -> bytes:
    """The PDF with marks as (text, page from 0), with title, author and language, and nothing of when it was made.

    Marks of one text that follow each other, such as of a slide that goes on, are one.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    root = writer.root_object
    if "/Outlines" in root:
        del root[NameObject("/Outlines")]
    before = ""
    for text, page in marks:
        words = " ".join(text.split())
        if words != before:
            writer.add_outline_item(title=words, page_number=page)
        before = words
    root[NameObject("/PageMode")] = NameObject("/UseOutlines" if marks else "/UseNone")
    root[NameObject("/Lang")] = TextStringObject(lesson.language)
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    about = {"/Title": title, "/Author": lesson.author, "/Subject": lesson.description, "/Creator": "deckcast"}
    made = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", lesson.date)
    if made:
        about["/CreationDate"] = f"D:{''.join(made.groups())}000000Z"
    writer.metadata = {name: value for name, value in about.items() if value}
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
