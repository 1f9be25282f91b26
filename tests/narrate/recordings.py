"""Recordings that are babbled, and a deck that is narrated with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from deckcast import config, parse
from deckcast.align import RATE
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.keep import Keeper
from deckcast.model import Finding, Take
from deckcast.narrate import Voices, narrate
from deckcast.settings import NarrationSettings, Settings
from deckcast.sound import read_wav
from deckcast.stages import Silence
from narrate.test_narrate_timing import Babbler

ONE = "Every model learns from text that nobody labelled."
TWO = "Attention weighs all words, and so it finds what matters."
DECK = f"name: intro\n\n# One\n\n???\n{ONE} {TWO}\n\n---\n# Two\n\n???\n{TWO}\n\n--\nmore\n\n???\n{ONE}\n"
CODECS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus"}


def write(path: Path, samples: NDArray[np.float32], rate: int = 48_000, channels: int = 1) -> Path:
    """`samples` at `RATE` as a sound file."""
    import soxr

    path.parent.mkdir(exist_ok=True)
    sound = np.asarray(soxr.resample(samples, RATE, rate), np.float32)
    with av.open(str(path), "w") as file:
        stream = file.add_stream(CODECS[path.suffix[1:]], rate=rate)
        stream.layout = "stereo" if channels == 2 else "mono"
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=rate, frame_size=960)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(sound[None], channels, axis=0), format="fltp", layout=stream.layout
        )
        frame.sample_rate = rate
        for one in [*resampler.resample(frame), *resampler.resample(None), None]:
            file.mux(stream.encode(one))
    return path


class Counted(Silence):
    """Remembers what was made, and why the last of it was."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.why = ""

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None:
        if not kept:
            self.made.append(what)
            self.why = why


class Said:
    """The deck, narrated with the recordings beside it; `only` names steps."""

    def __init__(
        self,
        folder: Path,
        text: str = DECK,
        given: Any = None,
        voice: str = "auto",
        *,
        store: MemoryStore | None = None,
        progress: Silence | None = None,
        only: Sequence[int] | None = None,
        **options: Any,
    ) -> None:
        deck_file = folder / "presentation.md"
        deck_file.write_text(text)
        deck = parse.load([deck_file]) and parse.compose(parse.load([deck_file]), Settings().slides)
        values = config.from_command_line(given or {})
        base = Settings(narration=NarrationSettings(voice=voice, **options))
        steps = deck.steps if only is None else [deck.steps[at] for at in only]
        each = [config.overlay(config.lay_slide(base, step.properties), values) for step in steps]
        self.voice = Babbler(told=99)
        self.voices = Voices(base, lambda _: (self.voice, "it is a test"), values, lambda _: Babbler(told=99))
        self.keeper = Keeper(store or MemoryStore(), progress or Silence(), "lesson")
        self.takes: tuple[Take, ...]
        self.findings: tuple[Finding, ...]
        self.takes, self.findings = narrate(deck, steps, each, self.keeper, self.voices, InlineExecutor())
        self.keeper.remember()

    def sound(self, number: int) -> NDArray[np.float32]:
        """A take's utterances, one behind the other."""
        parts = [
            np.frombuffer(read_wav(self.keeper.read(one.sound))[0], "<i2") for one in self.takes[number].utterances
        ]
        return np.concatenate(parts).astype(np.float32) / 32768
