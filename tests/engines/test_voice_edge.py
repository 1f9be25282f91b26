"""edge-tts against a service that misbehaves: what is mended by trying again, and what the author is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from deckcast.engines.edge_voices import VOICES
from deckcast.engines.voice_edge import LIMIT, EdgeVoice, Patience, pieces
from deckcast.errors import ConfigError, VoiceError
from deckcast.model import Speech
from engines.fake_edge import FakeEdge

PATIENCE = Patience(first=1.0, between=0.4, total=5.0, pause=0.01)
TEXT = "She said: “it works” & more, on 12 machines."


def spoken(service: FakeEdge, monkeypatch: pytest.MonkeyPatch, text: str = TEXT) -> Speech:
    service.stand_in(monkeypatch)
    return EdgeVoice(patience=PATIENCE).speak(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "connections"),
    [
        ("ok", 1),
        ("slow", 1),
        ("403 ok", 2),
        ("429 ok", 2),
        ("503 503 ok", 3),
        ("noaudio ok", 2),
        ("close-early ok", 2),
        ("close ok", 2),
        ("drop ok", 2),
        ("stall ok", 2),
        ("stall-midway ok", 2),
        ("bad-json ok", 2),
        ("bad-path ok", 2),
        ("bad-mp3 ok", 2),
        ("no-words ok", 2),
        ("truncate ok", 2),
        ("half-sound ok", 2),
        ("close drop truncate ok", 4),
    ],
)
def test_a_passing_fault_is_mended(script: str, connections: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeEdge("ok") as service:
        whole = spoken(service, monkeypatch)
    with FakeEdge(*script.split()) as service:
        assert spoken(service, monkeypatch) == whole
        assert service.connections == connections
        assert set(service.requests) <= {TEXT}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behaviour", "connections", "message"),
    [
        ("403", 2, "the service refused the request (403)"),
        ("403-nodate", 1, "the service refused the request (403) and does not tell its time"),
        ("429", 4, "the service refused the request (429), 4 times"),
        ("503", 4, "the service refused the request (503), 4 times"),
        ("noaudio", 4, "the service sent no sound, 4 times"),
        ("close-early", 4, "the service sent no sound, 4 times"),
        ("close", 4, "the connection closed before the end of the sentence, 4 times"),
        ("stall", 4, "the service did not answer in time, 4 times"),
        ("bad-path", 4, "the service answered in an unknown way (UnknownResponse('Unknown path received')), 4 times"),
        ("bad-mp3", 4, "the sound cannot be decoded: Invalid data found when processing input, 4 times"),
        ("no-words", 4, "0 of 30 letters were spoken, 4 times"),
        ("truncate", 4, "14 of 30 letters were spoken, 4 times"),
        ("half-sound", 4, "the words end at 2.2 s, the sound at 1.2 s, 4 times"),
    ],
)
def test_a_lasting_fault_is_told(
    behaviour: str, connections: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeEdge(behaviour) as service, pytest.raises(VoiceError) as caught:
        spoken(service, monkeypatch)
    assert str(caught.value) == f"edge {VOICES['en']}: {message}"
    assert caught.value.finding.hint
    assert service.connections == connections


@pytest.mark.slow
def test_offline_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeEdge() as service:
        service.stand_in(monkeypatch)
    with pytest.raises(VoiceError, match=r"cannot be reached$") as caught:
        EdgeVoice(patience=Patience(pause=1000)).speak(TEXT)
    assert "offline voice" in caught.value.finding.hint


@pytest.mark.slow
@pytest.mark.parametrize("skew", [-7200.0, 3600.0])
def test_a_wrong_clock_is_learned_from_the_service(skew: float, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeEdge("ok", skew=skew) as service:
        service.stand_in(monkeypatch)
        voice = EdgeVoice(patience=PATIENCE)
        voice.speak(TEXT)
        assert service.connections == 2
        voice.speak(TEXT)
        assert service.connections == 3


@pytest.mark.slow
def test_a_long_sentence_goes_in_pieces_and_comes_back_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{number}," for number in range(600))
    with FakeEdge() as service:
        service.stand_in(monkeypatch)
        speech = EdgeVoice().speak(text)
    assert len(service.requests) == 2
    assert all(len(request.encode()) <= LIMIT for request in service.requests)
    assert "".join(service.requests).replace(" ", "") == text.replace(" ", "")
    assert len(speech.words) == 600
    starts = [word.start for word in speech.words]
    assert starts == sorted(starts)
    assert speech.words[-1].stop == pytest.approx(len(speech.pcm) / 2 / speech.rate, abs=0.2)


@pytest.mark.slow
def test_what_is_sent_is_the_text_with_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeEdge() as service:
        spoken(service, monkeypatch, "a < b & c > d; “quoted”")
    assert service.requests == ["a < b & c > d; “quoted”"]


@pytest.mark.slow
def test_three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeEdge("slow") as service:
        service.stand_in(monkeypatch)
        voice = EdgeVoice(patience=PATIENCE)
        with ThreadPoolExecutor(voice.parallel) as executor:
            list(executor.map(voice.speak, [TEXT] * 6))
    assert service.together == 3


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", VOICES["en"]),
        ("en-GB", VOICES["en-gb"]),
        ("en-ZA", VOICES["en"]),
        ("de_AT", VOICES["de-at"]),
        ("zh-TW", VOICES["zh-tw"]),
    ],
)
def test_a_language_has_its_voice(language: str, voice: str) -> None:
    assert EdgeVoice(language=language).name == f"edge {voice}"


def test_a_language_without_a_voice_asks_for_one() -> None:
    assert not EdgeVoice.availability("xx").works
    with pytest.raises(ConfigError, match="no edge voice is known for `xx`"):
        EdgeVoice(language="xx")
    assert EdgeVoice("xx-YY-NobodyNeural", language="xx").name == "edge xx-YY-NobodyNeural"


@pytest.mark.parametrize(
    "text", ["", "one", "a" * 10_000, "é" * 5_000, "word " * 2_000, "&" * 3_000 + "a", "a\n" * 4_000]
)
def test_pieces_fit_and_hold_every_word(text: str) -> None:
    from xml.sax.saxutils import escape

    ranges = list(pieces(text))
    assert all(len(escape(text[begin:end]).encode()) <= LIMIT for begin, end in ranges)
    assert sum(text[begin:end].count(one) for begin, end in ranges for one in "aéw") == sum(
        text.count(o) for o in "aéw"
    )


def test_pieces_are_cut_after_a_mark() -> None:
    text = "x" * 2_000 + ", " + "y " * 600
    assert [text[begin:end][-2:] for begin, end in pieces(text)] == [", ", "y "]
