"""Sounds that the author gives: to whom they go, what is told of those that cannot be said, what is kept."""

from __future__ import annotations

import pytest

from deckcast import config, parse
from deckcast.build import lay_steps
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.keep import Keeper
from deckcast.model import Finding, Take
from deckcast.narrate import Voices, narrate
from deckcast.settings import NarrationSettings, Settings
from deckcast.stages import Silence


class Mute(FakeVoice):
    """Takes no sounds."""

    def lacks(self, ipa: str) -> None:
        return None


def spoken(text: str, voice: FakeVoice, store: MemoryStore | None = None) -> tuple[Take, tuple[Finding, ...], Keeper]:
    deck = parse.parse(text, "deck.md")
    settings = Settings(narration=NarrationSettings(voice="fake"))
    chosen = config.overlay(settings, config.from_options(deck.options))
    keeper = Keeper(store or MemoryStore(), Silence(), "lesson")
    voices = Voices(chosen, lambda _: (voice, ""))
    each = lay_steps(chosen, deck.steps, ())
    takes, findings = narrate(deck, deck.steps, each, keeper, voices, InlineExecutor())
    return takes[0], findings, keeper


DECK = "---\nlexicon:\n  BERT: {said}\n---\n# A\n\n???\nOld BERT works, BERT does.\n"


@pytest.mark.parametrize(("said", "heard"), [("burt /bɜːt/", "burt"), ("/bɜːt/", "Bert")])
def test_a_voice_that_takes_sounds_gets_them(said: str, heard: str) -> None:
    voice = FakeVoice()
    take, findings, _ = spoken(DECK.format(said=said), voice)
    assert voice.spoken == [f"Old {heard} works, {heard} does."]
    assert [one.ipa for one in voice.sounded[0]] == ["bɜːt", "bɜːt"]
    assert findings == ()
    text = take.utterances[0].text
    assert [text[word.begin : word.end] for word in take.utterances[0].words] == [
        "Old",
        "BERT",
        "works,",
        "BERT",
        "does.",
    ]


def test_the_others_say_the_respelling() -> None:
    voice = Mute()
    _, findings, _ = spoken(DECK.format(said="burt /bɜːt/"), voice)
    assert voice.spoken == ["Old burt works, burt does."]
    assert voice.sounded == [()]
    assert findings == ()


def test_sounds_alone_are_told_where_the_voice_takes_none() -> None:
    voice = Mute()
    _, findings, _ = spoken(DECK.format(said="/bɜːt/"), voice)
    assert voice.sounded == [()]
    (one,) = findings
    assert (one.code, one.severity, str(one.where)) == ("narration-sounds", "warning", "deck.md:3:3")
    assert (one.line, one.width) == ("  BERT: /bɜːt/", 4)
    assert one.message == "fake takes no sounds: `BERT` is said as it is written"
    assert one.hint == 'put a respelling before the sounds: `BERT = "… /bɜːt/"`'


def test_a_sound_that_the_voice_has_not_is_named() -> None:
    voice = FakeVoice()
    _, findings, _ = spoken(DECK.format(said="burt /bʘt/"), voice)
    assert (voice.spoken, voice.sounded) == (["Old burt works, burt does."], [()])
    assert [one.message for one in findings] == ["fake has nothing like `ʘ` (U+0298): the respelling is said"]


def test_marks_and_slide_properties_are_told_at_their_place() -> None:
    text = 'lexicon: GIF=/dʒɪf/\n\n# A\n\n???\nA GIF of\na [say "/bɜːt/"]BERT[/say] and [say "/bɜːt/"]x[/say].\n'
    _, findings, _ = spoken(text, Mute())
    assert [(str(one.where), one.line) for one in findings] == [
        ("deck.md:1:10", "lexicon: GIF=/dʒɪf/"),
        ("deck.md:7:3", 'a [say "/bɜːt/"]BERT[/say] and [say "/bɜːt/"]x[/say].'),
    ]
    assert findings[1].message == "fake takes no sounds: the word is said as it is written"


def test_sounds_enter_the_key_of_a_sentence_and_only_where_they_are_said() -> None:
    store = MemoryStore()
    assert spoken(DECK.format(said="burt"), FakeVoice(), store)[2].counts("narrate") == (1, 0)
    assert spoken(DECK.format(said="burt /bɜːt/"), FakeVoice(), store)[2].counts("narrate") == (1, 0)
    assert spoken(DECK.format(said="burt /bɜːd/"), FakeVoice(), store)[2].counts("narrate") == (1, 0)
    assert spoken(DECK.format(said="burt /bʘt/"), FakeVoice(), store)[2].counts("narrate") == (0, 1)
