"""When a chapter's cells run, and when their record stands in for them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from deckcast.engines.kernel_fake import PROVENANCE, FakeKernels
from deckcast.errors import CellError, KernelError, Several, TrustError
from deckcast.run.settle import without_chance
from run.chapter import Chapter, texts

LATER = dataclasses.replace(PROVENANCE, date="2027-01-02T03:04:05Z")
ELSEWHERE = dataclasses.replace(LATER, cpu="Other Processor", accelerators=("NVIDIA H200",))
DATA = "numbers = [3, 1, 2]"


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path)


def test_cells_run_in_order_and_expressions_have_values(chapter: Chapter) -> None:
    results = chapter.run()
    assert texts(results) == ["three numbers\n", "[1, 2, 3]", "total 6\n"]
    assert [value for _, value in results.values] == ["3"]
    assert len(chapter.kernels.kernels) == 1
    assert chapter.kernels.kernels[0].closed
    assert chapter.kernels.closed
    assert list(chapter.told.made) == ["slide 1 cell `data`", "slide 2 cell `sorted`", "slide 3 cell 3"]
    assert set(chapter.told.made.values()) == {"there is no record of it"}
    assert chapter.told.said[0].startswith("cells: ran on this machine, 3 cells in ")
    assert chapter.codes() == []


def test_a_deck_without_code_opens_nothing_and_records_nothing(chapter: Chapter) -> None:
    chapter.text = "# One\n\n```python\nprint(1)\n```\n"
    assert chapter.run("always").cells == ()
    assert (chapter.opened, chapter.asked, chapter.record.exists()) == (0, [], False)


def test_a_record_that_serves_is_replayed_without_opening_or_asking_anything(chapter: Chapter) -> None:
    first = chapter.run()
    opened = chapter.opened
    assert chapter.run() == first
    assert (chapter.opened, chapter.asked) == (opened, [])
    assert chapter.told.kept == ["slide 1 cell `data`", "slide 2 cell `sorted`", "slide 3 cell 3"]
    assert chapter.told.said == ["cells: replayed from the record of 24 Nov 2026 (Fake Processor 1, numpy 2.0.0)"]


def test_prose_and_places_change_nothing(chapter: Chapter) -> None:
    first = chapter.run()
    chapter.edit("# Data", "Some words first.\n\n---\n\n# The data, in other words")
    chapter.edit('three numbers")\n', 'three numbers")   \n\n')
    chapter.edit("name=sorted", "name=in-order echo=false")
    again = chapter.run()
    assert [result for _, result in again.cells] == [result for _, result in first.cells]
    assert len(chapter.kernels.kernels) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('print("three numbers")', 'print("three good numbers")', "its source changed"),
        (DATA, DATA + "  # unsorted", "its source changed"),
        ("name=data", "name=data files=a.csv", "the file a.csv is new"),
    ],
)
def test_a_change_runs_the_whole_chapter_once(chapter: Chapter, old: str, new: str, told: str) -> None:
    (chapter.folder / "a.csv").write_text("1")
    before = chapter.run()
    chapter.kernels.provenance = LATER
    chapter.edit(old, new)
    after = chapter.run()
    assert len(chapter.kernels.kernels) == 2
    assert len(chapter.kernels.ran) == 6
    assert chapter.told.made == {
        "slide 1 cell `data`": told,
        "slide 2 cell `sorted`": "the cells before it changed",
        "slide 3 cell 3": "the cells before it changed",
    }
    assert [result for _, result in after.cells][1:] == [result for _, result in before.cells][1:], "dates, too"
    assert chapter.run() == after, "what is recorded is what was shown"
    assert len(chapter.kernels.kernels) == 2


def test_a_changed_file_or_lock_or_module_runs_the_chapter(chapter: Chapter) -> None:
    for name in ("a.csv", "uv.lock", "helper.py"):
        (chapter.folder / name).write_text("1")
    chapter.edit("name=sorted", "name=sorted files=a.csv")
    chapter.edit(DATA, "import importlib.util\nif False: import helper\n" + DATA)
    first = chapter.run(lock="uv.lock")
    for number, (name, told) in enumerate(
        [("a.csv", "the file a.csv changed"), ("uv.lock", "the lock file changed"), ("helper.py", "helper.py changed")]
    ):
        (chapter.folder / name).write_text("2")
        assert [result for _, result in chapter.run(lock="uv.lock").cells] == [result for _, result in first.cells]
        assert len(chapter.kernels.kernels) == number + 2
        assert any(told in why for why in chapter.told.made.values()), chapter.told.made


def test_a_cell_that_was_taken_out_makes_the_later_ones_run(chapter: Chapter) -> None:
    chapter.run()
    chapter.edit("```python exec name=sorted\nsorted(numbers)\n```\n", "")
    assert texts(chapter.run()) == ["three numbers\n", "total 6\n"]
    assert len(chapter.kernels.kernels) == 2


def test_a_new_expression_runs_the_chapter(chapter: Chapter) -> None:
    chapter.run()
    chapter.edit("max(numbers)", "min(numbers)")
    assert [value for _, value in chapter.run().values] == ["1"]
    assert len(chapter.kernels.kernels) == 2


def test_two_runs_are_never_mixed(chapter: Chapter) -> None:
    chapter.edit('print("three numbers")', "import random\ntoken = random.random()\nprint(token)")
    chapter.edit("sorted(numbers)", "print(token)")
    for change in ("sum(numbers)", "sum(numbers) + 1", "sum(numbers) + 2"):
        chapter.text = chapter.text.replace('print("total", sum(numbers))', f'print("total", {change}, token)')
        told = texts(chapter.run())
        assert told[0] == told[1]
        assert told[0].strip() in told[2]
        assert texts(chapter.run("never")) == told
        chapter.text = chapter.text.replace(f'print("total", {change}, token)', 'print("total", sum(numbers))')


def test_always_runs_what_would_be_replayed(chapter: Chapter) -> None:
    first = chapter.run()
    stamp = chapter.record.stat().st_mtime_ns
    chapter.kernels.provenance = LATER
    assert chapter.run("always") == first
    assert len(chapter.kernels.kernels) == 2
    assert set(chapter.told.made.values()) == {"`--exec=always` runs all cells"}
    assert chapter.record.stat().st_mtime_ns == stamp, "the same came out, so nothing is new"


def test_other_hardware_makes_a_new_record_even_of_equal_outputs(chapter: Chapter) -> None:
    chapter.run()
    chapter.kernels.provenance = ELSEWHERE
    results = chapter.run("always")
    assert {result.provenance for _, result in results.cells} == {ELSEWHERE}
    chapter.kernels = FakeKernels(languages=())
    assert chapter.run() == results, "a record from another machine is replayed as it is"
    assert chapter.told.said == ["cells: replayed from the record of 2 Jan 2027 (NVIDIA H200, numpy 2.0.0)"]


def test_never_takes_the_record_and_opens_nothing(chapter: Chapter) -> None:
    first = chapter.run()
    chapter.trusted = False
    assert chapter.run("never") == first
    assert chapter.opened == 1


def test_never_tells_every_cell_that_has_changed_itself(chapter: Chapter) -> None:
    chapter.run()
    chapter.edit(DATA, "numbers = [3, 1, 2, 4]")
    chapter.edit('"total"', '"sum"')
    with pytest.raises(Several) as caught:
        chapter.run("never")
    assert [(one.code, one.where and one.where.line) for one in caught.value.findings] == [
        ("cell-stale", 3),
        ("cell-stale", 24),
    ]
    assert "its source changed" in caught.value.findings[0].message
    assert "--exec=auto" in caught.value.findings[0].hint
    assert caught.value.exit_code == 1
    assert chapter.opened == 1


def test_never_without_a_record_says_so(chapter: Chapter) -> None:
    with pytest.raises(Several) as caught:
        chapter.run("never")
    assert len(caught.value.findings) == 4
    assert all("there is no record of it" in one.message for one in caught.value.findings)


def test_never_tells_of_one_cell_and_counts_those_behind_it(chapter: Chapter) -> None:
    chapter.run()
    chapter.edit("[3, 1, 2]", "[3, 1, 2, 9]")
    with pytest.raises(CellError, match="its source changed; 3 more after it"):
        chapter.run("never")


def test_without_a_kernel_a_chapter_that_has_to_run_stops_with_one_error(chapter: Chapter) -> None:
    chapter.run()
    chapter.edit("sorted(numbers)", "sorted(numbers)[:2]")
    chapter.kernels = FakeKernels(languages=())
    with pytest.raises(KernelError) as caught:
        chapter.run()
    finding = caught.value.finding
    assert finding.where is not None
    assert finding.where.line == 12
    for words in ("cell `sorted`", "its source changed", "there is no kernel for python"):
        assert words in finding.message
    assert "pip install python-kernel" in finding.hint
    assert f"{chapter.folder.name}/outputs" in finding.hint
    assert caught.value.exit_code == 3
    assert chapter.kernels.closed


def test_a_kernel_that_does_not_start_is_told_like_one_that_is_not_there(chapter: Chapter) -> None:
    chapter.kernels = FakeKernels(broken="the kernel did not answer")
    with pytest.raises(KernelError, match=r"there is no record of it.*the kernel did not answer") as caught:
        chapter.run()
    assert caught.value.finding.where is not None
    assert chapter.kernels.closed
    assert not chapter.record.exists()


def test_the_code_is_trusted_before_anything_is_opened(chapter: Chapter) -> None:
    chapter.trusted = False
    with pytest.raises(TrustError):
        chapter.run()
    assert chapter.opened == 0
    (code,) = chapter.asked
    assert (code.cells, code.languages, code.expressions) == (3, ("python", "python", "python"), 1)
    chapter.edit('"total"', '"sum"')
    with pytest.raises(TrustError):
        chapter.run()
    assert chapter.asked[0].digest != code.digest


def test_verify_says_nothing_of_a_record_that_is_right(chapter: Chapter) -> None:
    first = chapter.run()
    text = chapter.record.read_text()
    chapter.kernels.provenance = LATER
    assert chapter.run("verify") == first
    assert chapter.codes("error") == []
    assert chapter.record.read_text() == text
    assert len(chapter.kernels.kernels) == 2


def test_verify_tells_each_difference_and_shows_the_record(chapter: Chapter) -> None:
    first = chapter.run()
    chapter.record_otherwise("total 6", "total 7")
    chapter.record_otherwise('"value": "3"', '"value": "4"')
    results = chapter.run("verify")
    assert texts(results)[2] == "total 7\n"
    assert [(one.code, one.where and one.where.line) for one in chapter.findings if one.severity == "error"] == [
        ("cell-differs", 24),
        ("cell-differs", 18),
    ]
    details = next(one.details for one in chapter.findings if one.code == "cell-differs")
    assert details == (("recorded", "stdout: total 7"), ("came out", "stdout: total 6"))
    assert results != first
    assert "total 7" in chapter.record.read_text()


def test_verify_of_a_deck_that_has_changed_shows_what_came_out(chapter: Chapter) -> None:
    chapter.run()
    text = chapter.record.read_text()
    chapter.edit('"total"', '"sum"')
    assert texts(chapter.run("verify"))[2] == "sum 6\n"
    assert chapter.codes("error") == ["cell-stale"]
    assert chapter.record.read_text() == text


def test_what_varies_is_not_compared_nor_what_is_made_of_it(chapter: Chapter) -> None:
    chapter.edit("name=data", "name=data varies")
    chapter.edit('print("three numbers")', "import random\ntoken = random.random()\nprint(token)")
    chapter.edit("max(numbers)", "token")
    chapter.run()
    chapter.run("verify")
    assert chapter.codes("error") == []


def test_other_versions_here_are_noted_without_starting_a_kernel(chapter: Chapter) -> None:
    import click

    old = dataclasses.replace(PROVENANCE, versions=(("click", "1.0"), ("no-such-package", "1")))
    chapter.kernels.provenance = old
    chapter.run()
    chapter.run()
    (note,) = (one for one in chapter.findings if one.severity == "note")
    assert note.code == "cell-drift"
    assert "click 1.0" in note.message
    assert click.__name__ in note.message.partition("here is")[2]
    assert "no-such-package" not in note.message
    assert chapter.opened == 1
    chapter.run(kernel_url="http://gpu-box:8888")
    assert chapter.codes("note") == [], "nothing is known of the versions elsewhere"


def test_a_deck_with_values_alone_says_how_many(chapter: Chapter) -> None:
    chapter.text = "# `{python} 1 + 1`\n"
    chapter.run()
    assert "1 value in" in chapter.told.said[0]


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ("100%|██| 3/3 [00:00<00:00, 97.89it/s]", "100%|██| 3/3 [00:12<00:00,  4.02s/it]", True),
        ("3it [00:00, 1.2kB/s]", "3it [00:01, ?it/s]", True),
        ("100%|██| 3/3 [00:00<00:00, 97.89it/s, loss=0.3]", "100%|██| 3/3 [00:00<00:00, 9.1it/s, loss=0.4]", False),
        ("66%|██| 2/3 [00:00<00:00, 97.89it/s]", "100%|██| 3/3 [00:00<00:00, 97.89it/s]", False),
        ("[1, 20/s]", "[1, 30/s]", False),
        ("<A at 0x7f2c00>", "<A at 0x7f2d11>", True),
    ],
)
def test_the_pace_of_progress_bars_makes_no_output_another_one(then: str, now: str, same: bool) -> None:
    assert (without_chance(then) == without_chance(now)) is same
