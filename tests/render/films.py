"""Small films made for tests: every picture is a grey that tells its number."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FIRST, STEP = 20, 3


def number(grey: float) -> int:
    """Which picture has such a grey."""
    return round((grey - FIRST) / STEP)


def film(
    path: Path,
    pictures: int = 60,
    fps: int = 30,
    size: tuple[int, int] = (160, 90),
    sound: NDArray[np.float32] | None = None,
    codec: str = "libx264",
) -> Path:
    """A film whose picture n is of the grey `FIRST + STEP · n`; `sound` is one channel at 48 kHz, not compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=fps)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.options = {"crf": "4", "g": "12"}
        audio: Any = container.add_stream("pcm_s16le", rate=48_000, layout="mono") if sound is not None else None
        for at in range(pictures):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, (FIRST + STEP * at,) * 3))
            frame.pts, frame.time_base = at, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            pcm = np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16)
            for begin in range(0, len(pcm), 1024):
                heard = av.AudioFrame.from_ndarray(pcm[None, begin : begin + 1024], format="s16", layout="mono")
                heard.rate, heard.pts, heard.time_base = 48_000, begin, Fraction(1, 48_000)
                container.mux(audio.encode(heard))
            container.mux(audio.encode(None))
    return path


def animation(path: Path, milliseconds: list[int], kind: str = "GIF", **options: Any) -> Path:
    """An animated picture, half of it transparent, whose picture n is of the grey `FIRST + STEP · n`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    images = []
    for at in range(len(milliseconds)):
        image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
        image.paste((FIRST + STEP * at,) * 3 + (255,), (0, 0, 20, 20))
        images.append(image)
    images[0].save(path, kind, save_all=True, append_images=images[1:], duration=milliseconds, **options)
    return path


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
