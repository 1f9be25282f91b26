"""What every voice promises, whatever stands behind it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deckcast.engines.voices import engine
from deckcast.engines.word_times import words_in
from deckcast.errors import ConfigError, NarrationError
from deckcast.model import Phonemes
from deckcast.ports import Voice
from once import once

SENTENCES = (
    "Good morning.",
    'She said: "it works", in 2024, on 3.5 machines -- twice.',
    "The the model model needs 12 12 GPUs (or more); don't ask why!",
    "A naïve café in Zürich — that’s “it” … isn’t it?",
    "   Leading and trailing white space.   ",
    "x",
    "One tab\tone newline\nand & < > signs.",
)

SLOW = pytest.mark.slow
ENGINES = [
    pytest.param("fake", id="fake"),
    pytest.param("silent", id="silent"),
    pytest.param("flite", id="flite", marks=SLOW),
    pytest.param("flite slt", id="flite-slt", marks=SLOW),
    pytest.param("flite awb", id="flite-awb", marks=SLOW),
    pytest.param("flite kal16", id="flite-kal16", marks=SLOW),
    pytest.param("flite kal", id="flite-kal", marks=SLOW),
    pytest.param("espeak", id="espeak", marks=SLOW),
    pytest.param("espeak de", id="espeak-de", marks=SLOW),
    pytest.param("edge", id="edge", marks=SLOW),
    pytest.param("piper", id="piper", marks=SLOW),
    pytest.param("piper en_US-many-low+eve", id="piper-speaker", marks=SLOW),
    pytest.param("kokoro", id="kokoro", marks=SLOW),
    pytest.param("kokoro bf_emma", id="kokoro-british", marks=SLOW),
    pytest.param("transformers", id="transformers", marks=SLOW),
    pytest.param("transformers acme/many+1", id="transformers-speaker", marks=SLOW),
]
NEURAL = ("piper", "kokoro", "transformers")
SPEAKERS = ("piper en_US-many-low+eve", "kokoro bf_emma", "transformers acme/many+1")
"""Other voices of the programs that the ones before them have started, too."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Neural voices, one of each kind and some with several speakers."""
    from engines import tiny_voices

    def make(folder: Path) -> None:
        tiny_voices.piper(folder)
        tiny_voices.piper(folder, "en_US-many-low", num_speakers=2, speaker_id_map={"ada": 0, "eve": 1})
        tiny_voices.kokoro(folder)
        tiny_voices.vits(folder / "acme" / "mms-tiny")
        tiny_voices.vits(folder / "acme" / "many", speakers=2)

    return once(tmp_path_factory, "voices-of-all-kinds", make)


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[str], None]]:
    """Keeps the program of a neural voice running until the last test: loading its libraries takes seconds."""
    voices: dict[str, Voice] = {}

    def keep(setting: str) -> None:
        if setting not in voices:
            voices[setting] = opened(setting)
            voices[setting].speak(SENTENCES[0])

    yield keep
    for voice in voices.values():
        voice.close()


@pytest.fixture(params=ENGINES)
def setting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "edge":
        from engines.fake_edge import FakeEdge

        with FakeEdge() as service:
            service.stand_in(monkeypatch)
            yield request.param
    elif request.param.startswith(NEURAL):
        monkeypatch.setenv("DECKCAST_VOICES", str(request.getfixturevalue("folder")))
        if "equal" not in request.node.name:  # which asks two programs, one after the other
            request.getfixturevalue("running")(request.param)
        yield request.param
    else:
        yield request.param


def opened(setting: str, **changes: object) -> Voice:
    name, _, variant = setting.partition(" ")
    return engine(name)(variant, **changes)  # type: ignore[arg-type]


def test_it_speaks_every_word_in_order_and_in_time(setting: str) -> None:
    voice = opened(setting)
    for sentence in SENTENCES:
        speech = voice.speak(sentence)
        seconds = len(speech.pcm) / 2 / speech.rate
        assert len(speech.pcm) % 2 == 0
        assert seconds > 0.1
        assert tuple((word.begin, word.end) for word in speech.words) == words_in(sentence)
        times = [moment for word in speech.words for moment in (word.start, word.stop)]
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] <= seconds
        assert times[-1] - times[0] > 0.5 * seconds - 0.5, "the words fill the sound but for silence at its ends"


