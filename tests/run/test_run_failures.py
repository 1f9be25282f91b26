"""Cells that go wrong, and what the author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.errors import CellError
from deckcast.model import Failure, Finding, Where
from deckcast.run.failures import tidied
from run.chapter import Chapter, text_of, texts

HEAD = """\
# One

```python exec name=tools
import json

def read(text):
    return json.loads(text)

print("tools")
```

---

# Two

"""


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path, HEAD)


def failing(chapter: Chapter, cell: str, options: str = "", **settings: float) -> Finding:
    """What is told when the deck's second cell, which begins in line 17, fails."""
    chapter.text = f"{HEAD}```python exec name=bad {options}\n{cell}\n```\n\n---\n\n# Three\n\n```python exec\n3\n```\n"
    with pytest.raises(CellError) as caught:
        chapter.run(**settings)
    assert caught.value.exit_code == 1
    assert not chapter.record.exists()
    assert all(kernel.closed for kernel in chapter.kernels.kernels)
    return caught.value.finding


def test_lines_output_and_traceback_come_in_this_order_with_the_files_own_lines(chapter: Chapter) -> None:
    finding = failing(chapter, 'print("before")\n\nread("{")')
    assert finding.message.startswith("cell `bad` failed: JSONDecodeError: Expecting property name")
    assert finding.where is not None
    assert (finding.where.line, finding.where.column) == (19, 1)
    assert (finding.line, finding.width) == ('read("{")', 9)
    (cell, code), (printed, text), (traceback, trace) = finding.details
    assert (cell, printed, traceback) == ("the cell", "what it printed", "traceback")
    assert code == '  17 | print("before")\n  18 |\n> 19 | read("{")'
    assert text == "before"
    assert 'presentation.md:19\n----> 19 read("{")' in trace
    assert "presentation.md:7, in read()\n----> 7 return json.loads(text)" in trace
    assert "Cell In[" not in trace
    assert "File json/decoder.py:" in trace


def test_a_plain_traceback_is_mapped_too(chapter: Chapter) -> None:
    from deckcast.model import Cell, Where
    from deckcast.run.traces import placed

    lines = tuple(Where("talk/deck.md", number) for number in (48, 49))
    cell = Cell(3, "python", "f(\n1)", lines, Where("talk/deck.md", 47), 1)
    trace = "Traceback (most recent call last):\n\n  Cell In[3], line 2 in f\n    2 + x\n\n  Cell In[9], line 1\n    x"
    assert placed(trace, {3: cell}) == trace.replace("Cell In[3], line 2", "deck.md:49")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("import torch_that_is_not_here", "pip install torch_that_is_not_here"),
        ("raise ModuleNotFoundError(\"No module named 'transformers'\")", '"deckcast[transformers]"'),
        ("raise ModuleNotFoundError(\"No module named 'torch'\")", "docs/transformers.md"),
        ("raise type('SystemExit', (Exception,), {})(3)", "need not exit"),
        ("raise ModuleNotFoundError(\"No module named 'sklearn.metrics'\")", "pip install scikit-learn"),
        ('open("gone.csv")', "the deck's folder"),
        ("input()", "nobody can answer"),
        ("# fake: timeout", "timeout="),
        ("# fake: die", "ended the process"),
        ("# fake: die MemoryLimit", "cells.cell_memory"),
        ("# fake: die OutputLimit", "cells.output_limit"),
        ("raise OSError(\"We couldn't connect to 'https://huggingface.co'\")", "needs=hub"),
        ("1 / 0", "may_fail"),
    ],
)
def test_each_kind_of_failure_has_its_hint(chapter: Chapter, cell: str, told: str) -> None:
    assert told in failing(chapter, cell).hint


def test_the_command_names_the_kernels_own_python(chapter: Chapter) -> None:
    import sys

    assert f"{sys.executable} -m pip install nowhere" in failing(chapter, "import nowhere").hint


def test_the_chapters_time_is_told_from_the_cells(chapter: Chapter) -> None:
    assert "chapter_timeout" in failing(chapter, "# fake: timeout", chapter_timeout=5.0).hint
    assert "cell_timeout" in failing(chapter, "# fake: timeout", chapter_timeout=100.0).hint
    timeout, limit = chapter.kernels.kernels[-1].limits[-1]
    assert (timeout, limit) == (60.0, 1_000_000)
    failing(chapter, "# fake: timeout", "timeout=2m")
    assert chapter.kernels.kernels[-1].limits[-1][0] == 120.0


def test_no_cell_begins_when_the_chapters_time_is_over(chapter: Chapter) -> None:
    finding = failing(chapter, "import time\ntime.sleep(0.05)", chapter_timeout=0.03)
    assert "cell 3 has no time left" in finding.message
    assert "chapter_timeout" in finding.hint


