"""Pictures that stand still, through the real encoder."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from deckcast.encode import h264, still
from deckcast.encode.still import Picture
from deckcast.errors import EncoderError
from encode.lessons import slide_png
from encode.measure import luma, ssim

pytestmark = pytest.mark.slow

SMALL = Picture(640, 360, 30, 18)


def decode(stream: bytes) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(stream), format="h264") as container:
        return list(container.decode(video=0))


def colour(frame: av.VideoFrame) -> list[float]:
    """Its mean red, green and blue, from 0 to 255 (BT.709, limited range)."""
    planes = (np.frombuffer(one, np.uint8).reshape(one.height, one.line_size)[:, : one.width] for one in frame.planes)
    y, u, v = (float(one.mean()) for one in planes)
    y, u, v = (y - 16) / 219 * 255, (u - 128) / 224 * 255, (v - 128) / 224 * 255
    return [y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u]


def test_what_repeats_leaves_the_picture_as_it_is_to_the_last_bit() -> None:
    repeats = still.repeats(SMALL)
    assert len(repeats.pictures) == h264.read_parameters(repeats.parameters).period
    assert max(map(len, repeats.pictures)) < 200
    key = still.key_picture(slide_png("Hello\nWorld"), SMALL)
    frames = decode(repeats.parameters + key + b"".join(repeats.pictures * 3))
    assert len(frames) == 49
    first = frames[0].to_ndarray()
    assert all(np.array_equal(first, frame.to_ndarray()) for frame in frames[1:])


def test_a_key_picture_with_another_number_shows_the_same() -> None:
    repeats = still.repeats(SMALL)
    key = still.key_picture(slide_png("Hello\nWorld"), SMALL)
    other = h264.with_idr_pic_id(key, 1, h264.read_parameters(repeats.parameters))
    assert other != key
    one, two = decode(repeats.parameters + key + other)
    assert np.array_equal(one.to_ndarray(), two.to_ndarray())


def test_the_number_is_written_as_x264_writes_it() -> None:
    """With constant quantisers x264 encodes one picture twice alike, but for the number."""
    context = av.CodecContext.create("libx264", "w")
    SMALL.configure(context)
    context.options = {name: value for name, value in SMALL.options().items() if name != "crf"} | {"qp": "20"}
    context.time_base = Fraction(1, 30)
    context.flags |= av.codec.context.Flags.global_header
    with av.open(io.BytesIO(slide_png("Hello")), format="png_pipe") as container:
        source = next(container.decode(video=0)).reformat(format="yuv420p")
    packets = []
    for number in range(2):
        source.pts, source.pict_type = number, av.video.frame.PictureType.I
        packets += context.encode(source)
    packets += context.encode(None)
    first, second = (h264.pictures_only(bytes(packet)) for packet in packets)
    rewritten = h264.with_idr_pic_id(first, 1, h264.read_parameters(bytes(context.extradata)))
    assert first[:20] != second[:20]
    assert rewritten[:-1] == second[:-1]  # x264 leaves a bit behind a slice's data that depends on the frame's number


def test_parameter_sets_do_not_depend_on_the_picture() -> None:
    assert still.repeats(SMALL).parameters == still.repeats(SMALL).parameters
    key = still.key_picture(slide_png("x"), SMALL)
    assert key == still.key_picture(slide_png("x"), SMALL)
    assert [h264.kind(unit) for unit in h264.nal_units(key)] == [5]


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 1080), (426, 240), (2560, 1440)])
def test_text_stays_as_sharp_as_it_was_drawn(size: tuple[int, int]) -> None:
    picture = Picture(*size, 30, 18)
    text = "\n".join(f"{row}: the quick brown fox, jumps() over = 'the lazy dog';" * 2 for row in range(size[1] // 30))
    png = slide_png(text, size)
    (frame,) = decode(still.repeats(picture).parameters + still.key_picture(png, picture))
    source = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.float64)
    wanted = 16 + 219 / 255 * (source @ [0.2126, 0.7152, 0.0722])  # BT.709, limited range
    assert ssim(luma(frame), np.round(wanted).astype(np.uint8)) >= 0.99


@pytest.mark.parametrize("wanted", [(255, 255, 255), (0, 0, 0), (200, 30, 40), (20, 110, 60), (30, 60, 200)])
def test_colours_come_out_as_they_went_in(wanted: tuple[int, int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), wanted).save(file, "PNG")
    (frame,) = decode(still.repeats(SMALL).parameters + still.key_picture(file.getvalue(), SMALL))
    assert colour(frame) == pytest.approx(wanted, abs=3)
    assert (frame.colorspace, frame.color_range) == (1, 1)


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(EncoderError, match="picture is 642×360 in a video of 640×360"):
        still.key_picture(slide_png("x", (642, 360)), SMALL)


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(EncoderError, match="cannot read a slide's picture"):
        still.key_picture(b"no picture", SMALL)


# ── what is no text ──────────────────────────────────────────────────────────────────────────────


def noisy(size: tuple[int, int], fall: float, grain: float) -> Image.Image:
    """Something like a photograph: amplitudes that fall with the frequency, as theirs do (1 is usual, 2 is blurred),
    alike but not equal in all colours, and a sensor's noise over it."""
    wide, high = size
    frequency = np.hypot(np.fft.fftfreq(high)[:, None], np.fft.rfftfreq(wide)[None])
    frequency[0, 0] = 1
    layers = []
    for seed in range(3):
        white = np.fft.rfft2(np.random.default_rng(seed).standard_normal((high, wide)))
        layer = np.fft.irfft2(white / frequency**fall, (high, wide))
        layers.append((layer - layer.mean()) / layer.std())
    colours = np.stack([0.9 * layers[0] + 0.3 * layer for layer in layers], axis=2)
    noise = grain * np.random.default_rng(9).standard_normal((high, wide, 1))
    return Image.fromarray(np.clip(120 + 45 * colours + noise, 0, 255).astype(np.uint8))


