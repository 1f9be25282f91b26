"""Programs that hold a model: crashes, hangs and nonsense, who starts them, who ends them."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deckcast.engines import speech_worker
from deckcast.engines.neural_voice import NeuralVoice
from deckcast.engines.speech_worker import CannotLoad, Lease, Refused, WorkerDied, WorkerFailed, WorkerHangs
from deckcast.engines.word_times import Sound
from deckcast.errors import NarrationError, VoiceError

pytestmark = pytest.mark.slow

GENERATOR = Path(__file__).parents[2] / "generator"
HEAD = """
import os, signal, sys, time
from pathlib import Path
import numpy
from deckcast.engines.speech_worker_loop import Refused, Sounding, serve

def tone(text, sounds=((0, 0.1, 0.4),)):
    return Sounding(numpy.full(8000, 0.5, "float32"), 16000, sounds)

def load(settings):
    def speak(text, options):
        return tone(text)
"""
TAIL = """
    return speak

if __name__ == "__main__":
    serve(load)
"""


@pytest.fixture
def lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Lease]:
    """A share in a program whose `load` is what the test says: until `speak` is defined, and in it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(source: str = "", **settings: object) -> Lease:
        body = textwrap.indent(textwrap.dedent(source), "    ")
        (tmp_path / "holding.py").write_text(HEAD + body + TAIL)
        return Lease("holding", settings)

    return make


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2] if Path("/proc/self").exists() else True


def gone(pid: int) -> bool:
    end = time.monotonic() + 60
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


PID = """
def speak(text, options):
    return tone(text, ((0, os.getpid(), 0),))
"""


def pid(lease: Lease) -> int:
    """Of its program, which tells it as the time of a word."""
    sounds = lease.ask("who?", {}).sounds
    assert sounds is not None
    return int(sounds[0].start)


def test_it_is_started_once_and_answers_sentence_by_sentence(lease: Callable[..., Lease]) -> None:
    one = lease(PID)
    assert pid(one) == pid(one)
    heard = one.ask("again", {})
    assert (len(heard.pcm), heard.rate) == (16_000, 16_000)
    one.close()


def test_what_libraries_print_is_no_answer(lease: Callable[..., Lease]) -> None:
    one = lease("print('loading', flush=True)\nos.system('echo and so do programs')\n")
    assert one.ask("text", {}).sounds == (Sound(0, 0.1, 0.4),)
    one.close()


def test_voices_of_one_model_share_its_program_and_the_last_ends_it(lease: Callable[..., Lease]) -> None:
    first, second, other = lease(PID), lease(PID), lease(PID, model="another")
    program = pid(first)
    assert pid(second) == program
    assert pid(other) != program
    first.close()
    first.close()
    assert pid(second) == program
    second.close()
    assert gone(program)
    other.close()


def test_channels_are_laid_over_each_other(lease: Callable[..., Lease]) -> None:
    one = lease("def speak(t, o): return Sounding(numpy.stack([numpy.full(99, 0.5), numpy.zeros(99)]), 16000, None)\n")
    pcm = one.ask("text", {}).pcm
    assert len(pcm) == 2 * 99
    assert int.from_bytes(pcm[:2], "little") == round(0.25 * 32767)
    one.close()


def test_its_temporary_files_go_with_it(lease: Callable[..., Lease], tmp_path: Path) -> None:
    told = tmp_path / "place"
    one = lease(f"import tempfile\nPath({str(told)!r}).write_text(tempfile.mkdtemp())\n")
    one.ask("text", {})
    place = Path(told.read_text())
    assert place.is_dir()
    one.close()
    assert not place.parent.exists()


def test_a_share_that_is_forgotten_ends_its_program(lease: Callable[..., Lease]) -> None:
    one = lease(PID)
    program = pid(one)
    del one
    assert gone(program)


def test_a_copy_elsewhere_has_a_program_of_its_own(lease: Callable[..., Lease]) -> None:
    one = lease(PID)
    copy = pickle.loads(pickle.dumps(one))
    assert pid(copy) == pid(one)
    one.close()
    copy.close()


CRASHING = """
count = Path(settings["count"])
def speak(text, options):
    if "crash" in text:
        count.write_text(count.read_text() + "x")
        if len(count.read_text()) <= options["times"]:
            os.kill(os.getpid(), signal.SIGSEGV)
    return tone(text)
"""


def test_a_crash_in_mid_sentence_is_tried_once_more(lease: Callable[..., Lease], tmp_path: Path) -> None:
    count = tmp_path / "count"
    count.write_text("")
    one = lease(CRASHING, count=str(count))
    assert one.ask("crash", {"times": 1}).rate == 16_000
    assert count.read_text() == "xx"
    with pytest.raises(WorkerDied, match="ended with signal 11, twice"):
        one.ask("crash", {"times": 9})
    assert one.ask("go on", {}).rate == 16_000, "a fresh one is started"
    one.close()