def test_a_mistake_in_the_syntax_is_shown_at_its_line(chapter: Chapter) -> None:
    finding = failing(chapter, "x = 1\ndef (:\n  pass")
    assert finding.where is not None
    assert finding.where.line == 18
    assert finding.code == "cell-syntax"
    assert chapter.kernels.kernels == [], "nothing ran before it was told"


def test_a_mistake_that_only_the_kernel_sees_is_shown_at_its_line(chapter: Chapter) -> None:
    finding = failing(chapter, "x = 1\nreturn x")
    assert finding.where is not None
    assert finding.where.line == 18
    assert "presentation.md:18" in dict(finding.details)["traceback"]


def test_an_indented_cell_is_shown_at_its_own_column(chapter: Chapter) -> None:
    chapter.text = "# One\n\n- point\n\n  ```python exec\n  if True:\n      1 / 0\n  ```\n"
    with pytest.raises(CellError) as caught:
        chapter.run()
    where = caught.value.finding.where
    assert where is not None
    assert (where.line, where.column) == (7, 7)
    assert caught.value.finding.line == "      1 / 0"


def test_long_things_are_cut_where_they_tell_least(chapter: Chapter) -> None:
    lines = "\n".join(f"print({number})" for number in range(200))
    finding = failing(chapter, f"{lines}\n1 / 0")
    details = dict(finding.details)
    assert "> 217 | 1 / 0" in details["the cell"]
    assert "lines above …" in details["the cell"]
    assert details["what it printed"].startswith("… 180 lines before …\n180\n")
    assert details["what it printed"].endswith("199")

    deep = "def down(n):\n    return down(n + 1)\ndown(0)"
    trace = dict(failing(chapter, deep).details)["traceback"]
    assert "times more …" in trace
    assert len(trace.split("\n")) < 30


def test_many_frames_inside_libraries_are_folded() -> None:
    from deckcast.run.traces import tidy

    frames = [f"  File /home/me/venv/lib/python3.12/site-packages/lib/part{n}.py:{n} in f\n    g()" for n in range(30)]
    trace = tidy("\n\n".join(["Traceback (most recent call last):", "  Cell In[1], line 1\n    f()", *frames, "E: x"]))
    assert trace.count("File lib/part") == 8
    assert "22 frames inside libraries" in trace
    assert "part0.py" in trace
    assert "part29.py" in trace
    assert "/home/me" not in trace
    assert "Cell In[1]" in trace


def test_a_failure_that_may_be_is_a_result_and_the_next_cells_run(chapter: Chapter) -> None:
    chapter.text = HEAD + '```python exec may_fail\nprint("so far")\nread("{")\n```\n\n```python exec\n"on"\n```\n'
    results = chapter.run()
    _, result = results.cells[1]
    assert result.failure is not None
    assert (result.failure.name, result.failure.line) == ("JSONDecodeError", 2)
    assert "presentation.md:18" in result.failure.traceback
    assert "presentation.md:7" in result.failure.traceback
    assert text_of(result) == "so far\n"
    assert texts(results)[2] == "'on'"
    assert "Cell In[2], line 2" in chapter.record.read_text()
    assert chapter.run() == results
    chapter.text = "# Zero\n\n---\n\n" + chapter.text
    failure = chapter.run("never").cells[1][1].failure
    assert failure is not None
    assert "presentation.md:22" in failure.traceback, "the places are those of the file as it is now"


def test_a_failure_that_may_not_be_any_more_runs_again(chapter: Chapter) -> None:
    chapter.text = HEAD + "```python exec name=bad may_fail\n1 / 0\n```\n"
    chapter.run()
    chapter.edit(" may_fail", "")
    with pytest.raises(CellError, match="failed when it was recorded"):
        chapter.run("never")
    with pytest.raises(CellError, match="ZeroDivisionError"):
        chapter.run()


def test_after_the_kernels_death_nothing_runs(chapter: Chapter) -> None:
    finding = failing(chapter, "# fake: die", "may_fail")
    assert finding.message == "cell 3 cannot run: cell `bad` ended the kernel"
    chapter.text = HEAD + "```python exec may_fail\n# fake: die\n```\n"
    results = chapter.run()
    failure = results.cells[1][1].failure
    assert failure is not None
    assert failure.name == "KernelDied"
    assert results.cells[1][1].provenance is not None


