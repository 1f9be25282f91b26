"""What every Python kernel is told when it starts, and what it can be asked."""

from __future__ import annotations

import ast
import base64
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deckcast.engines import kernel_python
from deckcast.errors import KernelError
from deckcast.model import Failure
from deckcast.theme import PlotStyle, find_theme

ENGINES = Path(kernel_python.__file__).parent
Message = dict[str, Any]


class PlainKernel:
    """A Python kernel with nothing of deckcast's but the prelude."""

    def __init__(self, style: PlotStyle, *, elsewhere: bool, folder: Path, **environment: str) -> None:
        from jupyter_client.manager import KernelManager

        self._sockets = tempfile.TemporaryDirectory()  # their paths must be short
        self._manager = KernelManager(transport="ipc", ip=f"{self._sockets.name}/k", kernel_name="python3")
        self._log = (folder / "kernel.log").open("wb")
        self._manager.start_kernel(
            cwd=str(folder), env={**os.environ, **environment}, stdout=self._log, stderr=self._log
        )
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)
        said, reply = self.run(kernel_python.prelude(style, elsewhere=elsewhere), silent=True)
        assert (reply["status"], said) == ("ok", [])

    def run(self, code: str, *, silent: bool = False, asks: dict[str, str] | None = None) -> tuple[list[Message], Any]:
        """The contents of what the cell put out, and of the reply."""
        said: list[Message] = []

        def hear(message: Message) -> None:
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                said.append({"type": message["msg_type"], **message["content"]})

        reply = self._client.execute_interactive(
            code, silent=silent, store_history=not silent, user_expressions=asks or {}, output_hook=hear, timeout=60
        )
        return said, reply["content"]

    def ask(self, asks: dict[str, str]) -> Any:
        return self.run("", silent=True, asks=asks)[1]["user_expressions"]

    def value(self, expression: str) -> str | Failure:
        return kernel_python.value(self.ask(kernel_python.evaluation(expression)))

    def drawn(self, code: str) -> dict[str, Any]:
        """The data of a cell's only output, which is a figure."""
        said, reply = self.run(code)
        assert reply["status"] == "ok"
        assert [one["type"] for one in said] == ["display_data"], said
        return {**said[0]["data"], "metadata": said[0]["metadata"]}

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()
        self._log.close()
        self._sockets.cleanup()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainKernel]:
    style = find_theme("default", []).plots
    kernel = PlainKernel(style, elsewhere=False, folder=tmp_path_factory.mktemp("deck"), HF_HUB_OFFLINE="1")
    yield kernel
    kernel.close()


# ── without a kernel ──


@pytest.mark.parametrize("name", ["kernel_probe_program.py", "kernel_prelude_program.py"])
def test_what_is_sent_needs_nothing_of_deckcast(name: str) -> None:
    tree = ast.parse((ENGINES / name).read_text(), feature_version=(3, 9))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(name.startswith("deckcast") for name in named)


def test_fonts_travel_where_files_do_not(tmp_path: Path) -> None:
    font = tmp_path / "Own.ttf"
    font.write_bytes(b"letters")
    style = PlotStyle("plots.mplstyle", "", (font,))
    content = base64.b64encode(b"letters").decode()
    assert str(font) in kernel_python.prelude(style)
    assert content not in kernel_python.prelude(style)
    assert str(font) not in kernel_python.prelude(style, elsewhere=True)
    assert content in kernel_python.prelude(style, elsewhere=True)


def test_an_answer_that_is_missing_is_an_error_of_the_kernel() -> None:
    with pytest.raises(KernelError, match="did not answer"):
        kernel_python.value({})
    assert kernel_python.peak({}) == 0


def test_a_kernel_that_cannot_tell_where_it_runs_says_why() -> None:
    broken = {"answer": {"status": "error", "ename": "ImportError", "evalue": "no os", "traceback": []}}
    with pytest.raises(KernelError, match="ImportError: no os"):
        kernel_python.provenance(broken, "python3")


# ── with one ──


@pytest.mark.slow
def test_the_prelude_leaves_no_name_and_no_number(kernel: PlainKernel) -> None:
    said, reply = kernel.run("print(*sorted(name for name in globals() if not name.startswith('_')))")
    assert said[0]["text"].split() == ["In", "Out", "exit", "get_ipython", "open", "quit"]
    assert reply["execution_count"] == 1
    said, _ = kernel.run(
        "import sys; print([name for name in ('matplotlib', 'numpy', 'torch') if name in sys.modules])"
    )
    assert said[0]["text"] == "[]\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a' + 'b'", "ab"),
        (" round(2/3, 2) ", "0.67"),
        ("None", "None"),
        ("'\\n'.join('xy')", "x\ny"),
        ("[n for n in range(3)]", "[0, 1, 2]"),
        ('"\'" * 2', "''"),
        ("'x' * 5000", "x" * 5000),
    ],
)
def test_a_value_is_written_as_str_writes_it(kernel: PlainKernel, expression: str, expected: str) -> None:
    assert kernel.value(expression) == expected


