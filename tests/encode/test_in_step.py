"""Picture and sound against each other: a lesson of 200 slides whose pictures flip when their takes click."""

from __future__ import annotations

import contextlib
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from deckcast.encode import h264
from deckcast.model import (
    AAC_BLOCK,
    SAMPLE_RATE,
    Deck,
    Frame,
    Properties,
    Slide,
    Step,
    Take,
    Timeline,
    Utterance,
    Where,
)
from deckcast.settings import NarrationSettings, Settings, VideoSettings
from deckcast.sound import resampled, write_wav
from deckcast.timeline import plan
from encode.lessons import RATE, Studio, quick, slide_number
from encode.measure import decoded_luma, index, luma

pytestmark = pytest.mark.slow

SLIDES = {30: 200, 24: 60}
"""By pictures a second."""
SIZE = 320, 180


@dataclass(frozen=True)
class Flashes:
    timeline: Timeline
    path: Path


def click(seconds: float) -> bytes:
    """A burst that begins at its first sample, then a soft tone."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 0.02 * np.sin(2 * np.pi * 300 * time)
    burst = np.exp(-400 * time) * np.cos(2 * np.pi * 2000 * time)
    return np.asarray((wave + 0.7 * burst) * 32767, np.int16).tobytes()


def build(folder: Path, fps: int) -> Flashes:
    import io

    from PIL import Image

    chance = random.Random(fps)
    narration = NarrationSettings(lead_in=0.0, tail=0.1)
    studio = Studio(settings=Settings(video=VideoSettings(size=240, fps=fps, keyframe=2.0), narration=narration))
    images = []
    for colour in ("black", "white"):
        file = io.BytesIO()
        Image.new("RGB", SIZE, colour).save(file, "PNG")
        images.append(studio.put(file.getvalue()))
    steps, frames, takes = [], [], []
    for at in range(1, SLIDES[fps] + 1):
        pcm = click(chance.choice([0.2, 0.31, 0.5, 0.777, 1.3]))
        samples = resampled(len(pcm) // 2, RATE)
        said = Utterance("Words.", 0, samples, studio.put(write_wav(pcm, RATE)), ())
        steps.append(Step(at, at, "", Properties(), (), (), Where("deck.md", at)))
        frames.append(Frame(at, images[at % 2], *SIZE, ""))
        takes.append(Take(at, samples, (said,)))
    deck = Deck("deck.md", Path(), tuple(Slide(step.index, "", (step,)) for step in steps))
    timeline = plan(steps, frames, takes, [studio.settings] * SLIDES[fps])
    path = folder / "flashes.mp4"
    studio.encode(deck, timeline, path)
    return Flashes(timeline, path)


@pytest.fixture(scope="module", params=[30, 24])
def flashes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flashes:
    return build(tmp_path_factory.mktemp("flashes"), request.param)


def sound(path: Path) -> NDArray[np.float32]:
    """The track as one stream: each frame where its time stamp says, which must be where the one before it ends."""
    pieces: list[NDArray[np.float32]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            assert frame.pts * frame.time_base == Fraction(sum(map(len, pieces)), SAMPLE_RATE)
            pieces.append(frame.to_ndarray()[0])
    return np.concatenate(pieces)


def onsets(heard: NDArray[np.float32]) -> NDArray[np.intp]:
    """Where the bursts begin: the first loud sample after silence of 50 ms."""
    loud = np.flatnonzero(np.abs(heard) > 0.25 * np.abs(heard).max())
    return loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 20]


def flips(path: Path) -> list[float]:
    """Seconds at which the picture turns from black to white or back, by the pictures' own time stamps."""
    seen = [(moment, picture.mean() > 126) for moment, picture in decoded_luma(path)]
    return [seen[0][0], *(moment for (_, before), (moment, now) in pairwise(seen) if now != before)]


