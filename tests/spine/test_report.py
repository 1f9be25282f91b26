from __future__ import annotations

import dataclasses
import io
import textwrap
from pathlib import Path

import pytest

from deckcast.model import Finding, Lesson, Stage, Where
from deckcast.report import clock, count_findings, finding_json, lesson_line, render_finding, show_findings

LINE = "Look at ![BERT](images/bert.png) now"


def finding(**changes: object) -> Finding:
    values: dict[str, object] = {
        "code": "asset",
        "severity": "error",
        "message": "there is no file images/bert.png",
        "where": Where("deck.md", 48, 17),
        "line": LINE,
        "width": 15,
        "hint": "did you mean images/bert.svg?",
        "slide": 'slide 7 "BERT"',
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def test_a_finding_shows_place_line_carets_and_hint() -> None:
    expected = """\
        error[asset]: there is no file images/bert.png
          --> deck.md:48:17 (slide 7 "BERT")
           |
        48 | Look at ![BERT](images/bert.png) now
           |                 ^^^^^^^^^^^^^^^
        help: did you mean images/bert.svg?"""
    assert render_finding(finding()) == textwrap.dedent(expected)


@pytest.mark.parametrize(
    ("line", "column", "width", "shown", "carets"),
    [
        ("\tx = 1", 2, 1, "    x = 1", "    ^"),
        ("日本 x", 4, 1, "日本 x", "     ^"),
        ("日本", 1, 2, "日本", "^^^^"),
        ("short", 40, 3, "short", "     ^"),
        ("bell\x07!", 6, 1, "bell�!", "     ^"),
    ],
)
def test_carets_stand_below_their_words(line: str, column: int, width: int, shown: str, carets: str) -> None:
    text = render_finding(finding(line=line, where=Where("d.md", 1, column), width=width, hint=""))
    *_, first, second = text.split("\n")
    assert first == f"1 | {shown}"
    assert second == f"  | {carets}"


def test_a_very_long_line_is_cut_around_its_place() -> None:
    line = "a" * 5000 + "HERE" + "b" * 5000
    text = render_finding(finding(line=line, where=Where("d.md", 1, 5001), width=4))
    assert max(map(len, text.split("\n"))) < 140
    _, _, _, shown, carets, _ = text.split("\n")
    at = carets.index("^")
    assert shown[at : at + 4] == "HERE"


def test_the_line_is_read_from_the_file_when_the_finding_has_none(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text("one\ntwo\nthree\n")
    text = render_finding(finding(line="", where=Where(str(deck), 2, 1), width=3))
    assert "2 | two" in text
    assert "2 |" not in render_finding(finding(line="", where=Where(str(tmp_path / "gone"), 2, 1)))


def test_findings_without_a_place_are_two_lines() -> None:
    assert render_finding(finding(where=None, slide="")).count("\n") == 1


def test_no_colour_without_a_terminal() -> None:
    stream = io.StringIO()
    show_findings([finding()], stream)
    assert "\x1b" not in stream.getvalue()
    assert "\x1b[1;31m" in render_finding(finding(), colour=True)


def test_counts() -> None:
    assert count_findings([finding(), finding(), finding(severity="warning")]) == "2 errors, 1 warning"
    assert count_findings([]) == ""


def test_json_has_every_part() -> None:
    assert finding_json(finding()) == {
        "code": "asset",
        "severity": "error",
        "message": "there is no file images/bert.png",
        "file": "deck.md",
        "line": 48,
        "column": 17,
        "end_column": 32,
        "slide": 'slide 7 "BERT"',
        "hint": "did you mean images/bert.svg?",
        "details": [],
    }


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (245, "4:05"), (3723, "1:02:03")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_the_lesson_in_one_line() -> None:
    folder = Path("output/x")
    lesson = Lesson("x", "X", folder, folder / "lesson.mp4", (), 120.0, 5, 250, 100.0, "fake", (30.0, 90.0))
    assert lesson_line(lesson).startswith(
        "output/x/lesson.mp4  2:00 · 5 slides · 150 words/min · steps of 60 s, the longest 90 s"
    )
    assert "nothing was made again" in lesson_line(lesson), "no stage made anything"
    busy = Lesson("x", "X", folder, folder / "v", (), 1, 1, 0, 0, "", (), (Stage("render", 1, 0, 0.1),))
    assert "nothing was made again" not in lesson_line(busy)


def test_details_stand_between_the_line_and_the_hint() -> None:
    told = dataclasses.replace(finding(), details=(("what it printed", "one\n\ntwo\x1b[2J\n"),))
    text = render_finding(told)
    assert "  what it printed:\n    one\n\n    two�[2J\nhelp: " in text
    assert finding_json(told)["details"] == [{"heading": "what it printed", "text": "one\n\ntwo\x1b[2J\n"}]
