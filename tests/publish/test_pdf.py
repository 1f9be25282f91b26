"""What is done to a browser's PDF."""

from __future__ import annotations

import io

from pypdf import PdfReader

from deckcast.engines.browser_fake import printed
from deckcast.publish.pdf import finished, pages_of
from deckcast.settings import LessonSettings

SOURCE = """<html lang="en"><title>x</title>
<section><h1>A</h1><h2>1 · A</h2></section><section></section><section><h1>1 · A</h1><h2>2 · B &amp; c</h2></section>"""
LESSON = LessonSettings(author="Ada", description="About it", language="de")


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def test_the_page_of_each_heading_is_that_behind_the_one_before() -> None:
    assert pages_of(printed(SOURCE, "D:2026"), ["1 · A", "2 · B & c"]) == [0, 2]
    assert pages_of(printed(SOURCE, "D:2026"), ["1 · A", "gone"]) == [0, 0]


def test_it_says_what_it_is_and_whose() -> None:
    pdf = read(finished(printed(SOURCE, "D:2026"), LESSON, "Über <alles>", []))
    assert pdf.metadata == {
        "/Title": "Über <alles>",
        "/Author": "Ada",
        "/Subject": "About it",
        "/Creator": "deckcast",
    }
    assert pdf.root_object["/Lang"] == "de"
    assert pdf.root_object["/ViewerPreferences"]["/DisplayDocTitle"].value  # type: ignore[index]
    dated = read(finished(printed(SOURCE, "D:2026"), LessonSettings(date="2026-03-31"), "x", []))
    assert dated.metadata is not None
    assert dated.metadata["/CreationDate"] == "D:20260331000000Z"


def test_marks_take_the_place_of_the_headings() -> None:
    pdf = read(finished(printed(SOURCE, "D:2026"), LESSON, "x", [("A", 0), ("A", 1), ("B  c", 2), ("A", 2)]))
    marks = [(one.title, pdf.get_destination_page_number(one)) for one in pdf.outline]  # type: ignore[union-attr,arg-type]
    assert marks == [("A", 0), ("B c", 2), ("A", 2)]
    assert len(pdf.pages) == 3


def test_nothing_is_left_of_when_it_was_made() -> None:
    one, other = (finished(printed(SOURCE, f"D:20260101{hour}0000Z"), LESSON, "x", [("A", 0)]) for hour in ("10", "11"))
    assert one == other
