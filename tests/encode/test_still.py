"""Pictures that stand still, through the real encoder."""

from __future__ import annotations

import io
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


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (200, 30, 40), (20, 110, 60), (30, 60, 200)])
def test_colours_come_out_as_they_went_in(colour: tuple[int, int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(file, "PNG")
    (frame,) = decode(still.repeats(SMALL).parameters + still.key_picture(file.getvalue(), SMALL))
    y, u, v = (float(np.frombuffer(plane, np.uint8)[plane.line_size * 50 + 50]) for plane in frame.planes)
    y, u, v = (y - 16) / 219, (u - 128) / 224, (v - 128) / 224
    shown = (y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u)  # BT.709
    assert [round(part * 255) for part in shown] == pytest.approx(colour, abs=3)
    assert (frame.colorspace, frame.color_range) == (1, 1)


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(EncoderError, match="picture is 642×360 in a video of 640×360"):
        still.key_picture(slide_png("x", (642, 360)), SMALL)


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(EncoderError, match="cannot read a slide's picture"):
        still.key_picture(b"no picture", SMALL)