def gradient(size: tuple[int, int], begin: tuple[int, int, int], end: tuple[int, int, int]) -> Image.Image:
    """From one colour at the left to another one at the right, darker at the top."""
    across, down = np.linspace(0, 1, size[0])[None, :, None], np.linspace(0.6, 1, size[1])[:, None, None]
    return Image.fromarray(np.rint((np.array(begin) * (1 - across) + np.array(end) * across) * down).astype(np.uint8))


def photograph(size: tuple[int, int]) -> Image.Image:
    """The one that comes with matplotlib."""
    cbook = pytest.importorskip("matplotlib.cbook")
    with cbook.get_sample_data("grace_hopper.jpg") as file, Image.open(file) as image:
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


PICTURES: dict[str, Callable[[tuple[int, int]], Image.Image]] = {
    "sharp": lambda size: noisy(size, 1.0, 0),
    "soft": lambda size: noisy(size, 2.0, 0),
    "grain": lambda size: noisy(size, 2.5, 4),
    "photograph": photograph,
    "light": lambda size: gradient(size, (20, 40, 110), (240, 220, 200)),
    "dark": lambda size: gradient(size, (10, 14, 30), (40, 60, 90)),
}


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("name", PICTURES)
def test_photographs_and_gradients_stay_as_they_were(name: str, size: tuple[int, int]) -> None:
    picture = Picture(*size, 30, 18)
    image = PICTURES[name](size)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    (frame,) = decode(still.repeats(picture).parameters + still.key_picture(file.getvalue(), picture))
    source = np.asarray(image, np.float64)
    wanted = 16 + 219 / 255 * (source @ [0.2126, 0.7152, 0.0722])
    assert ssim(luma(frame), np.round(wanted).astype(np.uint8)) >= 0.99
    assert colour(frame) == pytest.approx(source.mean(axis=(0, 1)), abs=0.3), "no colour shifts"
