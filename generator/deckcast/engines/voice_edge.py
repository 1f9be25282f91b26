"""edge-tts: the neural voices of Microsoft Edge's read-aloud service.

An unofficial client of an online service: the notes leave the machine, so it is used only after the user's yes
(`narration.online`), and it may stop working any day. What its stream does not tell, we check: whether the text
was spoken to its end, and whether anything comes at all (https://github.com/rany2/edge-tts).
"""

from __future__ import annotations

import asyncio
import importlib.util
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from deckcast.engines.edge_faults import Unusable, explain
from deckcast.engines.edge_voices import NAME, VOICES, default_voice, known, listed
from deckcast.engines.word_times import Sound, hang, words_in
from deckcast.errors import ConfigError, NarrationError, VoiceError
from deckcast.model import Phonemes, Speech, Word
from deckcast.ports import Availability, Catalogue

if TYPE_CHECKING:
    import numpy

MEND = 'pip install "edge-tts>=7.3"'

LIMIT = 3_000
"""Bytes of escaped text in one call. The client splits at 4,096, anywhere, and then hides what is missing."""
TICKS = 10_000_000
"""The service's time unit: this many a second."""
BYTES_A_SECOND = 6_000
"""Of its MP3: 48 kbit/s, constant."""
SPOKEN_SHARE = 0.85
"""Of the text's letters must be in the words that come back, or something was left out."""
TIME_TOLERANCE = 0.5
"""Seconds by which the words may run past the sound."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the service is waited for, in seconds, and how often it is asked."""

    first: float = 20.0
    """To the first message."""
    between: float = 15.0
    """To each of the others."""
    total: float = 180.0
    """For one call."""
    tries: int = 4
    pause: float = 1.0
    """Before the second try; doubled before each further one, and up to half as long again by chance."""


class EdgeVoice:
    """Speaks through the service, trying again where that can help."""

    def __init__(
        self, variant: str = "", *, language: str = "en", rate: float = 1.0, patience: Patience | None = None
    ) -> None:
        """Raises `ConfigError` for an impossible voice or a language without one, `VoiceError` without the client."""
        if not _is_installed():
            raise VoiceError("the client for edge voices, edge-tts, is not installed", hint=f"`{MEND}`")
        self._voice = variant or default_voice(language)
        if not self._voice:
            raise ConfigError(
                f"no edge voice is known for `{language}`", hint=f"name one, as in `voice: edge {VOICES['en']}`"
            )
        if not NAME.fullmatch(self._voice):
            raise ConfigError(
                f"`{self._voice}` is no edge voice", hint=f"they are named like `edge {VOICES['en']}`; see edge-tts -l"
            )
        self._rate = f"{round((rate - 1) * 100):+d}%"
        self._patience = patience or Patience()

    @classmethod
    def availability(cls, language: str) -> Availability:
        if not _is_installed():
            return Availability(False, "edge-tts is not installed", MEND)
        if not default_voice(language):
            return Availability(False, f"no edge voice is known for `{language}`; one can be named")
        return Availability(True, "online; sends the notes to Microsoft's service, so it waits for your yes")

    @classmethod
    def catalogue(cls, language: str, *, online: bool) -> Catalogue:
        if not online:
            return known(language)
        try:
            return asyncio.run(asyncio.wait_for(listed(language), Patience().first))
        except Exception as error:
            failure = explain(error)
            if failure is None:
                raise
            raise VoiceError(f"edge's voices cannot be listed: {failure.message}", hint=failure.hint) from error

    @property
    def identity(self) -> str:
        return f"edge {self._voice} rate {self._rate}"

    @property
    def name(self) -> str:
        return f"edge {self._voice}"

    @property
    def parallel(self) -> int:
        return 3

    def close(self) -> None:
        """Nothing: no connection outlives its call."""

    def lacks(self, ipa: str) -> None:
        return None

    def speak(self, text: str, phonemes: Sequence[Phonemes] = ()) -> Speech:
        if not words_in(text):
            raise NarrationError(f"nothing to speak in `{text.strip()}`", hint="write words, or take the line out")
        pcm = b""
        rate = 0
        words: list[Word] = []
        for begin, end in pieces(text):
            speech = asyncio.run(self._ask_again(text[begin:end]))
            later = len(pcm) / 2 / speech.rate
            words += (
                Word(begin + word.begin, begin + word.end, later + word.start, later + word.stop)
                for word in speech.words
            )
            pcm, rate = pcm + speech.pcm, speech.rate
        return Speech(pcm, rate, tuple(words))

    async def _ask_again(self, text: str) -> Speech:
        patience = self._patience
        for attempt in range(1, patience.tries + 1):
            try:
                return await asyncio.wait_for(self._ask(text), patience.total)
            except Exception as error:
                failure = explain(error)
                if failure is None:
                    raise
                if failure.final or attempt == patience.tries:
                    tried = "" if failure.final else f", {patience.tries} times"
                    raise VoiceError(f"{self.name}: {failure.message}{tried}", hint=failure.hint) from error
            pause = patience.pause * 2 ** (attempt - 1)
            await asyncio.sleep(pause * random.uniform(1, 1.5))  # noqa: S311 - only spreads the tries
        raise AssertionError("unreachable: the last try returns or raises")

    async def _ask(self, text: str) -> Speech:
        import edge_tts

        # The default boundary is the sentence, which would leave us without word times.
        call = edge_tts.Communicate(text, self._voice, rate=self._rate, boundary="WordBoundary")
        stream = call.stream()
        mp3 = bytearray()
        events: list[tuple[str, float, float]] = []
        patience = self._patience.first
        try:
            while True:
                # The client's own receive_timeout does nothing once the socket is open.
                chunk = await asyncio.wait_for(_next(stream), patience)
                patience = self._patience.between
                if chunk["type"] == "audio":
                    mp3 += chunk["data"]
                else:
                    start = chunk["offset"] / TICKS
                    events.append((chunk["text"], start, start + chunk["duration"] / TICKS))
        except StopAsyncIteration:
            pass
        finally:
            await stream.aclose()
        # A socket that closes in mid-stream looks like an end; only after a true one is this back to 0.
        if call.state["chunk_audio_bytes"] != 0:
            raise Unusable("the connection closed before the end of the sentence")
        return understand(text, bytes(mp3), events)