@pytest.mark.slow
def test_a_value_knows_what_the_cells_left(kernel: PlainKernel) -> None:
    kernel.run("score = 0.9712\ndef shown(): return f'{score:.0%}'")
    assert kernel.value("shown()") == "97%"
    kernel.value("(score := 1)")
    assert kernel.value("score") == "1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "name", "message"),
    [("1/0", "ZeroDivisionError", "division by zero"), ("nobody", "NameError", "name 'nobody' is not defined")],
)
def test_an_expression_that_fails_says_how(kernel: PlainKernel, expression: str, name: str, message: str) -> None:
    failure = kernel.value(expression)
    assert isinstance(failure, Failure)
    assert (failure.name, failure.message) == (name, message)


@pytest.mark.slow
def test_a_statement_is_no_value(kernel: PlainKernel) -> None:
    failure = kernel.value("x = 1")
    assert isinstance(failure, Failure)
    assert failure.name == "SyntaxError"


@pytest.mark.slow
def test_a_deep_recursion_is_told_at_once(kernel: PlainKernel) -> None:
    began = time.monotonic()
    said, reply = kernel.run("def deeper(n):\n    return deeper(n + 1)\n\ndeeper(0)")
    assert (reply["status"], reply["ename"]) == ("error", "RecursionError")
    assert "line 2" in "".join(said[0]["traceback"])
    assert time.monotonic() - began < 60, "a hang guard: it takes a second or so"


@pytest.mark.slow
def test_a_bar_is_text_and_complains_of_nothing(kernel: PlainKernel) -> None:
    said, _ = kernel.run("from tqdm.auto import tqdm, trange\nfor i in tqdm(range(3), 'steps'): pass")
    assert {one["type"] for one in said} == {"stream"}
    text = "".join(one["text"] for one in said)
    assert "steps: 100%" in text
    assert "IProgress" not in text
    assert kernel.value("__import__('os').environ['HF_HUB_DISABLE_PROGRESS_BARS']") == "1"


@pytest.mark.slow
def test_a_figure_is_a_drawing_of_the_size_in_the_style(kernel: PlainKernel) -> None:
    drawn = kernel.drawn("import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('Loss')")
    assert sorted(drawn) == ["image/svg+xml", "metadata", "text/plain"]
    svg = drawn["image/svg+xml"]
    assert 'width="630pt" height="378pt"' in svg  # 8.75 by 5.25 inches: 840 by 504 pixels of the slide
    assert 'id="Inter-Bold-' in svg  # the title's letters, as outlines
    assert 'id="Inter-Regular-' in svg  # those of the ticks
    assert "<text" not in svg
    assert "#1d5fd1" in svg


@pytest.mark.slow
def test_equal_figures_give_equal_bytes(kernel: PlainKernel) -> None:
    code = "plt.figure(figsize=(4, 3))\nplt.scatter(range(9), range(9), label='$x^2$')\nplt.legend()\nplt.show()"
    first, second = (kernel.drawn(code)["image/svg+xml"] for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first
    assert "Matplotlib v" not in first


@pytest.mark.slow
def test_a_drawing_too_large_is_a_picture_with_two_pixels_for_one(kernel: PlainKernel) -> None:
    code = "import numpy as np\nplt.figure(figsize=(5, 3))\nplt.scatter(*np.random.default_rng(1).random((2, 20000)))"
    drawn = kernel.drawn(code)
    assert sorted(drawn) == ["image/png", "metadata", "text/plain"]
    picture = base64.b64decode(drawn["image/png"])
    assert int.from_bytes(picture[16:20], "big") == 960
    assert drawn["metadata"]["image/png"] == {"width": 480, "height": 288}
    assert drawn["image/png"] == kernel.drawn(code)["image/png"]


@pytest.mark.slow
def test_what_lies_outside_a_figure_is_not_cut_off(kernel: PlainKernel) -> None:
    svg = kernel.drawn("fig = plt.figure(figsize=(4, 3))\nfig.text(0.5, 0.5, 'a very long remark ' * 3)\nNone")
    width = float(svg["image/svg+xml"].split('width="')[1].split("pt")[0])
    assert width > 600


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "plt.hist([1, 2, 2, 3])",
        "plt.subplots(1, 2)",
        "plt.boxplot([[1, 2, 3]])",
        "import pandas as pd; pd.DataFrame({'a': [1, 2], 'b': [3, 4]}).plot.bar(subplots=True)",
        "plt.bar(['a'], [1])",
    ],
)
def test_what_a_call_that_draws_returns_is_not_shown(kernel: PlainKernel, code: str) -> None:
    assert "image/svg+xml" in kernel.drawn(f"import matplotlib.pyplot as plt\n{code}")


