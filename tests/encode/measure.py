"""What the encoder's tests measure of a file: its boxes, its index, its pictures, its sound."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta"}


def boxes(data: bytes, path: str = "") -> Iterator[tuple[str, bytes]]:
    """(path, content) of every box of an MP4 file, in order: `moov/trak/mdia/mdhd`."""
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        here = f"{path}{name.decode('latin-1')}"
        body = data[at + head : at + size]
        yield here, body
        if name in _CONTAINERS:
            yield from boxes(body, here + "/")
        at += size


@dataclass(frozen=True)
class Sample:
    pts: Fraction
    dts: Fraction
    duration: Fraction
    key: bool


def index(path: Path, kind: str) -> list[Sample]:
    """The samples of the first `video` or `audio` track, times in seconds."""
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[0]
        base = stream.time_base
        return [
            Sample(packet.pts * base, packet.dts * base, packet.duration * base, packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.size
        ]


def decoded_luma(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """(seconds, luma) of every picture."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            yield float(frame.time), luma(frame)


def luma(frame: Any) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def decoded_sound(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def metered(path: Path, first: float = 0.0, last: float = 1e9) -> tuple[float, float]:
    """LUFS and dBTP of a file between two seconds, by libav's own filter."""
    found: dict[str, str] = {}
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream, time_base=stream.time_base)
        meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()

        def pull() -> None:
            while True:
                try:
                    found.update(sink.pull().metadata)
                except (av.BlockingIOError, av.EOFError):
                    return

        for frame in container.decode(stream):
            if first <= frame.time < last:
                source.push(frame)
                pull()
        source.push(None)
        pull()
    peak = float(found["lavfi.r128.true_peak"])
    return float(found["lavfi.r128.I"]), 20 * float(np.log10(peak)) if peak else -float("inf")


def lag(heard: NDArray[np.float32], said: NDArray[np.float32], at: int, around: int = 3000) -> int:
    """How many samples later than `at` the sound `said` is found in `heard`, by correlation."""
    begin = max(0, at - around)
    window = heard[begin : at + len(said) + around]
    size = 1 << (len(window) + len(said)).bit_length()
    spectrum = np.fft.rfft(window, size) * np.conj(np.fft.rfft(said, size))
    correlation = np.fft.irfft(spectrum, size)[: len(window) - len(said) + 1]
    return int(np.argmax(correlation)) + begin - at


def decibels(signal: NDArray[Any], noise: NDArray[Any]) -> float:
    return float(10 * np.log10((signal.astype(float) ** 2).sum() / max((noise.astype(float) ** 2).sum(), 1e-20)))


def ssim(one: NDArray[np.uint8], other: NDArray[np.uint8], side: int = 8) -> float:
    """Mean structural similarity of two pictures over windows of `side` pixels (Wang et al. 2004, uniform windows)."""

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
        return np.asarray(sums / side**2)

    a, b = one.astype(np.float64), other.astype(np.float64)
    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    both = mean(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float((top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean())