async def _next(stream: Any) -> dict[str, Any]:
    """The next message. The client parses it as it expects it to be, and raises anything where it is not."""
    try:
        return await anext(stream)
    except (ValueError, LookupError, TypeError) as error:
        raise Unusable(f"the service answered in an unknown way ({error!r})") from error


def understand(text: str, mp3: bytes, events: list[tuple[str, float, float]]) -> Speech:
    """The answer as speech. Raises `Unusable` when a part is missing."""
    pcm, rate = decode(mp3)
    seconds = len(pcm) / 2 / rate
    # The decoder may add or drop a frame of 24 ms at either end.
    if abs(seconds - len(mp3) / BYTES_A_SECOND) > 0.1:
        raise Unusable(f"{len(mp3) / BYTES_A_SECOND:.1f} s of sound came, but only {seconds:.1f} s can be decoded")
    spoken = sum(_letters(word) for word, _, _ in events)
    if spoken < SPOKEN_SHARE * _letters(text):
        raise Unusable(f"{spoken} of {_letters(text)} letters were spoken")
    if events and events[-1][2] > seconds + TIME_TOLERANCE:
        raise Unusable(f"the words end at {events[-1][2]:.1f} s, the sound at {seconds:.1f} s")
    return Speech(pcm, rate, hang(text, _sounds(text, events), seconds))


def decode(mp3: bytes) -> tuple[bytes, int]:
    """16-bit PCM, one channel, and its rate. Raises `Unusable` for what is no MP3."""
    import io

    import av
    import av.error

    frames: list[numpy.ndarray[Any, Any]] = []
    rate = 0
    try:
        with av.open(io.BytesIO(mp3), mode="r", format="mp3") as container:
            resampler = av.AudioResampler(format="s16", layout="mono")
            for frame in container.decode(audio=0):
                rate = frame.sample_rate
                frames += (part.to_ndarray() for part in resampler.resample(frame))
            frames += (part.to_ndarray() for part in resampler.resample(None) if rate)
    except (av.error.FFmpegError, IndexError) as error:
        raise Unusable(f"the sound cannot be decoded: {getattr(error, 'strerror', error)}") from error
    pcm = b"".join(frame.astype("<i2").tobytes() for frame in frames)
    if not pcm:
        raise Unusable("the sound is empty")
    return pcm, rate


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the text that fit one call: cut after a mark where there is one, else at a space, else anywhere."""
    begin = 0
    while begin < len(text):
        end, size, space, mark = begin, 0, 0, 0
        while end < len(text):
            size += len(escape(text[end]).encode("utf-8", "replace"))
            if size > LIMIT:
                break
            end += 1
            if text[end - 1].isspace():
                space = end
                mark = end if text[max(end - 2, 0)] in ".!?;:,)…。、" else mark
        if end < len(text):
            end = mark or space or end
        if words_in(text[begin:end]):
            yield begin, end
        begin = end


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _sounds(text: str, events: list[tuple[str, float, float]]) -> Iterator[Sound]:
    """Each event at the next place where its word stands; the service drops marks and may spell differently."""
    at = 0
    lower = text.lower()
    for word, start, stop in events:
        found = lower.find(word.lower(), at, at + len(word) + 80)
        offset = found if found >= 0 else at
        yield Sound(min(offset, len(text) - 1), start, stop)
        at = found + len(word) if found >= 0 else at


def _is_installed() -> bool:
    return importlib.util.find_spec("edge_tts") is not None