def test_every_slide_shows_when_it_is_heard_to_within_a_frame(flashes: Flashes) -> None:
    heard, shown = onsets(sound(flashes.path)), flips(flashes.path)
    assert len(heard) == len(shown) == SLIDES[flashes.timeline.fps]
    apart = heard / SAMPLE_RATE - np.array(shown)
    assert np.abs(apart).max() <= 1 / flashes.timeline.fps
    exact = heard - np.array([scene.onset for scene in flashes.timeline.scenes])
    assert np.ptp(exact) <= 24, "every click is as far from its planned sample as any other"
    assert np.abs(exact).max() <= 48


def test_there_are_as_many_frames_as_planned_however_they_are_counted(flashes: Flashes) -> None:
    assert len(index(flashes.path, "video")) == flashes.timeline.frames
    assert sum(1 for _ in decoded_luma(flashes.path)) == flashes.timeline.frames
    with av.open(str(flashes.path)) as container:
        assert container.streams.video[0].frames == flashes.timeline.frames


@contextlib.contextmanager
def told() -> Iterator[list[str]]:
    """What libav has to say from warnings on."""
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Handler()
    logger = logging.getLogger("libav")
    before = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    logger.addHandler(handler)
    try:
        with av.logging.Capture() as captured:
            yield lines
            lines += [f"{name}: {message}" for _, name, message in captured]
    finally:
        logger.removeHandler(handler)
        av.logging.set_level(before)


def decode_all(path: Path) -> None:
    with av.open(str(path)) as container:
        for stream in (container.streams.video[0], container.streams.audio[0]):
            container.seek(0)
            for _ in container.decode(stream):
                pass


def test_the_whole_is_decoded_without_a_warning(flashes: Flashes, tmp_path: Path) -> None:
    with told() as lines:
        decode_all(flashes.path)
    assert [line for line in lines if "tmcd" not in line] == []
    data = bytearray(flashes.path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    (tmp_path / "damaged.mp4").write_bytes(data)
    with told() as lines, contextlib.suppress(av.FFmpegError):
        decode_all(tmp_path / "damaged.mp4")
    assert lines, "a damaged file is warned of, so silence means something"


SHAPES = [
    (10, (640, 360)),
    (24, (1280, 720)),
    (25, (1920, 1080)),
    (30, (1080, 1920)),
    (60, (2560, 1440)),
    (60, (3840, 2160)),
]


@pytest.mark.parametrize(("fps", "size"), SHAPES)
def test_every_size_and_rate_makes_a_stream_that_players_take(tmp_path: Path, fps: int, size: tuple[int, int]) -> None:
    studio = Studio(settings=quick(fps=fps))
    deck, timeline = studio.lesson([("One", 0.4), ("Two", 0), ("Three", 1.3)], size)
    path = tmp_path / "lesson.mp4"
    with told() as lines:
        studio.encode(deck, timeline, path)
    assert lines == []
    samples = index(path, "video")
    length = Fraction(1, fps)
    assert [sample.dts for sample in samples] == [at * length for at in range(timeline.frames)]
    assert all(sample.pts == sample.dts for sample in samples)
    keys = [at for at, sample in enumerate(samples) if sample.key]
    assert {scene.first for scene in timeline.scenes} <= set(keys)
    assert max(later - earlier for earlier, later in pairwise([*keys, timeline.frames])) <= 2 * fps
    assert {sample.dts for sample in index(path, "audio")} == {
        Fraction(at * AAC_BLOCK, SAMPLE_RATE) for at in range(timeline.frames * SAMPLE_RATE // (fps * AAC_BLOCK))
    }
    shown = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (*size, fps)
        for packet in container.demux(stream):
            units = h264.nal_units(bytes(packet)) if packet.size else []
            assert not [unit for unit in units if h264.kind(unit) in (7, 8)], "the parameter sets stand once, in front"
    with av.open(str(path)) as container:
        for at, frame in enumerate(container.decode(video=0)):
            if at in {scene.first for scene in timeline.scenes}:
                shown.append(slide_number(luma(frame)))
    assert shown == [1, 2, 3]