SOUNDS = "The burt-base, (burt) and New York; burt!"
GIVEN = (Phonemes(4, 8, "bɜːt"), Phonemes(16, 20, "bɜːt"), Phonemes(26, 34, "njuː ˈjɔːk"), Phonemes(36, 40, "bɜːt"))


def test_words_whose_sounds_are_given_are_told_like_all_others(setting: str) -> None:
    voice = opened(setting)
    lacking = voice.lacks("bɜːt njuː ˈjɔːk")
    if lacking is None:
        assert voice.lacks("ʘ") is None, "it takes all or none"
        return
    assert lacking == ()
    speech = voice.speak(SOUNDS, GIVEN)
    assert tuple((word.begin, word.end) for word in speech.words) == words_in(SOUNDS)
    times = [moment for word in speech.words for moment in (word.start, word.stop)]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= len(speech.pcm) / 2 / speech.rate
    assert all(word.stop - word.start > 0.05 for word in speech.words if SOUNDS[word.begin : word.end] != "and")
    if setting != "silent":
        other = tuple(Phonemes(one.begin, one.end, "ˌluːmɪˈnɒsɪti ˈluːmɪnəs") for one in GIVEN)
        assert len(voice.speak(SOUNDS, other).pcm) > 1.1 * len(speech.pcm), "more sounds take longer"
        assert voice.speak(SOUNDS, GIVEN) == speech


def test_equal_text_gives_equal_sound(setting: str) -> None:
    if setting == "edge":
        pytest.skip("an online service promises nothing of the kind; what it said is kept")
    if setting in SPEAKERS:
        pytest.skip("its program is asked with another speaker")
    text = SENTENCES[1]
    before = opened(setting)
    first = before.speak(text)
    before.close()
    voice = opened(setting)
    voice.speak(SENTENCES[2])
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(voice.speak, [text] * 4)) == [first] * 4


def test_many_at_once_are_not_mixed_up(setting: str) -> None:
    voice = opened(setting)
    texts = [f"This is sentence number {number}." for number in range(6 if setting.startswith(NEURAL) else 12)]
    with ThreadPoolExecutor(min(voice.parallel, 4)) as executor:
        together = list(executor.map(voice.speak, texts))
    assert [speech.words[-1].end for speech in together] == [len(text) for text in texts]


def test_a_higher_rate_is_shorter_and_another_identity(setting: str) -> None:
    normal, fast = opened(setting), opened(setting, rate=1.5)
    assert normal.identity != fast.identity
    text = "This sentence is long enough to hear a difference."
    if setting != "edge":
        slow_speech, fast_speech = normal.speak(text), fast.speak(text)
        assert len(fast_speech.pcm) / fast_speech.rate < 0.85 * len(slow_speech.pcm) / slow_speech.rate


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "—", "\x00"])
def test_what_holds_no_word_is_refused(setting: str, text: str) -> None:
    with pytest.raises(NarrationError):
        opened(setting).speak(text)


def test_it_has_a_name_an_identity_and_a_limit(setting: str) -> None:
    voice = opened(setting)
    assert voice.name.split()[0] == setting.split()[0]
    assert voice.identity
    assert voice.parallel >= 1
    assert engine(setting.split()[0]).availability("en").works


def test_an_unknown_variant_is_refused(setting: str) -> None:
    name = setting.split()[0]
    if name == "fake":
        pytest.skip("takes any")
    with pytest.raises(ConfigError):
        opened(f"{name} nonsense")


def test_it_may_be_closed_more_than_once(setting: str) -> None:
    voice = opened(setting)
    voice.speak(SENTENCES[0])
    voice.close()
    voice.close()


def test_it_can_be_sent_to_another_process(setting: str) -> None:
    voice = opened(setting)
    if setting == "fake":
        pytest.skip("it remembers what was spoken here")
    assert pickle.loads(pickle.dumps(voice)).identity == voice.identity