@pytest.mark.slow
def test_other_results_of_a_cell_that_draws_are_shown(kernel: PlainKernel) -> None:
    said, _ = kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\n[1, 2]")
    assert [one["type"] for one in said] == ["execute_result", "display_data"]
    said, _ = kernel.run("figure = plt.figure(); plt.close()\nfigure")
    assert [(one["type"], "image/svg+xml" in one["data"]) for one in said] == [("execute_result", True)]


@pytest.mark.slow
def test_an_author_may_choose_another_form(tmp_path: Path) -> None:
    kernel = PlainKernel(PlotStyle(), elsewhere=False, folder=tmp_path)
    try:
        code = "%matplotlib inline\n%config InlineBackend.figure_formats = ['png']\nimport matplotlib.pyplot as plt"
        assert kernel.run(code)[1]["status"] == "ok"
        assert "image/png" in kernel.drawn("plt.plot([1, 2])")
    finally:
        kernel.close()


@pytest.mark.slow
def test_a_theme_of_ones_own_is_told_of_its_mistakes_and_fonts_travel(tmp_path: Path) -> None:
    regular = next(font for font in find_theme("default", []).plots.fonts if font.name == "Inter-Regular.ttf")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n")
    style = PlotStyle("mine/plots.mplstyle", "lines.linewidth: 7\nfont.family: Inter\nno.such.key: 1\n", (regular,))
    kernel = PlainKernel(style, elsewhere=True, folder=tmp_path, MPLCONFIGDIR=str(tmp_path / "cache"))
    try:
        said, _ = kernel.run("import matplotlib")
        assert [one["name"] for one in said] == ["stderr"]
        assert "no.such.key" in said[0]["text"]
        assert "plots.mplstyle" in said[0]["text"]
        assert kernel.value("matplotlib.rcParams['lines.linewidth']") == "9.0"
        svg = kernel.drawn("import matplotlib.pyplot as plt\nplt.plot([1, 2])")["image/svg+xml"]
        assert 'id="Inter-Regular-' in svg
        assert len(list((tmp_path / "cache" / "deckcast").rglob("Inter-Regular.ttf"))) == 1
    finally:
        kernel.close()


@pytest.mark.slow
def test_the_machine_and_the_packages_are_told(kernel: PlainKernel) -> None:
    kernel.run("def late():\n    import pandas\n\nlate()")
    provenance = kernel_python.provenance(kernel.ask(kernel_python.PROVENANCE), "python3")
    assert provenance.kernel == "python3"
    assert provenance.language.startswith("Python 3")
    assert {"matplotlib", "numpy", "pandas"} <= {name for name, _ in provenance.versions}
    assert "ipython" not in {name for name, _ in provenance.versions}
    assert provenance.memory > 1 << 28
    assert provenance.date.endswith("Z")


@pytest.mark.slow
def test_the_most_memory_that_a_kernel_held_is_told(kernel: PlainKernel) -> None:
    before = kernel_python.peak(kernel.ask(kernel_python.PEAK))
    _, reply = kernel.run("block = bytearray(b'x' * (200 << 20)); del block", asks=kernel_python.PEAK)
    after = kernel_python.peak(reply["user_expressions"])
    assert 150 << 20 < after - before + (60 << 20) < 700 << 20


@pytest.mark.slow
def test_without_a_network_a_model_is_missed_at_once(tmp_path: Path) -> None:
    kernel = PlainKernel(PlotStyle(), elsewhere=False, folder=tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
    try:
        kernel.run("import os; os.environ.pop('HF_HUB_OFFLINE', None)")
        assert kernel.run("import huggingface_hub.constants")[0] == []
        assert kernel.value("huggingface_hub.constants.HF_HUB_OFFLINE") == "True"
        _, reply = kernel.run("huggingface_hub.hf_hub_download('bert-base-uncased', 'config.json')")
        assert reply["ename"] == "LocalEntryNotFoundError"
    finally:
        kernel.close()


@pytest.mark.slow
def test_a_kernel_says_what_its_machine_has(kernel: PlainKernel) -> None:
    assert kernel_python.met(kernel.ask(kernel_python.need("hub"))) == (False, "HF_HUB_OFFLINE is set")
