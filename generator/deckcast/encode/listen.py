"""The sound of some steps by itself, as the lesson has it before it is encoded."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor

from deckcast.digest import Question
from deckcast.encode import levels, soundtrack
from deckcast.encode.mix import mix, sounds
from deckcast.encode.sounding import NARRATION, PROGRAMME, Aim, Score, Sounding
from deckcast.keep import Keeper
from deckcast.model import AAC_BLOCK, SAMPLE_RATE, Timeline
from deckcast.settings import Settings
from deckcast.sound import write_wav


def listen(
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    executor: Executor,
    score: Score = NARRATION,
    places: Mapping[int, str] | None = None,
) -> bytes:
    """A WAV file, 48 kHz, 16 bit, one channel, as long as the timeline.

    Each voice is as loud as in the lesson's last build, and so is all of it together where there is something else.
    Where there was none to tell, what is heard here alone is made as loud as the whole lesson is to be. Raises
    `EncoderError`, `StorageError`.
    """
    import numpy as np

    video = settings.video
    aim = Aim(video.loudness, video.true_peak, video.audio_bitrate)
    sounding = Sounding(timeline, score, settings.sound, aim, keeper, places or {})
    takes, stretches = sounding.takes, sounding.stretches()
    gains = levels.last(takes, aim.loudness, aim.ceiling, keeper)
    if gains is None:
        gains = levels.find(takes, aim.loudness, aim.ceiling, keeper, executor) if takes else {}
    extra = 0.0
    if any(one.take is None for one in stretches):
        last = _last_extra(aim, keeper)
        extra = sounding.balance(stretches, gains, executor) if last is None else last
    louder = {voice: gain + extra for voice, gain in gains.items()}
    heard = np.zeros(round(timeline.seconds * SAMPLE_RATE), np.float32)
    for stretch in stretches:
        at = stretch.first * AAC_BLOCK
        if stretch.take is not None:
            made = mix(sounds(stretch.take, louder, keeper), stretch.take.samples, aim.ceiling)[: len(heard) - at]
            heard[at : at + len(made)] = made
            continue
        for piece in soundtrack.pieces(stretch, gains, extra):
            begin = piece.before * AAC_BLOCK
            made = mix(sounding.read(piece.sounds), piece.blocks * AAC_BLOCK, aim.ceiling)
            made = made[begin : begin + piece.packets * AAC_BLOCK][: max(len(heard) - at, 0)]
            heard[at : at + len(made)] = made
            at += piece.packets * AAC_BLOCK
    pcm = np.rint(np.clip(heard * 32768, -32768, 32767)).astype("<i2")
    return write_wav(pcm.tobytes(), SAMPLE_RATE)


def _last_extra(aim: Aim, keeper: Keeper) -> float | None:
    """dB that the lesson's last build found for everything; None where it had other aims, or nothing but speech."""
    before = keeper.before(f"{levels.SLOT} with music")
    aims = Question.of(PROGRAMME, loudness=aim.loudness, peak=aim.ceiling)
    if before is None or before.kind != PROGRAMME or not set(aims.parts) <= set(before.parts):
        return None
    answer = keeper.find_part(before)
    return None if answer is None else float(answer.facts["extra"])
