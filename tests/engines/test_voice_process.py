"""The programs that hold the speech libraries: crashes, time-outs and nonsense become `ProgramFailed`."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines import speech_process, voice_flite
from deckcast.engines.speech_process import ProgramFailed
from deckcast.engines.transliterate import to_ascii
from deckcast.engines.voice_espeak import EspeakVoice
from deckcast.engines.voice_flite import FliteVoice
from deckcast.errors import NarrationError, VoiceError


def program(folder: Path, source: str) -> str:
    path = folder / "program.py"
    path.write_text(source)
    return str(path)  # an absolute path wins over the engines' folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import sys; sys.exit('no such voice')", "no such voice"),
        ("import os; os._exit(255)", "ended with exit code 255"),
        ("import os; os.kill(os.getpid(), 11)", "ended with signal 11"),
        ("print('hello')", "answered something else than speech"),
        ("print('16000 2'); print('0 0.1 0.2')", "answered something else than speech"),
        ("print('16000 0')", "answered without sound"),
        ("import sys; sys.stdout.write('16000 0\\nabc')", "answered without sound"),
        ("raise KeyError('x')", "KeyError: 'x'"),
    ],
)
def test_a_failing_program(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(ProgramFailed, match=message):
        speech_process.speak(program(tmp_path, source), (), "text")


@pytest.mark.slow
def test_a_program_that_crashes_once_is_asked_again(tmp_path: Path) -> None:
    crash = (
        "import os, pathlib, sys; p = pathlib.Path(sys.argv[1]); n = len(p.read_text()); p.write_text('x' * (n + 1))\n"
    )
    crash += "if n < int(sys.argv[2]): os.kill(os.getpid(), 9)\nprint('16000 0'); sys.stdout.write('ab')"
    count = tmp_path / "count"
    count.write_text("")
    spoken = speech_process.speak(program(tmp_path, crash), (str(count), "1"), "text")
    assert (spoken.pcm, count.read_text()) == (b"ab", "xx")
    count.write_text("")
    with pytest.raises(ProgramFailed, match="ended with signal 9"):
        speech_process.speak(program(tmp_path, crash), (str(count), "9"), "text")
    assert count.read_text() == "xx"


@pytest.mark.slow
def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="no answer within 1 seconds"):
        speech_process.ask(program(tmp_path, "import time; time.sleep(100)"), (), patience=1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [FliteVoice, EspeakVoice])
def test_a_crash_is_a_voice_error(
    kind: type[FliteVoice | EspeakVoice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = kind()
    crash = program(tmp_path, "import os; os.kill(os.getpid(), 11)")
    monkeypatch.setattr(f"{kind.__module__}.PROGRAM", crash)
    with pytest.raises(VoiceError, match="failed: ended with signal 11"):
        voice.speak("Hello.")


def test_flite_tells_what_it_cannot_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_flite, "_version", lambda voice: "libflite.so.2.2")
    with pytest.raises(NarrationError, match="flite cannot speak `你好`"):
        FliteVoice().speak("Say 你好 and 你 again.")


@pytest.mark.parametrize(
    ("text", "ascii_text", "lost"),
    [
        ("plain", "plain", ""),
        ("“Zürich” – naïve…", '"Zurich" ,  naive...', ""),
        ("Straße, Łódź, Ærø, þing", "Strasse, Lodz, Aero, thing", ""),
        ("½ ² ﬁ", "1/2 2 fi", ""),
        ("a\tb\nc\x00d", "a b c d", ""),
        ("→ ♥ 🎉 ©", "       ", ""),
        ("αβα б", "      ", "αβб"),
        ("e\u0301t\u00e9", "ete", ""),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth", ""),
    ],
)
def test_transliteration(text: str, ascii_text: str, lost: str) -> None:
    result = to_ascii(text)
    assert result.text.split() == ascii_text.split()
    assert result.lost == lost
    assert result.text.isascii()
    assert len(result.origins) == len(result.text)
    assert list(result.origins) == sorted(result.origins)
