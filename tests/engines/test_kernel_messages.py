"""What a run's messages add up to, with messages written by hand."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from deckcast.engines.kernel_messages import Outputs
from deckcast.model import Output

PNG = b"\x89PNG\r\n\x1a\n and so on"


def stream(text: str, name: str = "stdout") -> tuple[str, dict[str, Any]]:
    return "stream", {"name": name, "text": text}


def display(data: dict[str, Any], *, id: str = "", **metadata: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002
    return "display_data", {"data": data, "metadata": metadata, "transient": {"display_id": id} if id else {}}


def update(data: dict[str, Any], id: str) -> tuple[str, dict[str, Any]]:  # noqa: A002
    return "update_display_data", display(data, id=id)[1]


def clear(*, wait: bool) -> tuple[str, dict[str, Any]]:
    return "clear_output", {"wait": wait}


def folded(*messages: tuple[str, dict[str, Any]], limit: int = 10_000) -> Outputs:
    outputs = Outputs(limit)
    for kind, content in messages:
        outputs.add(kind, content)
    return outputs


def texts(outputs: Outputs) -> list[tuple[str, str]]:
    return [(output.kind, str(output.get("text/plain"))) for output in outputs.all]


def test_neighbouring_words_of_a_stream_are_one_output() -> None:
    outputs = folded(stream("a"), stream("b\n"), stream("oh", "stderr"), stream("c\n"))
    assert texts(outputs) == [("stdout", "ab\n"), ("stderr", "oh"), ("stdout", "c\n")]


def test_a_progress_bar_is_its_last_state() -> None:
    bars = [stream(f"\r{percent}%|{'#' * (percent // 10)}", "stderr") for percent in range(0, 101, 10)]
    assert texts(folded(*bars, stream("\n", "stderr"))) == [("stderr", "100%|##########\n")]


def test_a_bar_that_is_wiped_away_is_no_output() -> None:
    assert folded(stream("\r99%", "stderr"), stream("\r   \r", "stderr")).all == ()


def test_results_and_displays_keep_all_their_forms() -> None:
    outputs = folded(
        (
            "execute_result",
            {"data": {"text/plain": "df", "text/html": "<table>"}, "metadata": {}, "execution_count": 3},
        ),
        display({"image/png": base64.b64encode(PNG).decode() + "\n", "text/plain": "<Figure>"}),
    )
    assert outputs.all == (
        Output("result", (("text/html", "<table>"), ("text/plain", "df"))),
        Output("display", (("image/png", PNG), ("text/plain", "<Figure>"))),
    )


@pytest.mark.parametrize("metadata", [{"width": 320}, {"image/png": {"width": 320, "height": 200}}])
def test_the_width_of_a_picture_comes_from_its_metadata(metadata: dict[str, Any]) -> None:
    message = ("display_data", {"data": {"image/png": base64.b64encode(PNG).decode()}, "metadata": metadata})
    [output] = folded(message).all
    assert output.width == 320


@pytest.mark.parametrize("width", ["320", -1, True, None, 1e99])
def test_a_width_that_is_none_is_none(width: object) -> None:
    assert folded(display({"text/plain": "x"}, width=width)).all[0].width == 0


def test_json_is_text_that_reads_well() -> None:
    [output] = folded(display({"application/json": {"b": [1, "é"]}, "text/plain": "<JSON>"})).all
    assert output.get("application/json") == '{\n  "b": [\n    1,\n    "é"\n  ]\n}'


def test_forms_that_no_slide_shows_go_where_there_is_another_one() -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Slider()"}
    chart = {"application/vnd.vegalite.v5+json": {"mark": "bar"}, "image/png": base64.b64encode(PNG).decode()}
    script = {"application/javascript": "alert(1)", "text/plain": "<Javascript>"}
    assert [dict(output.data) for output in folded(display(widget), display(chart), display(script)).all] == [
        {"text/plain": "Slider()"},
        {"image/png": PNG},
        {"text/plain": "<Javascript>"},
    ]


def test_a_form_that_no_slide_shows_stays_where_it_is_all_there_is() -> None:
    [output] = folded(display({"application/vnd.vegalite.v5+json": {"mark": "bar"}})).all
    assert output.data == (("application/vnd.vegalite.v5+json", '{\n  "mark": "bar"\n}'),)


def test_pictures_of_other_kinds_become_png() -> None:
    buffer = io.BytesIO()
    Image.new("P", (3, 2)).save(buffer, "GIF")
    [output] = folded(display({"image/gif": base64.b64encode(buffer.getvalue()).decode()})).all
    picture = output.get("image/png")
    assert isinstance(picture, bytes)
    assert Image.open(io.BytesIO(picture)).size == (3, 2)


def test_a_picture_that_cannot_be_decoded_is_left_out() -> None:
    assert folded(display({"image/png": "a", "text/plain": "<Figure>"})).all == (
        Output("display", (("text/plain", "<Figure>"),)),
    )
    assert folded(display({"image/webp": "AAAA"})).all == ()


def test_lists_of_lines_are_text() -> None:
    assert folded(display({"text/html": ["<p>\n", "</p>"]})).all[0].get("text/html") == "<p>\n</p>"


def test_text_is_made_safe_for_files() -> None:
    outputs = folded(display({"text/plain": "a\ud800\x1b[2J\x1b[31mb\x1b[0m", "text/html": "c\udfff\x00"}))
    assert dict(outputs.all[0].data) == {"text/plain": "a�\x1b[31mb\x1b[0m", "text/html": "c�"}


# ── displays that change ──


def test_a_display_is_in_its_last_form_at_its_first_place() -> None:
    outputs = folded(
        display({"text/plain": "1"}, id="a"), stream("between\n"), update({"text/plain": "2"}, "a"), display({}, id="b")
    )
    assert texts(outputs) == [("display", "2"), ("stdout", "between\n")]


def test_an_update_of_a_display_of_another_run_shows_nothing() -> None:
    assert folded(update({"text/plain": "2"}, "a")).all == ()


def test_clearing_at_once_and_with_the_next_output() -> None:
    assert folded(stream("a"), clear(wait=False)).all == ()
    assert texts(folded(stream("a"), clear(wait=True))) == [("stdout", "a")]
    assert texts(folded(stream("a"), clear(wait=True), stream("b"))) == [("stdout", "b")]
    assert texts(folded(stream("a"), clear(wait=True), display({"text/plain": "b"}))) == [("display", "b")]


# ── too much ──


def test_what_comes_first_is_kept_and_the_rest_is_counted() -> None:
    outputs = folded(stream("a" * 60), stream("b" * 60), stream("c" * 60, "stderr"), limit=100)
    assert texts(outputs) == [("stdout", "a" * 60 + "b" * 40)]
    assert outputs.dropped == outputs.flood == 80


def test_text_after_a_cut_is_left_out_even_where_it_would_have_room() -> None:
    outputs = folded(display({"text/plain": "x" * 50}, id="a"), stream("y" * 60), limit=100)
    outputs.add(*update({"text/plain": ""}, "a"))
    outputs.add(*stream("z"))
    assert outputs.dropped == 11


def test_a_picture_is_whole_or_not_there() -> None:
    picture = base64.b64encode(b"x" * 90).decode()
    outputs = folded(stream("a" * 20), display({"image/png": picture}), stream("b"), limit=100)
    assert texts(outputs) == [("stdout", "a" * 20 + "b")]
    assert outputs.dropped == 90


def test_an_update_that_has_no_room_leaves_what_was_there() -> None:
    outputs = folded(display({"text/plain": "small"}, id="a"), update({"text/plain": "x" * 200}, "a"), limit=100)
    assert texts(outputs) == [("display", "small")]
    assert outputs.dropped == 200


def test_an_animation_takes_the_room_of_one_picture() -> None:
    picture = base64.b64encode(b"x" * 90).decode()
    outputs = folded(*[message for _ in range(50) for message in (clear(wait=True), display({"image/png": picture}))])
    assert len(outputs.all) == 1
    assert folded(*[(clear(wait=True)), display({"image/png": picture})] * 50, limit=100).dropped == 0


def test_what_was_left_out_of_a_cleared_output_is_missed_by_nobody() -> None:
    outputs = folded(stream("x" * 200), clear(wait=False), stream("y"), limit=100)
    assert texts(outputs) == [("stdout", "y")]
    assert outputs.dropped == 0
    assert outputs.flood == 100


@pytest.mark.parametrize("what", ["data", "message"])
def test_the_notice_of_a_server_that_left_something_out_counts_as_cut(what: str) -> None:
    notice = f"\nIOPub {what} rate exceeded.\nThe Jupyter server will temporarily stop sending output\n"
    outputs = folded(stream("a\n"), stream(notice, "stderr"), stream("b\n"))
    assert texts(outputs) == [("stdout", "a\n")]
    assert outputs.dropped >= len(notice)


def test_many_displays_are_no_trouble() -> None:
    outputs = folded(*[display({"text/plain": str(number)}) for number in range(30_000)], limit=1_000_000)
    assert len(outputs.all) == 30_000
