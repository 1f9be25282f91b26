"""The record on disk: what stands in it, how it changes, and what damage does."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deckcast.digest import sha256
from deckcast.engines.kernel_fake import PROVENANCE, FakeKernels
from deckcast.model import Failure, Output, Result
from deckcast.run.record import Entry, Record, Value, read, write
from deckcast.run.shelf import Shelf
from run.chapter import PNG, Chapter, forge, texts

DECK = f"""\
# Plots

```python exec name=tools
class Picture:
    def __init__(self, end): self.end = end
    def __repr__(self): return "a picture"
    def _repr_png_(self): return {PNG!r} + self.end
class Drawing:
    def __repr__(self): return "a drawing"
    def _repr_svg_(self): return "<svg>\\n</svg>"
```

```python exec name=plot
print("two\\nlines")
Picture(b"1")
```

```python exec
Drawing()
```

The end is `{{python}} 1 + 1`.
"""


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path, DECK)


def test_a_record_is_text_with_pictures_beside_it(chapter: Chapter) -> None:
    chapter.run()
    digest = sha256(PNG + b"1")
    drawing = sha256(b"<svg>\n</svg>")
    assert chapter.pictures == [f"03-{drawing[:12]}.svg", f"plot-{digest[:12]}.png"]
    body = chapter.written
    assert list(body) == ["format", "seal", "measured", "sessions", "cells", "inlines"]
    assert body["measured"]["dates"] == [PROVENANCE.date]
    assert len(body["measured"]["seconds"]) == len(body["measured"]["peak"]) == 3
    plot = body["cells"][1]
    assert (plot["cell"], plot["name"], plot["session"]) == (2, "plot", 0)
    assert plot["outputs"][0] == {"kind": "stdout", "data": {"text/plain": ["two", "lines", ""]}}
    assert plot["outputs"][1]["data"]["image/png"] == {"file": f"plot-{digest[:12]}.png", "sha256": digest}
    assert set(plot["parts"]) == {"kernel", "source"}
    assert body["inlines"][0]["value"] == "2"
    assert re.search(r'^  "seconds": \[[\d., ]+\],$', chapter.record.read_text(), re.M), "on one line"


def test_two_equal_runs_give_the_same_bytes(chapter: Chapter) -> None:
    chapter.run()
    before = {path.name: path.read_bytes() for path in chapter.record.parent.iterdir()}
    chapter.run("always")
    assert {path.name: path.read_bytes() for path in chapter.record.parent.iterdir()} == before


def test_an_address_in_memory_makes_no_output_another_one(chapter: Chapter) -> None:
    chapter.text = "```python exec\nobject()\n```\n"
    first = chapter.run()
    assert " at 0x" in texts(first)[0]
    assert chapter.run("always") == first
    chapter.run("verify")
    assert chapter.codes() == []


def test_a_run_elsewhere_touches_only_measures_and_session(chapter: Chapter) -> None:
    chapter.run()
    old = chapter.record.read_text().split("\n")
    chapter.kernels = FakeKernels(provenance=dataclasses.replace(PROVENANCE, date="2027-01-01T00:00:00Z", cpu="Other"))
    chapter.run("always")
    new = chapter.record.read_text().split("\n")
    changed = [line.strip().partition(":")[0] for line, then in zip(new, old, strict=True) if line != then]
    assert set(changed) <= {'"seal"', '"2027-01-01T00', '"seconds"', '"cpu"'}


def test_a_record_survives_being_read_and_written() -> None:
    outputs = (
        Output("stdout", (("text/plain", "a\n\x1b[31mred\x1b[0m\r\n\u2028\x00"),)),
        Output("display", (("image/png", b"png"), ("image/svg+xml", "<svg/>"), ("text/plain", "")), 640),
        Output("result", (("application/json", '{"a": [1]}'), ("image/jpeg", b"jpg"), ("text/html", "<b>ö</b>"))),
        Output("stderr", (("text/plain", "lone \ud800 surrogate"),)),
    )
    result = Result(outputs, Failure("E", "m\nn", "t\n\nu", 3), 12, 1.5, 7, PROVENANCE)
    other = dataclasses.replace(PROVENANCE, accelerators=("A", "A"), versions=())
    record = Record(
        (
            Entry(1, "a/b c", "k1", (("file x_y.csv", "1"), ("source", "2")), result),
            Entry(4, "", "k2", (("source", "3"),), Result(provenance=other)),
        ),
        (Value("python", 'f"{x}"', "k3", "1\n2"),),
    )
    written = write(record)
    data = written.text.encode("utf-8", "backslashreplace").decode()
    assert read(data, written.pictures.get) == record
    assert all(re.fullmatch(r"a-b-c-[0-9a-f]{12}\.(png|jpg|svg)", name) for name in written.pictures)
    assert write(read(data, written.pictures.get)) == written


def test_old_pictures_go_when_no_record_names_them(chapter: Chapter) -> None:
    chapter.run()
    (_, plot) = chapter.pictures
    others = chapter.record.parent
    (others / "another.json").write_text(f'<<<<<<< not even whole "file": "kept-{"0" * 12}.png"')
    for name in (f"kept-{'0' * 12}.png", f"gone-{'0' * 12}.png", "my-own.png"):
        (others / name).write_bytes(b"x")
    chapter.edit('b"1"', 'b"2"')
    chapter.run()
    names = chapter.pictures
    assert plot not in names
    assert len([name for name in names if name.startswith("plot-")]) == 1
    assert f"kept-{'0' * 12}.png" in names
    assert "my-own.png" in names
    assert f"gone-{'0' * 12}.png" not in names


class Killed(BaseException):
    """The end of the process, as far as `finally` is not asked."""


@pytest.mark.parametrize("survived", range(3))
def test_a_kill_between_pictures_and_record_leaves_the_old_record_whole(
    chapter: Chapter, survived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `survived` files renamed: no picture, the one that changed, and the record too."""
    first = chapter.run()
    chapter.edit('b"1"', 'b"2"')
    old, put, left = chapter.text.replace('b"2"', 'b"1"'), Shelf._put, [survived]

    def put_or_die(self: Shelf, path: Path, body: bytes) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        put(self, path, body)

    def die(self: Shelf) -> None:
        raise Killed

    monkeypatch.setattr(Shelf, "_put", put_or_die)
    monkeypatch.setattr(Shelf, "_clean", die)
    with pytest.raises(Killed):
        chapter.run()
    monkeypatch.undo()
    new = chapter.text
    chapter.text = old if survived < 2 else new
    started = len(chapter.kernels.kernels)
    again = chapter.run("never")
    assert chapter.codes() == []
    assert len(chapter.kernels.kernels) == started
    if survived < 2:
        assert again == first
    else:
        assert texts(again) == texts(first)
        assert again != first


