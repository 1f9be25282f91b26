"""`deckcast voices`: what it says of engines that work and of those that do not."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from deckcast.cli import run
from deckcast.engines import voice_espeak, voice_flite, voices
from deckcast.engines.speech_process import ProgramFailed
from deckcast.engines.voice_espeak import Installed
from engines.fake_edge import FakeEdge

ESPEAK = Installed(
    "/lib/libespeak-ng.so.1",
    "",
    "1.52",
    "/usr/share/espeak-ng-data",
    (
        ("gmw/de", "German", ((5, "de"),)),
        ("gmw/en", "English (Great Britain)", ((2, "en-gb"), (2, "en"))),
        ("gmw/en-US", "English (America)", ((2, "en-us"), (3, "en"))),
        ("zle/uk", "Ukrainian", ((5, "uk"),)),
    ),
)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One with espeak and two of flite's voices, where nothing may connect to anything."""

    def version(voice: str) -> str:
        if voice not in ("rms", "slt"):
            raise ProgramFailed(f"libflite_cmu_us_{voice}.so.1: cannot open shared object file")
        return "libflite 2.2"

    def refuse(*_: object) -> None:
        raise AssertionError("something connects to the network")

    monkeypatch.setattr(voice_flite, "_version", version)
    monkeypatch.setattr(voice_espeak, "_installed", lambda: ESPEAK)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert run(["voices", "--json", *arguments]) == code
    return json.loads(capsys.readouterr().out)


def listed(answer: Any, engine: str) -> list[str]:
    (found,) = [kind for kind in answer["engines"] if kind["name"] == engine]
    return [one["voice"] for one in found["voices"]]


def test_each_engine_stands_with_its_voices_and_the_one_that_auto_takes(
    machine: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["voices"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    assert "✔ flite: clear offline voices for English" in lines
    assert "    flite rms  a man from the United States, the clearest" in lines
    assert "    flite slt  a woman from the United States" in lines
    assert "flite awb" not in captured.out, "its library is not installed"
    espeak = lines.index("✔ espeak: espeak-ng 1.52, offline")
    assert lines[espeak + 1 : espeak + 3] == [
        "    espeak en-us  English (America)",
        "    espeak en-gb  English (Great Britain)",
    ]
    assert "    the service has more: `--online` asks it for all" in lines
    assert "fake" not in captured.out
    assert lines[-1] == "`voice: auto` takes flite rms for en: the clearest offline voice for English"


def test_recordings_stand_among_the_engines(machine: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["voices", "--language", "uk"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("✔ recorded: your own sound files, such as audio/007.wav beside the deck")
    assert lines[at + 1] == "    recorded  every slide with notes must have a recording"
    assert lines[at + 2] == "    recordings that are there are played with any other `voice:`, too"
    assert not lines[-1].startswith("`voice: auto` takes recorded")


def test_another_language_has_other_voices(machine: None, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "--language", "de-AT")
    assert listed(answer, "flite") == []
    assert listed(answer, "espeak") == ["espeak de"]
    assert listed(answer, "edge") == [
        "edge de-AT-IngridNeural",
        "edge de-CH-LeniNeural",
        "edge de-DE-SeraphinaMultilingualNeural",
    ]
    assert listed(answer, "silent") == ["silent"]
    assert answer["auto"] == {"voice": "espeak de", "why": "the offline voice that works here"}
    assert {kind["name"] for kind in answer["engines"] if kind["online"]} == {"edge"}


@pytest.mark.parametrize("language", ["en", "de", "uk", "en-GB"])
def test_what_is_listed_can_be_written_as_the_voice(
    machine: None, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    settings = [one["voice"] for kind in asked(capsys, "--language", language)["engines"] for one in kind["voices"]]
    assert len(settings) >= 2
    for setting in settings:
        voice, _ = voices.choose(setting, language, online=True, rate=1.0)
        assert voice.name.split()[0] == setting.split()[0]


def test_an_engine_that_is_missing_says_why_and_how_to_mend_it(
    machine: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise ProgramFailed("libflite.so.1: cannot open shared object file")

    monkeypatch.setattr(voice_flite, "_version", fail)
    assert run(["voices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("✖ flite: libflite.so.1: cannot open shared object file")
    assert lines[at + 1] == "    mend it: apt-get install libflite1"
    assert lines[-1].endswith("`apt-get install libflite1` would give a clearer one")


def test_a_language_that_nothing_speaks_ends_with_3(machine: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["voices", "--language", "tlh"]) == 3
    captured = capsys.readouterr()
    assert "✖ espeak: has no voice for `tlh`" in captured.out
    assert "no voice for `tlh` works on this machine" in captured.err
    answer = asked(capsys, "--language", "tlh", code=3)
    assert (answer["ok"], answer["auto"]) == (False, None)
    assert answer["diagnostics"][0]["code"] == "voice"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_flite, "_version", lambda _: "libflite 2.2")
    monkeypatch.setattr(voice_espeak, "_installed", lambda: ESPEAK)


def test_the_service_is_asked_after_a_yes(
    online: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeEdge() as service:
        service.stand_in(monkeypatch)
        answer = asked(capsys, "--language", "de", "--online")
    assert listed(answer, "edge") == [
        "edge de-DE-SeraphinaMultilingualNeural",
        "edge de-AT-IngridNeural",
        "edge de-DE-KatjaNeural",
    ]
    assert answer["auto"]["voice"] == "edge de-DE-SeraphinaMultilingualNeural"


@pytest.mark.parametrize(
    ("behaviour", "told"), [("503", "refused the request (503)"), ("bad-json", "answered in an unknown way")]
)
def test_a_service_that_does_not_answer_is_told_and_what_is_known_is_listed(
    online: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, behaviour: str, told: str
) -> None:
    with FakeEdge(behaviour) as service:
        service.stand_in(monkeypatch)
        answer = asked(capsys, "--online", code=3)
    assert told in answer["diagnostics"][0]["message"]
    assert listed(answer, "edge")[0] == "edge en-US-EmmaMultilingualNeural"
    assert listed(answer, "flite")[0] == "flite rms"


@pytest.mark.slow
def test_the_voices_of_this_machine_speak(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "--language", "en")
    settings = [*listed(answer, "flite"), *listed(answer, "espeak")]
    assert len(settings) >= 2
    for setting in settings:
        voice, _ = voices.choose(setting, "en", online=False, rate=1.0)
        assert voice.speak("Hello there.").pcm
