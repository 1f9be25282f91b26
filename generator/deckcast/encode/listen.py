"""The sound of some steps by itself, as the lesson has it before it is encoded."""

from __future__ import annotations

from concurrent.futures import Executor

from deckcast.encode import aac, levels
from deckcast.encode.mix import mix, sounds
from deckcast.keep import Keeper
from deckcast.model import SAMPLE_RATE, Timeline
from deckcast.settings import Settings
from deckcast.sound import write_wav


def listen(timeline: Timeline, settings: Settings, keeper: Keeper, executor: Executor) -> bytes:
    """A WAV file, 48 kHz, 16 bit, one channel, as long as the timeline.

    Each voice is as loud as in the lesson's last build. Where there was none to tell, what is heard here alone is made
    as loud as the whole lesson is to be. Raises `StorageError`.
    """
    import numpy as np

    video = settings.video
    ceiling = video.true_peak - aac.headroom(video.audio_bitrate)
    takes = [scene.take for scene in timeline.scenes if scene.take.samples]
    gains = levels.last(takes, video.loudness, ceiling, keeper)
    if gains is None:
        gains = levels.find(takes, video.loudness, ceiling, keeper, executor)
    heard = np.zeros(round(timeline.seconds * SAMPLE_RATE), np.float32)
    for scene in timeline.scenes:
        if scene.take.samples:
            made = mix(sounds(scene.take, gains, keeper), scene.take.samples, ceiling)
            heard[scene.onset : scene.onset + len(made)] = made
    pcm = np.rint(np.clip(heard * 32768, -32768, 32767)).astype("<i2")
    return write_wav(pcm.tobytes(), SAMPLE_RATE)