def cut_in_half(path: Path) -> None:
    path.write_text(path.read_text()[:400])


def half_merged(path: Path) -> None:
    lines = path.read_text().split("\n")
    path.write_text(
        "\n".join([*lines[:5], "<<<<<<< HEAD", lines[5], "=======", lines[5], ">>>>>>> branch", *lines[6:]])
    )


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


def of_another_shape(path: Path) -> None:
    path.write_text("[1, 2]")


def with_wrong_types(path: Path) -> None:
    forge(path, '"kind": "stdout"', '"kind": 7')


def leading_outside(path: Path) -> None:
    forge(path, '"file": "plot-', '"file": "../plot-')


def edited(path: Path) -> None:
    path.write_text(path.read_text().replace('"two"', '"three"'))


def with_another_runs_session(path: Path) -> None:
    path.write_text(path.read_text().replace('"Fake Processor 1"', '"Better CPU"'))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (cut_in_half, "the record is damaged"),
        (half_merged, "git could not merge"),
        (not_text, "the record is damaged"),
        (of_another_shape, "the record is damaged"),
        (with_wrong_types, "the record is damaged"),
        (leading_outside, "the record is damaged"),
        (edited, "changed by something else than a run"),
        (with_another_runs_session, "changed by something else than a run"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_and_made_again(
    chapter: Chapter, harm: Callable[[Path], None], told: str
) -> None:
    first = chapter.run()
    harm(chapter.record)
    assert texts(chapter.run()) == texts(first)
    (finding,) = chapter.findings
    assert (finding.code, finding.severity) == ("cell-record", "warning")
    assert told in finding.message
    assert finding.where is not None
    assert finding.where.path == str(chapter.record)
    assert told in chapter.told.made["slide 1 cell `plot`"]
    chapter.run()
    assert chapter.codes() == []


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"other")])
def test_a_lost_picture_makes_only_its_own_cell_useless(chapter: Chapter, harm: Callable[[Path], object]) -> None:
    chapter.run()
    name = next(name for name in chapter.pictures if name.endswith(".png"))
    harm(chapter.record.parent / name)
    chapter.run()
    assert chapter.codes() == ["cell-record"]
    assert name in chapter.findings[0].message
    assert name in chapter.told.made["slide 1 cell `plot`"]
    assert len(chapter.kernels.kernels) == 2
    assert name in chapter.pictures
    chapter.run()
    assert chapter.codes() == []


def test_what_cannot_be_recorded_is_used_and_told(chapter: Chapter) -> None:
    (chapter.folder / "outputs").write_text("a file where the folder should be")
    assert len(chapter.run().cells) == 3
    assert chapter.codes() == ["cell-record", "cell-unrecorded"] or chapter.codes() == ["cell-unrecorded"]
    assert str(chapter.record.parent) in chapter.findings[-1].message


def test_names_follow_a_file_of_another_name(tmp_path: Path) -> None:
    from deckcast.model import Deck

    assert Shelf(Deck("talks/My talk.md", tmp_path, ())).path == tmp_path / "outputs" / "My-talk.json"
    assert Shelf(Deck("<text>", tmp_path, ())).path == tmp_path / "outputs" / "text.json"