def test_an_expression_without_a_value_is_shown_where_it_stands(chapter: Chapter) -> None:
    chapter.text = HEAD + "The value is `{python} nothing`.\n"
    with pytest.raises(CellError) as caught:
        chapter.run()
    finding = caught.value.finding
    assert finding.message == "`{python} nothing` has no value: NameError: name 'nothing' is not defined"
    assert finding.where is not None
    assert (finding.where.line, finding.where.column) == (16, 15)


def test_expressions_see_what_their_own_step_and_those_before_have_made(chapter: Chapter) -> None:
    chapter.text = (
        "# One\n\n`{python} x`\n\n```python exec\nx = 1\n```\n\n--\n\n```python exec\nx = 2\n```\n\n`{python} x + 10`\n"
    )
    assert [value for _, value in chapter.run().values] == ["1", "12"]


def test_output_that_is_left_out_is_told_also_by_a_replay(chapter: Chapter) -> None:
    chapter.text = HEAD + '```python exec name=long\nprint("x" * 3000)\n```\n'
    results = chapter.run(output_limit=1)
    assert results.cells[1][1].dropped == 2001
    assert chapter.codes() == ["cell-output-cut"]
    assert chapter.findings[0].slide == 'slide 2 "Two"'
    chapter.run(output_limit=1)
    assert chapter.codes() == ["cell-output-cut"]


def test_what_a_thread_prints_too_late_is_told(chapter: Chapter) -> None:
    chapter.text = HEAD + "```python exec name=late\n# fake: late the thread's words\n```\n"
    chapter.run()
    (finding,) = chapter.findings
    assert finding.code == "cell-late"
    assert "cell `late` printed when it had ended: `the thread's words`" in finding.message


def test_an_interrupted_run_ends_its_kernels_and_leaves_no_record(chapter: Chapter) -> None:
    chapter.text = HEAD + "```python exec\nraise KeyboardInterrupt\n```\n"
    with pytest.raises(KeyboardInterrupt):
        chapter.run()
    assert [kernel.closed for kernel in chapter.kernels.kernels] == [True]
    assert chapter.kernels.closed
    assert not chapter.record.exists()


def test_names_of_temporary_files_are_no_part_of_an_output() -> None:
    from deckcast.run.traces import settled

    text = "/tmp/ipykernel_7813/3820297813.py:2: UserWarning: x\n  warnings.warn('x')\n"
    assert settled(text) == "cell:2: UserWarning: x\n  warnings.warn('x')\n"
    text = 'File "C:\\Temp\\ipykernel_1/33.py", line 1'
    assert settled(text) == 'File "cell", line 1'


def test_several_languages_have_a_kernel_each(chapter: Chapter) -> None:
    from deckcast.engines.kernel_fake import FakeKernels

    chapter.kernels = FakeKernels(languages=("python", "bash"))
    chapter.text = HEAD + "```bash exec\necho hello\n```\n\n```python exec\nread('[1]')\n```\n"
    assert texts(chapter.run()) == ["tools\n", "echo hello\n", "[1]"]
    assert [kernel.language for kernel in chapter.kernels.kernels] == ["python", "bash"]


def test_a_syntax_errors_message_names_no_file_that_nobody_has() -> None:
    from deckcast.model import Failure
    from deckcast.run.failures import tidied

    failure = Failure("SyntaxError", "invalid syntax (3925987285.py, line 1)", "  Cell In[4], line 1\n    def (", 1)
    assert tidied(failure, lambda text: text).message == "invalid syntax"


def test_what_older_kernels_write_is_understood() -> None:
    from deckcast.run.traces import tidy

    assert tidy("<ipython-input-3-0a1b2c>:4, in f") == "Cell In[3], line 4, in f"
    assert tidy("<ipython-input-3-0a1b2c> in f(x)\n----> 1 x") == "Cell In[3] in f(x)\n----> 1 x"


def test_an_expression_is_marked_whole(chapter: Chapter) -> None:
    chapter.text = "# `{python} 1 / 0`\n"
    with pytest.raises(CellError) as caught:
        chapter.run()
    assert caught.value.finding.where == Where(str(chapter.folder / "presentation.md"), 1, 4)
    assert caught.value.finding.width == len("{python} 1 / 0")


def test_a_very_long_line_that_was_printed_is_cut(chapter: Chapter) -> None:
    finding = failing(chapter, 'print("x" * 5000)\n1 / 0')
    assert dict(finding.details)["what it printed"] == "x" * 300 + "… 4,700 more"


def test_the_status_of_a_shells_command_is_called_by_its_name() -> None:
    def message(name: str, text: str) -> str:
        return tidied(Failure(name, text), str).message

    assert message("Error", "2") == "exit status 2"
    assert message("Error", "2 files") == "2 files"
    assert message("ValueError", "2") == "2"
