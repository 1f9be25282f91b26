"""Voices, rates and the lexicon, from the deck and its notes to what voices are told. With fake voices."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from deckcast import config, parse
from deckcast.build import lay_steps
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.engines.voices import choose
from deckcast.errors import ConfigError, NarrationError, Several, VoiceError
from deckcast.keep import Keeper
from deckcast.model import Finding, Phonemes, Speech, Take
from deckcast.narrate import Voices, narrate
from deckcast.ports import Voice
from deckcast.settings import NarrationSettings, Settings
from deckcast.stages import Silence

FAKE = Settings(narration=NarrationSettings(voice="fake"))


class Shop:
    """Opens fakes and remembers them in `voices`."""

    def __init__(self) -> None:
        self.voices: list[tuple[str, float, FakeVoice]] = []

    def open(self, settings: Settings) -> tuple[Voice, str]:
        narration = settings.narration
        voice, why = choose(narration.voice, settings.lesson.language, online=narration.online, rate=narration.rate)
        assert isinstance(voice, FakeVoice)
        self.voices.append((narration.voice, narration.rate, voice))
        return voice, why

    @property
    def spoken(self) -> list[tuple[str, float, list[str]]]:
        return [(name, rate, voice.spoken) for name, rate, voice in self.voices]


def spoken(
    text: str, shop: Shop | None = None, store: MemoryStore | None = None, only: int = 0
) -> tuple[tuple[Take, ...], tuple[Finding, ...], Keeper]:
    deck = parse.parse(text, "deck.md")
    chosen = config.overlay(FAKE, config.from_options(deck.options))
    steps = deck.steps[only - 1 : only] if only else deck.steps
    keeper = Keeper(store or MemoryStore(), Silence(), "lesson")
    voices = Voices(chosen, (shop or Shop()).open)
    each = lay_steps(chosen, steps, ())
    return *narrate(deck, steps, each, keeper, voices, InlineExecutor()), keeper


def test_each_voice_and_rate_is_opened_once_and_speaks_what_is_its_own() -> None:
    shop = Shop()
    (one, two), findings, _ = spoken(
        "# A\n\n???\nOne. [voice fake anna]Two.[/voice] [rate 0.8]Three. [voice fake anna] Four.\n\n---\n"
        "voice: fake anna\nrate: 0.8\n\n# B\n\n???\nFive. [voice fake]Six.[/voice] [rate 1]Seven.\n",
        shop,
    )
    assert shop.spoken == [
        ("fake", 1.0, ["One."]),
        ("fake anna", 1.0, ["Two.", "Seven."]),
        ("fake", 0.8, ["Three.", "Six."]),
        ("fake anna", 0.8, ["Four.", "Five."]),
    ]
    assert [utterance.voice for utterance in (*one.utterances, *two.utterances)] == [
        "fake 1  en rate 1", "fake 1 anna en rate 1", "fake 1  en rate 0.8", "fake 1 anna en rate 0.8",
        "fake 1 anna en rate 0.8", "fake 1  en rate 0.8", "fake 1 anna en rate 1",
    ]  # fmt: skip
    assert findings == ()


def test_what_is_given_on_the_command_line_counts_more_than_marks() -> None:
    shop = Shop()
    deck = parse.parse("rate: 0.7\n\n# A\n\n???\nOne. [voice nobody][rate 2]Two.\n", "deck.md")
    given = config.from_command_line({"narration.voice": "fake anna", "rate": 1.1})
    chosen = config.overlay(FAKE, given)
    keeper = Keeper(MemoryStore(), Silence(), "lesson")
    voices = Voices(chosen, shop.open, given)
    narrate(deck, deck.steps, lay_steps(chosen, deck.steps, given), keeper, voices, InlineExecutor())
    assert shop.spoken == [("fake anna", 1.1, ["One.", "Two."])]


def test_a_slower_rate_takes_longer() -> None:
    (take,), _, _ = spoken("# A\n\n???\nThe same words. [rate 0.5] The same words.\n")
    quick, slow = take.utterances
    assert quick.text == slow.text
    assert slow.samples > 1.7 * quick.samples


def test_captions_keep_the_written_words() -> None:
    shop = Shop()
    text = '---\nlexicon:\n  BERT: burt\n  GIF: gif\n---\n# A\n\n???\nBERT and [say "jot"]a `GIF`[/say] and GIF.\n'
    (take,), findings, _ = spoken(text.replace("# A", "lexicon: GIF=jif\n\n# A"), shop)
    assert take.text == "BERT and a GIF and GIF."
    assert shop.spoken[0][2] == ["burt and jot and jif."]
    words = take.utterances[0].words
    assert [take.text[word.begin : word.end] for word in words] == ["BERT", "and", "a GIF", "and", "GIF."]
    assert findings == ()


def test_a_changed_entry_speaks_its_sentences_again_and_no_others() -> None:
    store = MemoryStore()
    text = "---\nlexicon:\n  BERT: burt\n---\n# A\n\n???\nA sentence. BERT is here. Another one.\n"
    assert spoken(text, store=store)[2].counts("narrate") == (3, 0)
    assert spoken(text.replace("burt", "bird"), store=store)[2].counts("narrate") == (1, 2)
    marked = text.replace("Another one.", "[rate 1.0]Another one.[/rate]")
    assert spoken(marked, store=store)[2].counts("narrate") == (0, 3), "the same voice at the same rate"


def test_entries_of_the_deck_that_are_never_said_are_told_once_the_whole_deck_is_read() -> None:
    text = '---\nvoice: fake\nlexicon:\n  BERT: burt\n  "C++": see\n---\n# A\n\n???\nBert.\n\n---\n# B\n\n???\nC++.\n'
    _, (finding,), _ = spoken(text)
    assert (finding.code, finding.severity, str(finding.where), finding.width, finding.message) == (
        "narration-lexicon", "note", "deck.md:4:3", 4, "the notes never say `BERT`",
    )  # fmt: skip
    assert spoken(text, only=1)[1] == ()
    _, (finding,), _ = spoken("---\nvoice: fake\nlexicon: Bert=burt, GIF=jif\n---\n# A\n\n???\nBert.\n")
    assert (str(finding.where), finding.message) == ("deck.md:3:21", "the notes never say `GIF`")


def test_marks_that_cannot_be_followed_are_told_at_their_place() -> None:
    (take,), (first, second), _ = spoken('# A\n\n???\nOne.\nA *[say "b"]word*.\n\n- item [/rate] here\n')
    assert take.text == "One. A word. item here"
    assert (first.code, first.severity, str(first.where), first.width, first.line) == (
        "narration-mark", "warning", "deck.md:5:4", 9, 'A *[say "b"]word*.',
    )  # fmt: skip
    assert (str(second.where), second.line) == ("deck.md:7:8", "- item [/rate] here")


def test_a_rate_that_cannot_be_is_an_error_and_nothing_is_spoken() -> None:
    shop = Shop()
    with pytest.raises(NarrationError) as caught:
        spoken("# A\n\n???\nOne. [rate 3] Two.\n", shop)
    finding = caught.value.finding
    assert (str(finding.where), finding.width, finding.hint) == ("deck.md:4:6", 8, "a rate is a number from 0.5 to 2")
    assert shop.spoken == []


def test_a_voice_that_does_not_exist_is_told_where_it_is_named() -> None:
    shop = Shop()
    with pytest.raises(Several) as caught:
        spoken(
            "# A\n\n???\nOne. [voice flit slt]Two. Three.[/voice]\n\n---\nvoice: espek\n\n# B\n\n???\nFour.\n\n--\n\n"
            "More\n\n???\nFive.\n",
            shop,
        )
    assert [(type(one), str(one), str(one.finding.where), one.finding.hint) for one in caught.value.errors] == [
        (ConfigError, "unknown voice `flit`", "deck.md:4:13", "did you mean `flite`?"),
        (ConfigError, "unknown voice `espek`", "deck.md:7:8", "did you mean `espeak`?"),
    ]
    assert [one.finding.line for one in caught.value.errors] == ["One. [voice flit slt]Two. Three.[/voice]", ""]
    assert [voice.spoken for _, _, voice in shop.voices] == [[]]


def test_a_voice_that_does_not_work_at_a_rate_is_told_where_the_rate_stands() -> None:
    class Strict(Shop):
        def open(self, settings: Settings) -> tuple[Voice, str]:
            if settings.narration.rate > 1:
                raise VoiceError("too fast for me", hint="slower")
            return super().open(settings)

    with pytest.raises(VoiceError) as caught:
        spoken("# A\n\n???\nOne.\n\n---\nrate: 1.5\n\n# B\n\n???\nTwo.\n", Strict())
    assert str(caught.value.finding.where) == "deck.md:7:7"


def test_all_voices_of_an_engine_share_what_it_allows() -> None:
    class Counting(FakeVoice):
        now = most = 0
        guard = threading.Lock()

        def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
            with self.guard:
                type(self).now += 1
                type(self).most = max(self.most, self.now)
            time.sleep(0.005)
            speech = super().speak(text, phonemes)
            with self.guard:
                type(self).now -= 1
            return speech

    notes = " ".join(f"[rate {1 + number % 7 / 10}] Sentence {number} here." for number in range(30))
    deck = parse.parse(f"# A\n\n???\n{notes}\n", "deck.md")
    voices = Voices(FAKE, lambda settings: (Counting(rate=settings.narration.rate, parallel=2), ""))
    keeper = Keeper(MemoryStore(), Silence(), "lesson")
    with ThreadPoolExecutor(8) as executor:
        (take,), _ = narrate(deck, deck.steps, [FAKE], keeper, voices, executor)
    assert len(take.utterances) == 30
    assert Counting.most == 2


def test_which_voices_spoke_and_why() -> None:
    names = {"fake": "the best here", "fake anna": "as the settings say"}

    class Named(FakeVoice):
        @property
        def name(self) -> str:
            return self.identity.removeprefix("fake 1 ").split(" en ")[0].strip() or "nobody"

    def open_voice(settings: Settings) -> tuple[Voice, str]:
        narration = settings.narration
        return Named(narration.voice[5:], rate=narration.rate), names[narration.voice]

    deck = parse.parse("# A\n\n???\nOne. [rate 0.9] Two. [voice fake anna] Three.\n", "deck.md")
    voices = Voices(FAKE, open_voice)
    keeper = Keeper(MemoryStore(), Silence(), "lesson")
    takes, _ = narrate(deck, deck.steps, [FAKE], keeper, voices, InlineExecutor())
    assert voices.told(takes) == "nobody: the best here; anna: as the settings say"
    assert voices.identity(takes) == "fake 1  en rate 1, fake 1  en rate 0.9, fake 1 anna en rate 0.9"
    silent = [dataclasses.replace(take, utterances=()) for take in takes]
    assert voices.told(silent) == "nobody: the best here"


def test_a_click_comes_with_the_word_behind_it() -> None:
    (take, silent), findings, _ = spoken("# A\n\n???\nOne two. Three [click]four.\n\n--\n\nmore\n")
    four = take.utterances[1].words[1]
    assert take.text[9 + four.begin : 9 + four.end] == "four."
    assert take.clicks == (round(four.start * 48_000),)
    assert (silent.clicks, findings) == ((), ())


def test_clicks_that_show_nothing_are_told() -> None:
    text = (
        "# A\n\n???\nOne [click] two [click] three.\n\n--\n\nmore\n\n--\n\nand more\n\n???\nLast [click].\n\n---\n# B\n"
    )
    _, findings, _ = spoken(text)
    assert [(one.code, str(one.where), one.width) for one in findings] == [
        ("narration-click", "deck.md:4:17", 7),
        ("narration-click", "deck.md:15:6", 7),
    ]
    assert spoken(text, only=1)[1] == (), "of a slide that is not here as a whole"


def test_a_click_speaks_no_sentence_again() -> None:
    store = MemoryStore()
    text = "# A\n\n???\nOne two. Three four.\n\n--\n\nmore\n"
    assert spoken(text, store=store)[2].counts("narrate") == (2, 0)
    assert spoken(text.replace("four", "[click] four"), store=store)[2].counts("narrate") == (0, 2)
