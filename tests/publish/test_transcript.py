"""The transcript."""

from __future__ import annotations

from markdown_it import MarkdownIt

from deckcast.publish.transcript import transcript
from publish.said import lesson, take


def test_each_slide_has_its_heading_time_and_words() -> None:
    deck, timeline = lesson(
        [
            ("Welcome", take(1, "Hello there.", "This is a lesson.")),
            ("", [take(2, "First."), take(3, "Then more.")]),
            ("A & B", take(4, "The end.")),
        ]
    )
    assert transcript("A lesson", deck, timeline, 0.75) == (
        "# A lesson\n\n"
        "## 1. Welcome (0:00)\n\nHello there. This is a lesson.\n\n"
        "## 2. (untitled) (0:03)\n\nFirst.\n\nThen more.\n\n"
        "## 3. A \\& B (0:05)\n\nThe end.\n"
    )


def test_a_long_silence_begins_a_paragraph() -> None:
    deck, timeline = lesson([("", take(1, "One.", "Two.", pause=0.75))])
    assert "One.\n\nTwo." in transcript("", deck, timeline, 0.75)


def test_of_a_silent_slide_the_words_on_it_are_told() -> None:
    deck, timeline = lesson([("Map", 3.0)], text="Map\nNorth * South")
    assert transcript("", deck, timeline, 0.75).endswith(
        "*Nothing is said. On the slide:*\n\n> Map\n>\n> North \\* South\n"
    )


def test_what_is_written_is_shown_as_it_was_written() -> None:
    said = "# Use *args, **kwargs, `x_1` & <b>, [a](b), ~~c~~, $y$ and \\n."
    deck, timeline = lesson([("1. Not a list", take(1, said)), ("- nor this", take(2, "1. Neither.", "2) This."))])
    html = MarkdownIt().enable("strikethrough").render(transcript("+ t", deck, timeline, 0.75))
    shown = html.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    assert f"<p>{said}</p>" in shown
    assert "<p>1. Neither. 2) This.</p>" in shown
    assert "<h1>+ t</h1>" in shown
    assert not {"<ul>", "<ol>", "<code>", "<em>", "<a"} & set(shown.replace("<b>", "").split())


def test_lines_from_right_to_left_begin_with_a_mark_where_their_first_letter_misleads() -> None:
    deck, timeline = lesson([("שלום", take(1, "GPT-2 הוא מודל.")), ("GPT", take(2, "הוא מודל."))])
    assert transcript("", deck, timeline, 0.75, "he") == (
        "## 1. שלום (0:00)\n\n\u200fGPT-2 הוא מודל.\n\n## 2. \u200fGPT (0:01)\n\nהוא מודל.\n"
    )
    deck, timeline = lesson([("Hi", take(1, "שלום means hello."))])
    assert "\n\u200eשלום means hello." in transcript("", deck, timeline, 0.75)


def test_chinese_sentences_follow_each_other_without_a_blank() -> None:
    deck, timeline = lesson([("你好", take(1, "是。", "好。"))])
    assert "是。好。\n" in transcript("", deck, timeline, 0.75, "zh")
