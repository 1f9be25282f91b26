"""Programs that hold a voice's model: started when first asked, asked sentence by sentence, ended with the build.

`speech_process.py` starts a fresh program for each sentence; a neural voice takes seconds to load, so its program
stays. It is still one of its own: what it loads may crash or hang, and part of it is GPL. Voices that differ only
in what is said with each sentence, such as the rate, share one program.

Both sides write lines of JSON; the other side is `speech_worker_loop.py`, where they are told.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from deckcast.engines.word_times import Sound
from deckcast.errors import VoiceError

LOADING = 300.0
"""Seconds that a program may take until its model is loaded."""
PATIENCE = 60.0
"""Seconds a sentence may take, before `PATIENCE_A_CHARACTER` for each of its characters."""
PATIENCE_A_CHARACTER = 0.5
_GRACE = 2.0
"""Seconds that a program has to end by itself."""
_LOOK = 0.5
"""Seconds after which one who waits for an answer looks whether the program was ended."""

# The programs import little of deckcast, but they do: where it lies is told, so that no installation is needed.
_BOOT = (
    "import runpy, sys; root = sys.argv.pop(1); root in sys.path or sys.path.insert(0, root);"
    "runpy.run_module(sys.argv.pop(1), run_name='__main__')"
)
_ROOT = Path(__file__).parents[2]
# What is to be downloaded is downloaded by `deckcast voices --get` alone.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


@dataclass(frozen=True, slots=True)
class Heard:
    pcm: bytes
    rate: int
    sounds: tuple[Sound, ...] | None
    """None where the voice does not know when it says what."""


class WorkerFailed(VoiceError):
    """The program does not give speech; the message is its own last line."""


class CannotLoad(WorkerFailed):
    """It runs, but cannot use the model."""


class WorkerDied(WorkerFailed):
    """It ended by itself."""


class WorkerHangs(WorkerFailed):
    """It did not answer in time, and was ended."""


class Refused(Exception):
    """The text cannot be spoken as it is; the author must mend it."""


class Lease:
    """A share in a program: `program` is a module that runs, `settings` is what it loads."""

    def __init__(self, program: str, settings: Mapping[str, Any]) -> None:
        self._key = (program, json.dumps(settings, sort_keys=True))
        self._release: weakref.finalize[Any, Lease] | None = None
        self._worker: Worker | None = None

    def ask(self, text: str, options: Mapping[str, Any]) -> Heard:
        """Speaks a text. Raises `Refused`, `WorkerFailed`."""
        with _GUARD:
            if self._worker is None:
                self._worker = _acquire(self._key)
                self._release = weakref.finalize(self, _give_back, self._key, self._worker)
            worker = self._worker
        return worker.ask(text, options)

    def close(self) -> None:
        """The last one to close ends the program."""
        with _GUARD:
            if self._release is not None:
                self._release()
            self._worker = self._release = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Lease, (self._key[0], json.loads(self._key[1]))


_GUARD = threading.RLock()
_WORKERS: dict[tuple[str, str], Worker] = {}


def _acquire(key: tuple[str, str]) -> Worker:
    with _GUARD:
        worker = _WORKERS.setdefault(key, Worker(*key))
        worker.users += 1
        return worker


def _give_back(key: tuple[str, str], worker: Worker) -> None:
    with _GUARD:
        worker.users -= 1
        if worker.users:
            return
        if _WORKERS.get(key) is worker:
            del _WORKERS[key]
    worker.close()


class Worker:
    """One program, or the next one after it has died. Asked by many threads, it answers one after the other."""

    def __init__(self, program: str, settings: str) -> None:
        self.users = 0
        self._program = program
        self._settings = settings
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def ask(self, text: str, options: Mapping[str, Any]) -> Heard:
        limit = PATIENCE + PATIENCE_A_CHARACTER * len(text)
        with self._lock:
            try:
                return self._ask(text, options, limit)
            except WorkerDied:
                if self._closed:
                    raise
            try:
                return self._ask(text, options, limit)  # whatever ended it may have passed
            except WorkerDied as died:
                raise WorkerDied(f"{died}, twice") from died

    def close(self) -> None:
        """Ends the program, also in the middle of a sentence."""
        self._closed = True
        process = self._process
        if process is not None:
            process.end()

    def _ask(self, text: str, options: Mapping[str, Any], limit: float) -> Heard:
        if self._closed:
            raise WorkerDied("the voice has been closed")
        process = self._process or self._start()
        try:
            process.send({"text": text, "options": dict(options), "limit": limit})
            return _heard(*process.receive(limit))
        except (WorkerDied, WorkerHangs):
            process.end()
            self._process = None
            raise

    def _start(self) -> _Process:
        process = _Process(self._program)
        try:
            process.send({"settings": json.loads(self._settings), "limit": LOADING})
            _told(process.receive(LOADING)[0])
        except BaseException:
            process.end()
            raise
        self._process = process
        if self._closed:  # in the meantime
            process.end()
        return process


class _Process:
    def __init__(self, program: str) -> None:
        # Its own place for temporary files: libraries leave some behind, and it is ended without a word.
        self._temporary = tempfile.mkdtemp(prefix="deckcast-voice-")
        self._log: IO[bytes] = Path(self._temporary, "log").open("w+b")  # noqa: SIM115 - closed with the process
        command = [sys.executable, "-P", "-c", _BOOT, str(_ROOT), program]
        try:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                bufsize=0,
                env={**os.environ, **_OFFLINE, "TMPDIR": self._temporary},
                start_new_session=True,  # a Ctrl-C is for the build, which ends this in its own time
            )
        except OSError as error:
            self._clean()
            raise WorkerFailed(f"cannot start {sys.executable}: {error.strerror or error}") from error
        if self._popen.stdin is None or self._popen.stdout is None:
            raise AssertionError("unreachable: both are pipes")
        self._in, self._out = self._popen.stdin, self._popen.stdout
        self._ending = threading.Lock()
        self._ended = False

    def send(self, message: Mapping[str, Any]) -> None:
        try:
            self._in.write(json.dumps(message).encode() + b"\n")
        except (OSError, ValueError):
            raise WorkerDied(self._last_words()) from None

    def receive(self, limit: float) -> tuple[dict[str, Any], bytes]:
        """An answer and its PCM."""
        deadline = time.monotonic() + limit
        received = b""
        while b"\n" not in received:
            received += self._read(deadline, limit)
        head, _, body = received.partition(b"\n")
        try:
            message = json.loads(head)
            size = int(message.get("bytes", 0))
        except (ValueError, AttributeError):
            raise WorkerDied(f"answered something else than speech: {head[:80]!r}") from None
        parts = [body]
        missing = size - len(body)
        while missing > 0:
            parts.append(self._read(deadline, limit))
            missing -= len(parts[-1])
        return message, b"".join(parts)

    def end(self) -> None:
        with self._ending:
            if self._ended:
                return
            self._ended = True
            self._in.close()
            if hasattr(os, "killpg"):
                # Its group: nothing that a library of it has started stays behind.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._popen.pid, signal.SIGKILL)
            else:
                self._popen.kill()
            self._popen.wait(_GRACE)
            self._out.close()
            self._clean()

    def _clean(self) -> None:
        self._log.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _read(self, deadline: float, limit: float) -> bytes:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._out, selectors.EVENT_READ)
                # In steps: where another thread closes the pipe in the meantime, nothing may wake this one.
                while not self._ended and not selector.select(min(max(deadline - time.monotonic(), 0), _LOOK)):
                    if time.monotonic() >= deadline:
                        raise WorkerHangs(f"no answer within {limit:.0f} seconds")
            block = os.read(self._out.fileno(), 1 << 20)
        except (OSError, ValueError):  # closed by another thread
            block = b""
        if not block:
            raise WorkerDied(self._last_words())
        return block

    def _last_words(self) -> str:
        """How it ended, and what it said last."""
        try:
            code = self._popen.wait(_GRACE)
            self._log.seek(0)
            said = self._log.read().decode("utf-8", "replace").strip().splitlines()
        except (subprocess.TimeoutExpired, ValueError):
            return "it does not answer any more"
        ended = f"it ended with signal {-code}" if code < 0 else f"it ended with exit code {code}"
        return f"{ended} ({said[-1].strip()})" if said else ended


def _told(message: Mapping[str, Any]) -> None:
    if "failed" in message:
        raise (CannotLoad if message.get("loading") else WorkerFailed)(str(message["failed"]))
    if "refused" in message:
        raise Refused(str(message["refused"]))


def _heard(message: Mapping[str, Any], pcm: bytes) -> Heard:
    _told(message)
    sounds = message["sounds"]
    return Heard(pcm, int(message["rate"]), None if sounds is None else tuple(Sound(*one) for one in sounds))
