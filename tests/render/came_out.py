"""Results made by hand for the cells of a deck, as if a kernel had given them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from deckcast.markup import Code, Dialect, Span, expression, find_code
from deckcast.model import Cell, Deck, Failure, Inline, Output, Provenance, Result, Results, Where
from deckcast.settings import Settings

FOLDER = Path(__file__).parent / "outputs"

HERE = Provenance(
    "2026-11-24T20:15:00Z",
    "python3",
    language="Python 3.11.2",
    cpu="Intel(R) Xeon(R) Platinum 8480+ CPU @ 2.0GHz",
    versions=(("numpy", "2.3.1"), ("torch", "2.13.0+cpu"), ("transformers", "5.24.0")),
)
THERE = Provenance("2026-11-20T08:00:00Z", "python3", accelerators=("NVIDIA H200",), versions=(("torch", "2.11.0"),))


def stdout(text: str) -> Output:
    return Output("stdout", (("text/plain", text),))


def stderr(text: str) -> Output:
    return Output("stderr", (("text/plain", text),))


def display(text: str = "", **forms: str | bytes) -> Output:
    """What a cell displays: `image_png=b"…"` and plain words."""
    names = {"image_svg": "image/svg+xml"}
    data = {names.get(name, name.replace("_", "/", 1)): content for name, content in forms.items()}
    if text:
        data["text/plain"] = text
    return Output("display", tuple(sorted(data.items())))


def ran(*outputs: Output, **more: object) -> Result:
    return Result(outputs, seconds=0.42, peak=1_234_567_890, provenance=HERE, **more)  # type: ignore[arg-type]


def results_of(
    results: Mapping[str, Result], values: Mapping[str, str] | None = None
) -> Callable[[Deck, Settings], Results]:
    """The results by the names of the deck's cells, the values by their expressions. A cell without one gives nothing.

    Of the words behind a fence only those are read that a slide depends on, and of their forms the plainest.
    """

    def made(deck: Deck, settings: Settings) -> Results:
        cells: dict[Where, Cell] = {}
        inlines: dict[Where, Inline] = {}
        for step in deck.steps:
            for one in find_code(step.content, Dialect.of(deck, settings.slides)):
                if isinstance(one, Code) and one.where and " exec" in one.info:
                    cells.setdefault(one.where, _cell(one, len(cells) + 1, step.index))
                elif isinstance(one, Span) and one.where and (found := expression(one.text)):
                    inlines.setdefault(one.where, Inline(*found, one.where, step.index))
        return Results(
            tuple((cell, results.get(cell.name, Result())) for cell in cells.values()),
            tuple((one, values[one.expression]) for one in inlines.values() if one.expression in (values or {})),
        )

    return made


def _cell(code: Code, index: int, step: int) -> Cell:
    said = dict(word.partition("=")[::2] for word in code.info.split()[1:])
    lines = [
        (text, where)
        for text, where in zip(code.text.split("\n"), code.origins, strict=True)
        if where and not text.startswith("#|")
    ]
    numbers = [_numbers(group, len(lines)) for group in said["lines"].split("|")] if "lines" in said else []
    fold = sorted(_numbers(said["fold"], len(lines))) if "fold" in said else []
    assert code.where is not None
    return Cell(
        index,
        code.language,
        "\n".join(text for text, _ in lines),
        tuple(where for _, where in lines),
        code.where,
        step,
        name=said.get("name", ""),
        echo=said.get("echo") != "false" and "hidden" not in said,
        output="none" if "hidden" in said else said.get("output", "below"),  # type: ignore[arg-type]
        highlights=tuple(map(frozenset, numbers)),
        fold=(fold[0], fold[-1]) if fold else None,
    )


def _numbers(group: str, count: int) -> set[int]:
    if group == "all":
        return set(range(1, count + 1))
    first, _, last = group.partition("-")
    return set(range(int(first), int(last or first) + 1)) if group else set()


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


FRAME = display("   model …", text_html=text_of("frame.html"))
PLOT = display("<Figure size 1200x600 with 1 Axes>", image_svg=text_of("plot.svg"))
TRACE = (
    'Traceback (most recent call last):\n  File "presentation.md", line 117\n    config["heads"]\n    ~~~~~~^^^^^^^^^\n'
)
FALL = "".join('  File "presentation.md", line 125, in fall\n    return fall(n + 1)\n' for _ in range(60))
ZERO = 'Traceback (most recent call last):\n  File "presentation.md", line 3\nZeroDivisionError: division by zero\n'
COLOURS = (
    "\x1b[1m=== test session starts ===\x1b[0m\n\x1b[32mPASSED\x1b[0m test_a.py  \x1b[33mSKIPPED\x1b[0m test_b.py\n"
    "\x1b[31mFAILED\x1b[0m test_c.py  \x1b[38;5;208morange\x1b[0m \x1b[38;2;90;90;250mblue\x1b[0m "
    "\x1b[7minverse\x1b[0m \x1b[41mon red\x1b[0m \x1b[2mfaint\x1b[0m\n\x1b[36mcyan\x1b[0m \x1b[35mmagenta\x1b[0m\n"
)
WARNED = """\
/tmp/cell.py:1: FutureWarning: `torch_dtype` will go
  pipe = pipeline("sentiment-analysis")
