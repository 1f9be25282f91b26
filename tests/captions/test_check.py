"""The check of captions: which rule each breaks, and what an author is told."""

from __future__ import annotations

from deckcast.captions import Cue, cues, findings, flaws
from publish.said import lesson, take


def test_each_rule_is_told_with_what_the_caption_has() -> None:
    shown = [
        Cue(0, 2000, ("Fine, as it should be.",), (), 1),
        Cue(2000, 3000, ("This is far too much text to be read", "in one second by anybody."), (), 1),
        Cue(3500, 4400, ("No.",), (), 2),
        Cue(4300, 12000, ("x" * 43, "b", "c"), (), 3),
    ]
    assert [(one.rule, one.cue, one.step, round(one.value, 2)) for one in flaws(shown, "en")] == [
        ("fast", 2, 1, 61.0),
        ("short", 3, 2, 0.9),
        ("long", 4, 3, 7.7),
        ("wide", 4, 3, 43),
        ("lines", 4, 3, 3),
        ("over", 4, 3, 0.1),
    ]


def test_limits_are_those_of_the_language() -> None:
    text = "今天我们来看看什么是语言模型它读"
    assert flaws([Cue(0, 2000, (text,))], "zh") == ()
    assert [one.rule for one in flaws([Cue(0, 1400, (text + "取",))], "zh")] == ["fast", "wide"]
    assert [one.rule for one in flaws([Cue(0, 1600, (text,))], "ja")] == ["fast"]


def test_marks_of_direction_are_no_text() -> None:
    (flaw,) = flaws([Cue(0, 500, ("\u200f\u202bשלום.\u202c",))], "he")
    assert (flaw.rule, flaw.text) == ("short", "שלום.")


def test_a_few_are_told_one_by_one_with_their_slide() -> None:
    deck, timeline = lesson([("Fast", take(1, "This sentence is spoken far too fast for anybody to read.", pace=60))])
    found = flaws(cues(timeline, "en"), "en")
    (one,) = [finding for finding in findings(found, deck, 1) if finding.code == "captions-fast"]
    assert one.severity == "warning"
    assert one.message.startswith("a caption is faster to read than 20 characters a second (")
    assert one.message.endswith("characters a second): “This sentence is spoken far too fast for anybody…”")
    assert (str(one.where), one.slide) == ("deck.md:1:1", 'slide 1 "Fast"')
    assert one.hint.startswith("speak more slowly: `rate: 0.9`")


def test_many_are_told_together() -> None:
    said = [f"This sentence, number {number}, is spoken far too fast for anybody to read." for number in range(40)]
    deck, timeline = lesson([("", take(1, one, pace=60)) for one in said])
    shown = cues(timeline, "en")
    told = findings(flaws(shown, "en"), deck, len(shown))
    assert [one.code for one in told] == ["captions-fast"]
    assert told[0].message.startswith("40 of 40 captions are faster to read than 20 characters a second, the worst ")
    assert told[0].message.endswith("(slides 1, 2, 3, 4, 5, 6, 7, 8 and 32 more)")
    assert told[0].where is None


def test_ordinary_speech_breaks_no_rule() -> None:
    deck, timeline = lesson(
        [("", take(1, "A token is a piece of a word, and a model reads one after the other.", "Why?", "Speed."))]
    )
    shown = cues(timeline, "en")
    assert findings(flaws(shown, "en"), deck, len(shown)) == ()