def test_a_hang_is_ended_in_time_and_not_tried_again(
    lease: Callable[..., Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = lease("def speak(text, options):\n    time.sleep(100 if text == 'hang' else 0)\n    return tone(text)\n")
    assert one.ask("text", {}).rate == 16_000
    monkeypatch.setattr(speech_worker, "PATIENCE", 1.0)
    monkeypatch.setattr(speech_worker, "PATIENCE_A_CHARACTER", 0.0)
    begun = time.monotonic()
    with pytest.raises(WorkerHangs, match="no answer within 1 seconds"):
        one.ask("hang", {})
    assert time.monotonic() - begun < 60
    monkeypatch.undo()
    one.close()


def test_a_program_that_never_loads_is_ended(lease: Callable[..., Lease], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_worker, "LOADING", 2.0)
    with pytest.raises(WorkerHangs, match="no answer within 2 seconds"):
        lease("time.sleep(100)\n").ask("text", {})


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("raise ValueError('the file is no model')", CannotLoad, "the file is no model"),
        ("raise ImportError('first line\\nsecond')", CannotLoad, "first line"),
        ("os._exit(3)", WorkerDied, "it ended with exit code 3"),
        ("sys.stderr.write('out of memory\\n'); os.abort()", WorkerDied, r"it ended with signal 6 \(out of memory\)"),
        ("def speak(t, o): raise KeyError('x')", WorkerFailed, "'x'"),
        ("def speak(t, o): raise Refused('no sound for `ß`')", Refused, "no sound for `ß`"),
        ("def speak(t, o): return Sounding(numpy.zeros(99), 16000, None)", WorkerFailed, "without sound"),
        ("def speak(t, o): return Sounding(numpy.full(9, numpy.nan), 16000, None)", WorkerFailed, "without sound"),
        ("def speak(t, o): return Sounding(numpy.zeros(0), 16000, None)", WorkerFailed, "without sound"),
    ],
)
def test_what_goes_wrong_is_told(lease: Callable[..., Lease], source: str, kind: type[Exception], message: str) -> None:
    one = lease(source + "\n")
    with pytest.raises(kind, match=message):
        one.ask("text", {})
    one.close()


def test_something_else_than_speech(lease: Callable[..., Lease], tmp_path: Path) -> None:
    one = lease()
    (tmp_path / "holding.py").write_text("print('hello')\n")
    with pytest.raises(WorkerDied, match="something else than speech: b'hello'"):
        one.ask("text", {})


def test_closing_ends_a_sentence_under_way(lease: Callable[..., Lease], tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    one = lease(
        "def speak(text, options):\n    Path(settings['begun']).touch()\n    time.sleep(100)\n", begun=str(begun)
    )
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            one.ask("text", {})
        except WorkerFailed as failed:
            failures.append(failed)

    thread = threading.Thread(target=ask)
    thread.start()
    end = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert begun.exists()
    one.close()
    thread.join(60)
    assert not thread.is_alive()
    assert len(failures) == 1


def test_it_ends_with_a_build_that_is_killed(tmp_path: Path, lease: Callable[..., Lease]) -> None:
    lease("def speak(text, options):\n    Path(settings['pid']).write_text(str(os.getpid()))\n    time.sleep(100)\n")
    told = tmp_path / "pid"
    build = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from deckcast.engines.speech_worker import Lease\n"
            f"Lease('holding', {{'pid': {str(told)!r}}}).ask('text', {{}})",
        ],
        env={**os.environ, "PYTHONPATH": f"{GENERATOR}{os.pathsep}{tmp_path}"},
    )
    end = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    program = int(told.read_text())
    build.send_signal(signal.SIGKILL)
    build.wait()
    assert gone(program)


def test_a_voice_says_what_failed_and_what_helps(lease: Callable[..., Lease]) -> None:
    def voice(source: str) -> NeuralVoice:
        lease(source + "\n")
        return NeuralVoice("piper anna", "id", "holding", {"source": source}, {}, "get it again")

    with pytest.raises(VoiceError) as caught:
        voice("raise ValueError('no model')").speak("Hello.")
    assert str(caught.value) == "piper anna cannot be loaded: no model"
    assert caught.value.finding.hint == "get it again"
    with pytest.raises(VoiceError, match="piper anna failed: out of range") as caught:
        voice("def speak(t, o): raise IndexError('out of range')").speak("Hello.")
    assert "what is done is kept" in caught.value.finding.hint
    with pytest.raises(NarrationError, match="piper anna cannot speak this: no sound for `ß`"):
        voice("def speak(t, o): raise Refused('no sound for `ß`')").speak("Hello.")
    assert voice("def speak(t, o): return tone(t, None)").speak("Hello.").words == (), "its times are not known"
