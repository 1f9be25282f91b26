"""The stage with a real Python kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deckcast.engines.kernels import open_kernels
from deckcast.errors import CellError
from deckcast.settings import Settings
from deckcast.stages import Silence
from run.chapter import Chapter, text_of, texts

pytestmark = pytest.mark.slow

DECK = """\
# One

```python exec name=tools
import json
import warnings

def read(text):
    return json.loads(text)

warnings.warn("careful")
print("tools")
```

---

# Two

```python exec name=plot
import matplotlib.pyplot as plt

plt.plot([3, 1, 2])
```

```python exec may_fail
read("{")
```

```python exec
object()
```

The answer is `{python} read("42")`.
"""


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    place: Any = open_kernels(Settings(), (), Silence())
    return Chapter(tmp_path, DECK, place)


def test_two_runs_leave_the_same_files(chapter: Chapter) -> None:
    first = chapter.run()
    assert [value for _, value in first.values] == ["42"]
    assert [output.kind for output in first.cells[0][1].outputs] in (["stdout", "stderr"], ["stderr", "stdout"])
    assert any(output.get("image/svg+xml") for output in first.cells[1][1].outputs)
    failure = first.cells[2][1].failure
    assert failure is not None
    assert "presentation.md:25" in failure.traceback
    assert "presentation.md:8 in read" in failure.traceback
    files = {path.name: path.read_bytes() for path in chapter.record.parent.iterdir()}
    assert chapter.run("always") == first
    assert {path.name: path.read_bytes() for path in chapter.record.parent.iterdir()} == files
    assert b"ipykernel_" not in files["presentation.json"]
    chapter.run("verify")
    assert chapter.codes("error") == []


def test_a_failure_is_told_with_the_files_lines(chapter: Chapter) -> None:
    chapter.edit("object()", 'print("so far")\nread("{")')
    with pytest.raises(CellError) as caught:
        chapter.run()
    finding = caught.value.finding
    assert finding.where is not None
    assert (finding.where.line, finding.where.column) == (30, 1)
    details = dict(finding.details)
    assert details["the cell"] == '  29 | print("so far")\n> 30 | read("{")'
    assert details["what it printed"] == "so far"
    assert "presentation.md:30" in details["traceback"]
    assert "presentation.md:8 in read" in details["traceback"]
    assert "Cell In[" not in details["traceback"]


def test_a_kernel_that_dies_may_do_so_in_the_last_cell(chapter: Chapter) -> None:
    chapter.text = (
        "```python exec may_fail\nprint('before', flush=True)\nimport os, time\ntime.sleep(0.5)\nos._exit(3)\n```\n"
    )
    results = chapter.run()
    (_, result) = results.cells[0]
    assert result.failure is not None
    assert result.failure.name == "KernelDied"
    assert result.provenance is not None
    assert "before" in text_of(result)
    assert texts(chapter.run("never")) == texts(results)
