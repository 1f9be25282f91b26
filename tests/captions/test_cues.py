"""Captions: how what is said is cut, and when it is shown."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from pathlib import Path

import pytest
import regex
import srt as subtitles
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.captions import Cue, cues, flaws
from deckcast.captions.graphemes import clusters, width
from deckcast.captions.limits import LINES, Limits, limits
from deckcast.captions.write import srt, vtt, words_vtt
from deckcast.model import Take, Utterance, Word
from publish.said import NOTHING, lesson, take


def cases() -> list[tuple[str, str, int, list[str], list[str]]]:
    text = (Path(__file__).parent / "captions.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("\n## ")[1:]:
        title, _, rest = part.partition("\n")
        told = re.match(r"\((\S+) (\d+)\) ", title)
        language, pace = (told[1], int(told[2])) if told else ("en", 16)
        said, _, shown = rest.partition("\n=>\n")
        found.append((title, language, pace, said.strip().split("\n"), shown.strip().split("\n")))
    return found


@pytest.mark.parametrize(("title", "language", "pace", "said", "shown"), cases(), ids=[one[0] for one in cases()])
def test_captions_are_cut_as_the_fixture_says(
    title: str, language: str, pace: int, said: list[str], shown: list[str]
) -> None:
    _, timeline = lesson([("", take(1, *said, pace=pace))])
    found = cues(timeline, language)
    assert [MARKS.sub("", " / ".join(cue.lines)) for cue in found] == shown
    assert flaws(found, language) == ()


def test_captions_come_with_their_words() -> None:
    _, timeline = lesson([("", take(1, "One two three.")), ("", 2.0), ("", take(3, "Four five."))])
    first, second = cues(timeline, "en")
    onsets = [timeline.scenes[at].onset / 48 for at in (0, 2)]
    assert (first.start, second.start) == (round(onsets[0]), round(onsets[1]))
    assert first.stop == round(onsets[0] + 1000 * timeline.scenes[0].take.utterances[0].words[-1].stop + 300)
    assert second.lines == ("Four five.",)


def test_a_caption_stays_for_a_second_at_least_but_not_over_the_next_one() -> None:
    _, timeline = lesson([("", take(1, "No.", pause=0.2)), ("", take(2, "Yes, and here is a sentence."))])
    first, second = cues(timeline, "en")
    assert first.stop - first.start == 1000
    _, timeline = lesson([("", take(1, "So this is how it all begins, says the man.", "And so on.", pause=0.05))])
    first, second = cues(timeline, "en")
    assert first.stop <= second.start


def test_words_without_times_share_the_sentence_evenly() -> None:
    text = "It was trained on large amounts of text that people have written, and so it knows how words follow."
    _, timeline = lesson([("", take(1, text, timed=False))])
    first, second = cues(timeline, "en")
    whole = timeline.scenes[0].take.seconds * 1000
    share = text.index("and so") / len(text)
    assert second.start - first.start == pytest.approx(share * whole, abs=1)


def test_lines_from_right_to_left_are_marked_and_their_words_keep_their_times() -> None:
    _, timeline = lesson([("", take(1, "GPT-2 הוא מודל שפה."))])
    (cue,) = cues(timeline, "he-IL")
    assert cue.lines == ("\u200f\u202bGPT-2 הוא מודל שפה.\u202c",)
    assert [cue.lines[0][at : at + 3] for at, _ in cue.words[0]] == ["GPT", "הוא", "מוד", "שפה"]
    _, timeline = lesson([("", take(1, "שלום means hello.", "Hello means שלום."))])
    assert [cue.lines for cue in cues(timeline, "en")] == [("\u200eשלום means hello.",), ("Hello means שלום.",)]


def test_sentences_of_languages_without_blanks_follow_each_other_without_one() -> None:
    _, timeline = lesson([("", take(1, "是。", "好。", pause=0.1, pace=5))])
    assert [cue.lines for cue in cues(timeline, "zh")] == [("是。好。",)]


def test_a_lesson_without_words_has_no_captions() -> None:
    _, timeline = lesson([("", 3.0)])
    assert cues(timeline, "en") == ()


def test_files_have_the_right_form() -> None:
    shown = [Cue(350, 2000, ("a < b & c", "-->")), Cue(3_725_250, 3_726_000, ("späte Zeile",))]
    assert vtt(shown) == (
        "WEBVTT\n\n1\n00:00:00.350 --> 00:00:02.000\na &lt; b &amp; c\n--&gt;\n\n"
        "2\n01:02:05.250 --> 01:02:06.000\nspäte Zeile\n"
    )
    assert srt(shown) == (
        "1\n00:00:00,350 --> 00:00:02,000\na < b & c\n-->\n\n2\n01:02:05,250 --> 01:02:06,000\nspäte Zeile\n"
    )


MARKS = re.compile("[\u200e\u200f\u202b\u202c]")

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
SCRIPTS = st.lists(
    st.sampled_from(
        ["word", "and", "the",
         "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung,",
         "l’été", "мир", "שלום.",
         "مرحبا،", "漢字", "、", "。", "「", "」",
         "トークナイザー", "ひらがな", "っ", "你好", "，", "３", "2024年", "언어", "모델이", "ภาษา",
         "แบบจำลอง",
         "ລາວ", "ខ្មែរ", "हिन्दी", "क्षि", "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪🇫🇷",
         "e\u0301", "x" * 90, "https://a.org/b/c?d=e", "a_b-c", " ", " ",
         " ",
         "!", "(", ")", "—", "……", "\u200b", "\u00ad", "\u200f"]
    ),
    min_size=1,
    max_size=40,
).map("".join)  # fmt: skip
TAGS = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "zh-Hans", "ja", "ko", "th", "ar", "he", "hi", "ru", "xx"]


@settings(deadline=None)
@given(st.lists(SCRIPTS, min_size=1, max_size=4), st.floats(2, 40), st.sampled_from(TAGS))
def test_every_script_stays_whole_and_within_its_limits(said: list[str], pace: float, language: str) -> None:
    _, timeline = lesson([("", take(1, *said, pace=pace))])
    shown = cues(timeline, language)
    lines = [MARKS.sub("", line) for cue in shown for line in cue.lines]
    told = MARKS.sub("", "".join(said))
    written = re.sub(r"[\s\u200b]", "", told)
    # A hyphen may stand at the end of a line within a word.
    at = 0
    for line in lines:
        letters = re.sub(r"[\s\u200b]", "", line)
        if not written.startswith(letters, at) and letters.endswith("-"):
            letters = letters[:-1]
        assert written.startswith(letters, at)
        at += len(letters)
        assert at == len(written) or at in cut_places(written)
    assert at == len(written)
    allowed = limits(language)
    broken = {flaw.rule for flaw in flaws(shown, language)}
    assert not broken & {"lines", "over"}
    assert all(width(line) <= allowed.line or len(list(clusters(line))) == 1 for line in lines)


def cut_places(text: str) -> set[int]:
    """Between what a reader takes for characters, as the library `regex` knows them."""
    return {found.end() for found in regex.finditer(r"\X", text)}


@settings(deadline=None)
@given(st.lists(SCRIPTS, min_size=1, max_size=3), st.sampled_from(TAGS))
def test_readers_that_are_not_ours_find_the_same_captions(said: list[str], language: str) -> None:
    _, timeline = lesson([("", take(1, *said))])
    shown = [cue for cue in cues(timeline, language) if "".join(cue.lines).strip()]
    theirs = list(subtitles.parse(srt(shown)))
    assert [(one.start.total_seconds(), one.end.total_seconds(), one.content) for one in theirs] == [
        (cue.start / 1000, cue.stop / 1000, "\n".join(cue.lines)) for cue in shown
    ]
    plain = read(vtt(shown))
    assert [(one.start_in_seconds, html.unescape(one.text)) for one in plain] == [
        (cue.start // 1000, "\n".join(cue.lines)) for cue in shown
    ]


@settings(deadline=None)
@given(
    st.lists(st.lists(SENTENCES, max_size=4), min_size=1, max_size=4),
    st.floats(2, 60),
    st.booleans(),
    st.sampled_from(["en", "de"]),
)
def test_nothing_is_lost_and_no_two_captions_show_at_once(
    slides: list[list[str]], pace: float, timed: bool, language: str
) -> None:
    _, timeline = lesson([("", take(at, *said, pace=pace, timed=timed)) for at, said in enumerate(slides, 1)])
    shown = cues(timeline, language)
    assert all(cue.start < cue.stop for cue in shown)
    assert all(earlier.stop <= later.start for earlier, later in pairwise(shown))
    assert all(len(cue.lines) <= LINES and all(map(width_fits, cue.lines)) for cue in shown)

    def letters(text: str) -> str:
        return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200b]", "", MARKS.sub("", text))

    said = "".join(utterance.text for scene in timeline.scenes for utterance in scene.take.utterances)
    assert letters("".join(line for cue in shown for line in cue.lines)).replace("-", "") == letters(said).replace(
        "-", ""
    )

    plain, timed_words = read(vtt(shown)), read(words_vtt(shown))
    assert [(cue.start, cue.end, cue.lines) for cue in plain] == [
        (cue.start, cue.end, [re.sub(STAMP, "", line) for line in cue.lines]) for cue in timed_words
    ]
    for ours, theirs in zip(shown, timed_words, strict=True):
        times = [milliseconds(found) for found in re.findall(STAMP, theirs.raw_text)]
        assert all(earlier < later for earlier, later in pairwise([ours.start, *times, ours.stop]))


STAMP = re.compile(r"<(\d\d:\d\d:\d\d\.\d\d\d)>")


def read(text: str) -> list[webvtt.Caption]:
    """The captions as a reader that is not ours finds them; it refuses what is malformed."""
    return list(webvtt.from_string(text)) if "-->" in text else []


def milliseconds(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def test_each_word_comes_with_its_time() -> None:
    _, timeline = lesson([("", take(1, "Is 1 < 2, and what else is there to be said of it?", "One two."))])
    shown = cues(timeline, "en")
    words = [word for one in timeline.scenes[0].take.utterances for word in one.words]
    onset = timeline.scenes[0].onset / 48_000
    first, second = read(words_vtt(shown))
    assert re.sub(STAMP, "", first.raw_text) == "Is 1 &lt; 2, and what else\nis there to be said of it?"
    assert re.findall(r">([^<\s]+)", first.raw_text)[:4] == ["1", "&lt;", "2,", "and"]
    found = [milliseconds(stamp) for cue in (first, second) for stamp in re.findall(STAMP, cue.raw_text)]
    starts = [round(1000 * (onset + word.start)) for word in words]
    assert found == [start for start in starts if start not in (shown[0].start, shown[1].start)]
    assert len(found) == len(words) - 2
    assert re.fullmatch(r"One <[0-9:.]{12}>two\.", second.raw_text)


def test_words_at_the_same_time_share_one_stamp() -> None:
    at_once = Utterance(
        "One two three.", 0, 48_000, NOTHING, (Word(0, 3, 0, 0.5), Word(4, 7, 0.5, 0.5), Word(8, 14, 0.5, 1))
    )
    _, timeline = lesson([("", Take(1, 48_000, (at_once,)))])
    (cue,) = read(words_vtt(cues(timeline, "en")))
    assert re.sub(r"<[0-9:.]+>", "|", cue.raw_text) == "One |two three."


def width_fits(line: str) -> bool:
    return 0 <= width(line) <= Limits().line


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40), st.floats(-1, 9), st.floats(-1, 9)), max_size=6))
def test_word_times_that_make_no_sense_still_give_captions_in_order(words: list[tuple[int, int, float, float]]) -> None:
    text = "Some words, and then some more of them."
    broken = Utterance(text, 0, 96_000, NOTHING, tuple(Word(*word) for word in words))
    _, timeline = lesson([("", Take(1, 96_000, (broken,)))])
    shown = cues(timeline, "en")
    assert " ".join(line for cue in shown for line in cue.lines) == text
    assert all(cue.start < cue.stop for cue in shown)
    assert all(earlier.stop <= later.start for earlier, later in pairwise(shown))
