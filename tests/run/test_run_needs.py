"""Cells that need what not every machine has."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from deckcast.engines.kernel_fake import PROVENANCE, FakeKernels
from deckcast.errors import CellError
from run.chapter import Chapter, texts

DECK = """\
# One

```python exec name=base
x = 2
print("x is", x)
```

---

# Two

```python exec name=model needs=hub
answer = x * 21
print("the hub says", answer)
```

---

# Three

```python exec name=more needs=hub
print("and again", answer)
```

---

# Four

```python exec name=last
print("done", x)
```
"""
HUB = dataclasses.replace(PROVENANCE, date="2026-01-01T00:00:00Z", cpu="Hub Processor")


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path, DECK)


def with_hub(chapter: Chapter) -> None:
    chapter.kernels = FakeKernels(needs=("hub",), provenance=HUB)


def without_hub(chapter: Chapter) -> None:
    chapter.kernels = FakeKernels()


def test_what_is_not_met_is_not_run_and_said_once_for_each_cell(chapter: Chapter) -> None:
    results = chapter.run()
    assert [result.lacking for _, result in results.cells] == [(), ("hub",), ("hub",), ()]
    assert chapter.ran == ['print("x is", x)', 'print("done", x)']
    assert chapter.kernels.probed == ["hub"]
    assert chapter.codes() == ["cell-not-run", "cell-not-run"]
    assert "there is no hub here" in chapter.findings[0].message
    assert "build where there is a hub" in chapter.findings[0].hint
    assert chapter.findings[0].slide == 'slide 2 "Two"'


def test_what_is_met_runs_and_is_replayed_where_it_is_not(chapter: Chapter) -> None:
    with_hub(chapter)
    first = chapter.run()
    assert texts(first) == ["x is 2\n", "the hub says 42\n", "and again 42\n", "done 2\n"]
    without_hub(chapter)
    assert chapter.run() == first
    assert chapter.kernels.kernels == []
    assert chapter.kernels.probed == []


def test_a_later_session_keeps_the_result_with_its_own_provenance(chapter: Chapter) -> None:
    with_hub(chapter)
    chapter.run()
    without_hub(chapter)
    chapter.edit("done", "the end")
    results = chapter.run()
    assert texts(results) == ["x is 2\n", "the hub says 42\n", "and again 42\n", "the end 2\n"]
    assert [result.provenance for _, result in results.cells] == [PROVENANCE, HUB, HUB, PROVENANCE]
    assert chapter.told.kept == ["slide 2 cell `model`", "slide 3 cell `more`"]
    assert chapter.run() == results, "and it stays in the new record"
    assert chapter.codes() == []


def test_a_change_before_it_makes_its_result_useless(chapter: Chapter) -> None:
    with_hub(chapter)
    chapter.run()
    without_hub(chapter)
    chapter.edit("x = 2", "x = 3")
    results = chapter.run()
    assert [bool(result.lacking) for _, result in results.cells] == [False, True, True, False]
    assert chapter.codes() == ["cell-not-run", "cell-not-run"]


def test_a_change_in_it_makes_those_with_the_same_needs_useless_and_no_others(chapter: Chapter) -> None:
    with_hub(chapter)
    chapter.run()
    without_hub(chapter)
    chapter.edit("x * 21", "x * 22")
    results = chapter.run()
    assert [bool(result.lacking) for _, result in results.cells] == [False, True, True, False]
    assert chapter.kernels.kernels == [], "the others are replayed"
    assert chapter.kernels.probed == ["hub"]


def test_where_it_is_met_at_last_the_chapter_runs(chapter: Chapter) -> None:
    chapter.run()
    with_hub(chapter)
    results = chapter.run()
    assert len(chapter.kernels.ran) == 4
    assert {result.provenance for _, result in results.cells} == {HUB}


def test_never_does_not_look(chapter: Chapter) -> None:
    chapter.run()
    opened = chapter.opened
    results = chapter.run("never")
    assert results.cells[1][1].lacking == ("hub",)
    assert chapter.opened == opened
    assert chapter.codes() == ["cell-not-run", "cell-not-run"]


def test_a_deck_that_nobody_trusts_is_still_replayed(chapter: Chapter) -> None:
    chapter.run()
    opened = chapter.opened
    chapter.trusted = False
    results = chapter.run()
    assert results.cells[1][1].lacking == ("hub",)
    assert chapter.opened == opened
    assert "nobody trusts this deck" in chapter.findings[0].message


def test_a_name_that_only_a_skipped_cell_gives_is_explained(chapter: Chapter) -> None:
    chapter.edit('print("done", x)', 'print("done", answer)')
    with pytest.raises(CellError) as caught:
        chapter.run()
    assert "cell `model`" in caught.value.finding.hint
    assert "needs" in caught.value.finding.hint


def test_verify_leaves_out_what_cannot_run_here(chapter: Chapter) -> None:
    with_hub(chapter)
    first = chapter.run()
    without_hub(chapter)
    assert chapter.run("verify") == first
    assert chapter.codes() == []