No model was supplied, defaulted to distilbert and revision 714eb0f.
/tmp/other.py:12: UserWarning: slow
  warnings.warn("slow")
"""

DEMO: dict[str, Result] = {
    "streams": ran(stdout("step 0\nstep 1\nstep 2\n"), stderr("done in 0.2 s\n")),
    "colours": ran(stdout(COLOURS)),
    "frame": ran(FRAME),
    "longframe": ran(display("…", text_html=text_of("long.html"))),
    "wideframe": ran(display("…", text_html=text_of("wide.html"))),
    "multi": ran(display("…", text_html=text_of("multi.html"))),
    "plot": ran(PLOT),
    "alone": ran(PLOT),
    "beside": ran(display("<Figure>", image_png=(FOLDER / "map.png").read_bytes())),
    "tokens": ran(stdout("un\n##hap\n##piness\n")),
    "error": ran(failure=Failure("KeyError", "'heads'", TRACE + "KeyError: 'heads'\n", 2)),
    "deep": ran(
        failure=Failure(
            "RecursionError",
            "maximum recursion depth exceeded",
            f"Traceback (most recent call last):\n{FALL}RecursionError: maximum recursion depth exceeded\n",
        )
    ),
    "gpu": Result(lacking=("gpu",)),
    "hub": Result(lacking=("hub", "gpu")),
    "lines": ran(stdout("190723\n")),
    "folded": ran(display("tensor(36)")),
    "long": ran(stdout("".join(f"{number} and some more words\n" for number in range(300)))),
    "longline": ran(stdout("0.123456 " * 2000)),
    "warned": ran(stderr(WARNED), display("[{'label': 'POSITIVE', 'score': 0.9998656511306763}]")),
    "markdown": ran(display("…", text_markdown="### Found\n\n- **one** of `two`\n- $x^2$\n\n```python\nx = 1\n```\n")),
    "json": ran(display("…", application_json='{"model": "bert", "layers": 12, "dropout": 0.1, "tied": true}')),
    "latex": ran(display("…", text_latex=r"$\displaystyle \int x^{2}\, dx$")),
    "flood": ran(stdout("x" * 100_000), dropped=999_000_000),
    "dark": ran(stdout("words\n"), failure=Failure("ZeroDivisionError", "division by zero", ZERO, 2)),
    "column": ran(stdout("torch.Size([1, 8, 768])\n" * 30)),
    "first": ran(display("[" + ",\n ".join(str(number) for number in range(40)) + "]")),
    "second": Result((PLOT,), seconds=3.0, peak=3_000_000_000, provenance=THERE),
}
VALUES = {"loss": "0.0312", "names": "bert & <friends>"}
