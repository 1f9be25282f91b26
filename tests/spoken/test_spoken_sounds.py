"""Sounds in IPA, from the lexicon and from marks: where they lie in the spoken form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.markup import Block, Span, to_text
from deckcast.model import Prose, Where
from deckcast.spoken import Script, read
from deckcast.spoken.ipa import ended, parted

LEXICON = (
    ("BERT", "burt /bɜːt/"), ("GIF", "/dʒɪf/"), ("New York", "noo yawk /njuː jɔːk/"), ("torch", "/tɔːtʃ/"),
    ("AC", "A-C/D-C"), ("path", "/a/b/"),
)  # fmt: skip


def script(notes: str, language: str = "en") -> Script:
    places = tuple(Where("deck.md", number) for number in range(1, notes.count("\n") + 2))
    return read(to_text((Prose(notes, places),)), language, LEXICON)


@pytest.mark.parametrize(
    ("notes", "spoken", "sounds"),
    [
        ("BERT is old.", "burt is old.", [("burt", "bɜːt")]),
        ("A GIF, GIFs (GIF).", "A gif, gifs (gif).", [("gif", "dʒɪf"), ("gifs", "dʒɪfs"), ("gif", "dʒɪf")]),
        ("BERT's base-BERT!", "burt's base-burt!", [("burt's", "bɜːts"), ("burt", "bɜːt")]),
        ("In New York, now.", "In noo yawk, now.", [("noo yawk", "njuː jɔːk")]),
        ("`torch.nn` has torches.", "torch dot nn has torches.", [("torch", "tɔːtʃ")]),
        ("Two torchs.", "Two torchs.", [("torchs", "tɔːtʃɪz")]),
        ('Say [say "/əˈtɛnʃən/"]Attention[/say]s now.', "Say Attentions now.", [("Attentions", "əˈtɛnʃənz")]),
        ('Say [say "x /əˈtɛ/"]BERT[/say]ify now.', "Say x ify now.", [("x", "əˈtɛ")]),
        ('Say [say "ay see"]AC[/say].', "Say ay see.", []),
        ('[say "/θriː/"]3.5[/say] of them.', "three point five of them.", [("three point five", "θriː")]),
        ("AC path.", "A-C/D-C /a/b/.", []),
    ],
)
def test_where_sounds_lie(notes: str, spoken: str, sounds: list[tuple[str, str]]) -> None:
    (one,) = script(notes).sentences
    assert one.spoken == spoken
    assert [(one.spoken[given.begin : given.end], given.ipa) for given in one.phonemes] == sounds


def test_in_another_language_the_word_stays_as_it_is_written() -> None:
    (one,) = script("Ein GIF und die BERTs.", "de").sentences
    assert one.spoken == "Ein GIF und die burts."
    assert [given.ipa for given in one.phonemes] == ["dʒɪf", "bɜːts"]
    (one,) = script("Des GIFs.", "fr").sentences
    assert [given.ipa for given in one.phonemes] == ["dʒɪf"]


def test_who_gave_the_sounds_is_known() -> None:
    found = script('BERT, a GIF,\n[say "/a/"]x[/say] and GIF.').sounds
    assert [(one.ipa, one.word, one.mark, one.respelled, one.where and one.where.line) for one in found] == [
        ("a", "", '[say "/a/"]', False, 2),
        ("bɜːt", "BERT", "", True, 1),
        ("dʒɪf", "GIF", "", False, 1),
        ("dʒɪf", "GIF", "", False, 2),
    ]


@pytest.mark.parametrize(
    ("said", "respelling", "ipa"),
    [
        ("burt /bɜːt/", "burt", "bɜːt"),
        ("/bɜːt/", "", "bɜːt"),
        ("  noo yawk   /njuː  jɔːk/ ", "noo yawk", "njuː jɔːk"),
        ("and/or/", "and/or/", ""),
        ("a /b/ c", "a /b/ c", ""),
        ("/ /", "/ /", ""),
        ("slash / slash", "slash / slash", ""),
    ],
)
def test_sounds_stand_between_strokes_behind_the_respelling(said: str, respelling: str, ipa: str) -> None:
    assert parted(said) == (respelling, ipa)


def test_endings_sound_as_they_do() -> None:
    assert [ended(ipa, "s", "en") for ipa in ("kæt", "dɒɡ", "bʌz", "siː", "dʒʌdʒ")] == [
        "kæts", "dɒɡz", "bʌzɪz", "siːz", "dʒʌdʒɪz",
    ]  # fmt: skip


PIECES = st.sampled_from(
    ["BERT", "GIF", "GIFs", "New York", "`torch`", "x", "5", "ä", "(", "“", ")", ".", ",", "-", "/", '[say "/x/"]',
     '[say "y /x/"]', "[/say]", "s", "'s", "→", "🎉"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=15), st.sampled_from(["", " "]), st.sampled_from(["en", "de", "fr", "ja"]))
def test_sounds_are_whole_words_in_order(pieces: list[str], glue: str, language: str) -> None:
    for one in read([Block("paragraph", (Span(glue.join(pieces), "text", None),))], language, LEXICON).sentences:
        last = 0
        for begin, end in ((part.begin, part.end) for part in one.phonemes):
            assert last <= begin < end <= len(one.spoken)
            assert one.spoken[begin].isalnum()
            assert begin == 0 or not one.spoken[begin - 1].isalnum()
            assert not one.spoken[end : end + 1].isalnum()
            last = end
