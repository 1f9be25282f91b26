"""Word times of voices that do not tell them: found with the reference, kept by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from align.babble import speech
from deckcast import parse
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.keep import Keeper
from deckcast.model import SAMPLE_RATE, Phonemes, Speech, Take, Word
from deckcast.narrate import Voices, narrate
from deckcast.ports import Voice
from deckcast.settings import Settings
from deckcast.stages import Silence

TEXT = "Every model learns from text that nobody labelled."


@dataclass
class Babbler(FakeVoice):
    """Speaks sounds shaped like speech; tells its first `told` words' times."""

    told: int = 0
    pace: float = 1.0
    pitch: float = 120.0
    heard: list[str] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return f"babbler {self.pace:g} {self.pitch:g}"

    @property
    def parallel(self) -> int:
        return 2

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        self.heard.append(text)
        made = speech(text, pace=self.pace, pitch=self.pitch)
        return Speech(made.pcm, made.rate, made.words[: self.told])


def spoken(voice: Voice, reference: Voice | None, store: MemoryStore | None = None, text: str = TEXT) -> Take:
    deck = parse.parse(f"# A\n\n???\n{text}\n", "deck.md")
    voices = Voices(Settings(), lambda _: (voice, ""), (), lambda _: reference)
    keeper = Keeper(store or MemoryStore(), Silence(), "lesson")
    (take,), _ = narrate(deck, deck.steps, [Settings()], keeper, voices, InlineExecutor())
    return take


def starts(words: Sequence[Word]) -> np.ndarray:
    return np.array([word.start for word in words])


@pytest.mark.parametrize("told", [0, 3])
def test_a_voice_that_tells_too_little_gets_its_words_by_aligning(told: int) -> None:
    truth = spoken(Babbler(told=99, pace=1.3, pitch=170), None).utterances[0].words
    found = spoken(Babbler(told=told, pace=1.3, pitch=170), Babbler(told=99)).utterances[0].words
    assert [(word.begin, word.end) for word in found] == [(word.begin, word.end) for word in truth]
    assert np.abs(starts(found) - starts(truth)).max() <= 0.06


def test_a_voice_that_tells_its_words_is_believed() -> None:
    reference = Babbler(told=99)
    spoken(Babbler(told=99, pace=1.3), reference)
    assert reference.heard == []


def test_without_a_reference_time_goes_by_letters_over_what_is_heard() -> None:
    take = spoken(Babbler(), None)
    words = take.utterances[0].words
    assert len(words) == 8
    assert starts(words).tolist() == sorted(starts(words))
    assert 0 <= words[0].start < 0.1
    assert take.samples / SAMPLE_RATE - 0.1 < words[-1].stop <= take.samples / SAMPLE_RATE


def test_times_are_kept_apart_from_the_sound() -> None:
    store, voice, reference = MemoryStore(), Babbler(pace=1.3), Babbler(told=99)
    first = spoken(voice, reference, store)
    assert (voice.heard, reference.heard) == ([TEXT], [TEXT])
    assert spoken(voice, reference, store) == first
    assert (voice.heard, reference.heard) == ([TEXT], [TEXT]), "both are kept"
    other = Babbler(told=99, pitch=140)
    again = spoken(voice, other, store)
    assert voice.heard == [TEXT], "another reference makes no sound again"
    assert other.heard == [TEXT]
    assert again.utterances[0].sound == first.utterances[0].sound


def test_an_equal_sentence_is_aligned_once() -> None:
    reference = Babbler(told=99)
    take = spoken(Babbler(), reference, text=f"{TEXT} {TEXT}")
    assert reference.heard == [TEXT]
    one, two = take.utterances
    shift = two.start / SAMPLE_RATE
    assert starts(two.words) == pytest.approx(starts(one.words) + shift)
