"""The author's lexicon and marks: the cases of lexicon.txt, what captions keep, what is told, hostile notes."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.markup import Block, Span, to_text
from deckcast.model import Prose, Where
from deckcast.spoken import Script, read
from deckcast.spoken.flatten import Region
from deckcast.spoken.pronounce import _PLACES, _alternative, _matches, _ready
from deckcast.spoken.split import LONGEST
from spoken.test_spoken_fixtures import cases

LEXICON = (
    ("BERT", "burt"), ("gif", "jif"), ("SQL", "ess cue ell"), ("MySQL", "my S-Q-L"), ("API", "A-P-I"),
    ("New York", "Noo Yawk"), ("scikit-learn", "sigh kit learn"), ("C++", "see plus plus"), (".NET", "dot net"),
    ("won", "wun"), ("Polish", "Poe lish"), ("GPT", "gee pee tee"), ("GPT-2", "the second one"), ("burt", "NEVER"),
    ("GB", "gig"), ("torch", "tawtsch"), ("ASP", "A-S-P"), ("o'clock", "oh clock"),
)  # fmt: skip


def script(notes: str, language: str = "en", lexicon: tuple[tuple[str, str], ...] = LEXICON) -> Script:
    places = tuple(Where("deck.md", number) for number in range(1, notes.count("\n") + 2))
    return read(to_text((Prose(notes, places),)), language, lexicon)


@pytest.mark.parametrize(("notes", "expected"), cases("lexicon.txt"), ids=lambda value: str(value)[:40])
def test_lexicon_and_marks(notes: str, expected: list[str]) -> None:
    assert [one.spoken for one in script(notes).sentences] == expected


def test_the_written_form_stays_and_its_words_lead_to_the_spoken_ones() -> None:
    (one,) = script('BERT\'s in New York, [say "two words"]2 W[/say] `torch.nn`.').sentences
    assert one.written == "BERT's in New York, 2 W torch.nn."
    assert [(one.written[a:b], one.spoken[c:d]) for a, b, c, d in one.tokens] == [
        ("BERT's", "burt's"),
        ("in", "in"),
        ("New York,", "Noo Yawk"),
        ("2 W", "two words"),
        ("torch.nn.", "tawtsch dot nn"),
    ]


def test_a_lexicon_serves_any_language() -> None:
    (one,) = script("Das BERT-Modell und `gif`, 3 GB.", "de").sentences
    assert one.spoken == "Das burt-Modell und jif, drei gig."


def test_an_entry_that_was_found_is_known() -> None:
    assert script("BERTs, `gif`, MySQL and https://a.org/torch.").used == {"BERT", "gif", "MySQL"}


def test_voices_and_rates_hold_until_they_are_closed() -> None:
    found = script(
        "One. [rate 0.9] Two.\n\nThree. [voice flite  slt] Four. [rate 1.2] Five. [/rate] Six. [/voice] Seven.\n\n"
        "[voice anna] [voice otto] Eight. [/VOICE] Nine. [/rate] Ten."
    )
    assert [(one.written, one.voice, one.rate) for one in found.sentences] == [
        ("One.", "", 0.0), ("Two.", "", 0.9), ("Three.", "", 0.9), ("Four.", "flite slt", 0.9),
        ("Five.", "flite slt", 1.2), ("Six.", "flite slt", 0.9), ("Seven.", "", 0.9),
        ("Eight.", "otto", 0.9), ("Nine.", "anna", 0.9), ("Ten.", "anna", 0.0),
    ]  # fmt: skip
    assert [name for name, _ in found.voices] == ["flite slt", "anna", "otto"]
    assert [one.pause for one in found.sentences[:3]] == [0.4, 0.75, 0.4]
    assert found.slips == ()


def test_a_change_within_a_sentence_parts_it_without_losing_a_mark() -> None:
    found = script('He said "[voice otto]no[/voice]", (so [rate 2]quickly[/rate]); [voice otto]really[/voice]? Yes.')
    assert [(one.written, one.spoken, one.pause) for one in found.sentences] == [
        ("He said", "He said,", 0.1),
        ('"no",', '"no",', 0.1),
        ("(so", "(so,", 0.1),
        ("quickly);", "quickly),", 0.1),
        ("really?", "really?", 0.4),
        ("Yes.", "Yes.", 0.0),
    ]


def test_a_mark_that_changes_nothing_parts_nothing() -> None:
    assert [one.written for one in script("A [rate 0.9][rate 0.9]b c[/rate] d.").sentences] == ["A", "b c d."]


@pytest.mark.parametrize(
    ("notes", "severity", "message", "written"),
    [
        ('Say [say "x"]BERT now.', "warning", '`[say "x"]` is not closed', "Say BERT now."),
        ("Say BERT[/say] now.", "warning", "`[/say]` closes nothing", "Say BERT now."),
        ('[say "x"]A\n\nB[/say]', "warning", '`[say "x"]` is not closed', "A"),
        ('Say [say "…"]BERT[/say] now.', "warning", '`[say "…"]` has no words', "Say BERT now."),
        ('[say "x"][say "y"]B[/say] c.', "warning", '`[say "x"]` is not closed', "B c."),
        ('[say "x"]A [pause 2s] B[/say] c.', "warning", "`[pause 2s]` counts for nothing inside `[say …]`", "A B c."),
        ('[say "x"]A[/rate] B[/say] c.', "warning", "`[/rate]` counts for nothing inside `[say …]`", "A B c."),
        ("Now [/rate] go.", "warning", "`[/rate]` closes nothing", "Now go."),
        ("Now go [/rate] [/rate].", "warning", "`[/rate]` closes nothing", "Now go."),
        ("Now [/ voice ] go.", "warning", "`[/ voice ]` closes nothing", "Now go."),
        ("Now [rate 5] go.", "error", "`[rate 5]` cannot be followed", "Now go."),
        ("Now [rate 0,9] go.", "error", "`[rate 0,9]` cannot be followed", "Now go."),
        ("Now [rate -1] go.", "error", "`[rate -1]` cannot be followed", "Now go."),
    ],
)
def test_marks_that_cannot_be_followed_are_told_and_left_out(
    notes: str, severity: str, message: str, written: str
) -> None:
    found = script(notes)
    assert (found.slips[0].severity, found.slips[0].message) == (severity, message)
    assert found.slips[0].hint
    assert found.slips[0].where == Where("deck.md", 1)
    assert found.sentences[0].written == written


MARKS = st.sampled_from(
    ['[say "burt"]', "[say “x y”]", "[say z]", "[/say]", "[rate 0.9]", "[rate 1.3]", "[/rate]", "[voice flite slt]",
     "[voice anna]", "[/voice]", "[pause 1s]", '[say ""]', "[rate 9]", "[/ rate]"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["BERT", "GIFs", "New", "York", "the", "end.", "Why?", "(so)", "3.5", "GB", "e.g.", "“quoted”", "a,", "don't"]
)


@settings(deadline=None)
@given(st.lists(st.one_of(MARKS, WORDS), max_size=30), st.sampled_from(["", " "]), st.sampled_from(["en", "de"]))
def test_marks_never_change_what_is_written(parts: list[str], glue: str, language: str) -> None:
    text = glue.join(parts)
    plain = text
    for part in set(parts):
        plain = plain.replace(part, "") if part.startswith("[") and part != "[say z]" else plain
    found = read([Block("paragraph", (Span(text, "text", None),))], language, LEXICON)
    written = "".join(one.written for one in found.sentences).replace("[say z]", "")
    words = "".join(one for one in plain.replace("[say z]", "") if one.isalnum())
    assert "".join(one for one in written if one.isalnum()) == words
    for one in found.sentences:
        assert "[/" not in one.written
        assert one.written == " ".join(one.written.split())


@settings(deadline=None)
@given(st.text(alphabet='ab ."[]/sayrtevoicpu019`*\n', max_size=80), st.text(alphabet="abAB+-. '", max_size=6))
def test_whatever_is_written_can_be_read(text: str, entry: str) -> None:
    lexicon = ((entry.strip(), "it"),) if entry.strip() else ()
    for one in script(text, lexicon=lexicon).sentences:
        ends = [end for _, end, _, _ in one.tokens]
        assert ends == sorted(ends)
        assert not ends or ends[-1] <= len(one.written)


def test_what_is_said_otherwise_is_never_cut() -> None:
    text = " ".join(["word"] * 60)
    found = script(f'{text} [say "short"]{text} {text}[/say] {text}.').sentences
    assert [one.spoken.count("short") for one in found].count(1) == 1
    assert " ".join(one.written for one in found) == f"{text} {text} {text} {text}."
    assert sorted(len(one.written) > LONGEST for one in found) == [False, False, True]


@pytest.mark.parametrize(
    "piece", ['[say "', '[say "a"]', "[/say]", "[say a]", "[rate ", "[rate 1]", "[voice ", "[voice a]b[/voice]", "a-",
              "a.", "BERT", "BERT ", "www.a", "a@", "[", '[say "a"]b[/say]', "'s"]
)  # fmt: skip
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    begun = time.monotonic()
    read([Block("paragraph", (Span(text, "text", Where("deck.md", 1)),))], "en", (*LEXICON, ("a", "ay")))
    assert time.monotonic() - begun < 30, "a hang guard: it takes a second or so"


_LETTERS = st.text("aAsSkKſ\u212aİıßé_1 .-'’+*@,[^", min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_LETTERS | st.just("a" * 30) | st.just("a" * 29 + "A"), min_size=1, max_size=8, unique=True),
    st.lists(_LETTERS | st.just("a" * 30), max_size=20).map("".join),
    st.sampled_from(["text", "code"]),
    st.integers(0, 3),
)
def test_words_are_found_where_one_pattern_of_all_would_find_them(
    words: list[str], text: str, kind: str, cut: int
) -> None:
    region = Region(min(cut, len(text)), max(len(text) - cut, 0), kind)
    ready = _ready(tuple((word, "x") for word in words))
    alternatives = (_alternative(word, *_PLACES[kind]) for word, _, _ in ready.entries)
    slow = re.compile("|".join(alternatives))
    expected = [(one.lastindex, one.span()) for one in slow.finditer(text, region.begin, region.end)]
    found = [(entry + 1, one.span()) for entry, one in _matches(ready, text, region)]
    assert found == expected


def test_as_many_words_again_do_not_make_each_of_them_slower() -> None:
    """What is compared at one place of the text depends on how long words are, not on how many there are."""
    ready = _ready(tuple((f"x{number}", "y") for number in range(2_000)))
    assert max(map(len, ready.lengths.values())) <= 4
    assert max(map(len, ready.beginnings.values())) == 1
