"""Notes to takes: pauses, word times, keeping, parallel work, failures. With a fake voice."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from deckcast import parse
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import RATE, FakeVoice
from deckcast.errors import NarrationError, Several, VoiceError
from deckcast.keep import Keeper
from deckcast.model import SAMPLE_RATE, Deck, Finding, Phonemes, Speech, Take
from deckcast.narrate import Voices, narrate
from deckcast.ports import Store, Voice
from deckcast.settings import NarrationSettings, Settings
from deckcast.sound import read_wav, resampled
from deckcast.stages import Silence

DECK = """# One

???
First sentence here. Second one has 3 GPUs.

A new paragraph.

---
# Two

--
More

???
Only the step speaks.
"""


def deck(text: str = DECK) -> Deck:
    return parse.parse(text, "deck.md")


def only(voice: Voice) -> Voices:
    return Voices(Settings(), lambda _: (voice, ""))


def spoken(
    text: str = DECK,
    *,
    store: Store | None = None,
    voice: Voice | None = None,
    executor: Executor | None = None,
    force: bool = False,
    settings: Settings | None = None,
) -> tuple[tuple[Take, ...], tuple[Finding, ...], Keeper]:
    one = deck(text)
    keeper = Keeper(store or MemoryStore(), Silence(), "lesson", force=force)
    each = [settings or Settings()] * len(one.steps)
    takes, findings = narrate(one, one.steps, each, keeper, only(voice or FakeVoice()), executor or InlineExecutor())
    return takes, findings, keeper


def test_each_step_gets_its_take() -> None:
    takes, findings, _ = spoken()
    assert [take.step for take in takes] == [1, 2, 3]
    assert [take.text for take in takes] == [
        "First sentence here. Second one has 3 GPUs. A new paragraph.",
        "",
        "Only the step speaks.",
    ]
    assert takes[1].samples == 0
    assert findings == ()


def test_samples_add_up_exactly() -> None:
    takes, _, keeper = spoken()
    first = takes[0]
    pauses = [round(0.4 * SAMPLE_RATE), round(0.75 * SAMPLE_RATE), 0]
    at = 0
    for utterance, pause in zip(first.utterances, pauses, strict=True):
        pcm, rate = read_wav(keeper.read(utterance.sound))
        assert rate == RATE
        assert (utterance.start, utterance.samples) == (at, resampled(len(pcm) // 2, rate))
        at += utterance.samples + pause
    assert first.samples == at


def test_pauses_come_from_the_settings_and_the_author() -> None:
    settings = Settings(narration=NarrationSettings(sentence_pause=1.0, paragraph_pause=2.0))
    text = "# A\n\n???\n[pause 3s] One. Two.\n\nThree. [pause 4s]\n"
    (take,), _, _ = spoken(text, settings=settings)
    one, two, three = take.utterances
    gaps = [one.start, two.start - one.start - one.samples, three.start - two.start - two.samples]
    assert [gap / SAMPLE_RATE for gap in gaps] == [3.0, 1.0, 2.0]
    assert take.samples - three.start - three.samples == 4 * SAMPLE_RATE


def test_notes_of_a_pause_alone_are_silence() -> None:
    (take,), findings, _ = spoken("# A\n\n???\n[pause 2s]\n")
    assert (take.samples, take.utterances, findings) == (2 * SAMPLE_RATE, (), ())


def test_the_voices_own_silence_is_trimmed_and_words_move_with_it() -> None:
    (take,), _, keeper = spoken("# A\n\n???\nFirst words.\n")
    (utterance,) = take.utterances
    pcm, _ = read_wav(keeper.read(utterance.sound))
    untrimmed = FakeVoice().speak("First words.")
    assert len(untrimmed.pcm) - len(pcm) > 0.1 * RATE
    shift = untrimmed.words[0].start - utterance.words[0].start
    for before, after in zip(untrimmed.words, utterance.words, strict=True):
        assert (before.start - shift, before.stop - shift) == pytest.approx((after.start, after.stop))
    assert 0 <= utterance.words[0].start < 0.06
    assert 0 <= take.seconds - utterance.words[-1].stop < 0.06


def test_words_are_ranges_in_the_written_text_from_the_beginning_of_the_take() -> None:
    takes, _, _ = spoken()
    second = takes[0].utterances[1]
    assert [second.text[word.begin : word.end] for word in second.words] == ["Second", "one", "has", "3", "GPUs."]
    begin, end = second.start / SAMPLE_RATE, (second.start + second.samples) / SAMPLE_RATE
    times = [moment for word in second.words for moment in (word.start, word.stop)]
    assert times == sorted(times)
    assert begin <= times[0] < begin + 0.06
    assert end - 0.06 < times[-1] <= end + 1e-9


def test_what_was_spoken_is_kept_and_one_changed_sentence_is_spoken_again() -> None:
    store, voice = MemoryStore(), FakeVoice()
    takes, _, keeper = spoken(store=store, voice=voice)
    assert keeper.counts("narrate") == (4, 0)
    again, _, keeper = spoken(store=store, voice=voice)
    assert again == takes
    assert keeper.counts("narrate") == (0, 4)
    voice.spoken.clear()
    changed, _, keeper = spoken(DECK.replace("A new", "Another"), store=store, voice=voice)
    assert keeper.counts("narrate") == (1, 3)
    assert voice.spoken == ["Another paragraph."]
    assert changed[0].utterances[:2] == takes[0].utterances[:2]


def test_another_voice_or_rate_speaks_everything_again() -> None:
    store = MemoryStore()
    spoken(store=store)
    _, _, keeper = spoken(store=store, voice=FakeVoice(rate=1.2))
    assert keeper.counts("narrate") == (4, 0)


def test_force_speaks_again() -> None:
    store = MemoryStore()
    spoken(store=store)
    _, _, keeper = spoken(store=store, force=True)
    assert keeper.counts("narrate") == (4, 0)


def test_an_equal_sentence_is_spoken_once() -> None:
    voice = FakeVoice()
    takes, _, keeper = spoken("# A\n\n???\nSame. Same.\n\n---\n# B\n\n???\nSame.\n", voice=voice)
    assert voice.spoken == ["Same."]
    assert keeper.counts("narrate") == (1, 2)
    assert len({one.sound for take in takes for one in take.utterances}) == 1


def test_many_run_at_once_but_no_more_than_the_voice_allows() -> None:
    class Counting(FakeVoice):
        now = most = 0
        guard = threading.Lock()

        def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
            with self.guard:
                type(self).now += 1
                type(self).most = max(self.most, self.now)
            time.sleep(0.01)
            speech = super().speak(text, phonemes)
            with self.guard:
                type(self).now -= 1
            return speech

    text = "# A\n\n???\n" + " ".join(f"Sentence {number} here." for number in range(30)) + "\n"
    with ThreadPoolExecutor(8) as executor:
        together, _, _ = spoken(text, voice=Counting(parallel=3), executor=executor)
    assert Counting.most == 3
    alone, _, _ = spoken(text)
    assert together == alone


FAULTY = "# One\n\n???\nGood one.\n\n---\n# Two words\n\n???\nFine.\nThis `fails` badly. Good two.\n"


@pytest.mark.parametrize("workers", [0, 2])
def test_a_voice_that_fails_names_slide_line_and_sentence_and_keeps_the_rest(workers: int) -> None:
    store = MemoryStore()
    voice = FakeVoice(fails=lambda text: "badly" in text)
    executor = ThreadPoolExecutor(workers) if workers else InlineExecutor()
    with executor, pytest.raises(VoiceError) as caught:
        spoken(FAULTY, store=store, voice=voice, executor=executor)
    finding = caught.value.finding
    assert finding.message == "cannot speak “This fails badly.”: the fake voice was told to fail"
    assert (str(finding.where), finding.line) == ("deck.md:11:1", "This `fails` badly. Good two.")
    assert finding.slide == 'slide 2 "Two words"'
    assert finding.hint == "tell it otherwise"
    assert caught.value.exit_code == 3
    _, _, keeper = spoken(FAULTY, store=store)
    made, kept = keeper.counts("narrate")
    assert made + kept == 4
    assert kept >= 2, "what was spoken before the failure is kept"


def test_all_that_the_author_must_mend_is_told_at_once() -> None:
    class English(FakeVoice):
        def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
            if not text.isascii():
                raise NarrationError(f"cannot say `{text}`", hint="write Latin letters")
            return super().speak(text, phonemes)

    with pytest.raises(Several) as caught:
        spoken("# A\n\n???\nОдин. Good.\n\n---\n# B\n\n???\nДва.\n", voice=English())
    assert [(str(one.where), one.slide) for one in caught.value.findings] == [
        ("deck.md:4:1", 'slide 1 "A"'),
        ("deck.md:10:1", 'slide 2 "B"'),
    ]


def test_an_interrupt_keeps_what_was_spoken() -> None:
    store = MemoryStore()
    text = "# A\n\n???\n" + " ".join(f"Sentence {number} here." for number in range(10)) + "\n"

    class Interrupting(FakeVoice):
        def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
            if "five" in text:
                raise KeyboardInterrupt
            return super().speak(text, phonemes)

    with pytest.raises(KeyboardInterrupt):
        spoken(text, store=store, voice=Interrupting(parallel=1))
    _, _, keeper = spoken(text, store=store)
    assert keeper.counts("narrate") == (5, 5)


def test_a_closed_executor_ends_the_work_and_keeps_what_was_spoken() -> None:
    """As when the main thread is interrupted: the executor is shut down while narration runs beside it."""
    store = MemoryStore()
    text = "# A\n\n???\n" + " ".join(f"Sentence {number} here." for number in range(10)) + "\n"
    executor = ThreadPoolExecutor(1)

    class Closing(FakeVoice):
        def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
            if "five" in text:
                executor.shutdown(wait=False, cancel_futures=True)
            return super().speak(text, phonemes)

    with pytest.raises(RuntimeError, match="cannot schedule new futures"):
        spoken(text, store=store, voice=Closing(parallel=1), executor=executor)
    _, _, keeper = spoken(text, store=store)
    assert keeper.counts("narrate") == (4, 6)


@pytest.mark.parametrize(
    ("notes", "line"),
    [("![a picture](a.png)", "![a picture](a.png)"), ("```python\nx = 1\n```", "```python"), ("🎉", "🎉"), ("…", "…")],
)
def test_notes_without_a_word_are_a_finding(notes: str, line: str) -> None:
    (take,), (finding,), _ = spoken(f"# A\n\n???\n\n{notes}\n")
    assert take.samples == 0
    assert (finding.code, finding.severity, str(finding.where), finding.line) == (
        "narration-empty", "warning", "deck.md:5:1", line,
    )  # fmt: skip


@pytest.mark.parametrize("notes", ["", "<!-- only a comment -->", "<!-- over\n\nlines -->\n"])
def test_no_notes_and_comments_are_none(notes: str) -> None:
    (take,), findings, _ = spoken(f"# A\n\n???\n{notes}\n")
    assert (take.samples, findings) == (0, ())


def test_the_slots_name_slide_step_and_sentence() -> None:
    told: list[str] = []

    class Telling(Silence):
        def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
            told.append(f"{stage}: {what}{' kept' if kept else ''} {why}".strip())

    one = deck()
    keeper = Keeper(MemoryStore(), Telling(), "lesson")
    settings: Sequence[Settings] = [Settings()] * len(one.steps)
    narrate(one, one.steps, settings, keeper, only(FakeVoice()), InlineExecutor())
    assert told == [
        "narrate: slide 1 sentence 1 new",
        "narrate: slide 1 sentence 2 new",
        "narrate: slide 1 sentence 3 new",
        "narrate: slide 2 step 2 sentence 1 new",
    ]
