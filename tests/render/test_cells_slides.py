"""What a slide shows of its cells, as HTML."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from deckcast import parse
from deckcast.config import from_options, overlay
from deckcast.markup import plain_math
from deckcast.model import Failure, Finding, Output, Result, Results
from deckcast.render import provenance
from deckcast.render.assets import Assets
from deckcast.render.compose import Picture, compose, with_made
from deckcast.render.made import Made
from deckcast.render.orders import Orders
from deckcast.render.pictures import svg_size
from deckcast.settings import Settings
from deckcast.theme import find_theme
from parse.textcases import Case, cases_in
from render.came_out import HERE, THERE, display, ran, results_of, stderr, stdout
from render.drawing import SVG, picture

FOLDER = Path(__file__).parent / "cases"

IN_LIBRARY = """\
Traceback (most recent call last):

  presentation.md:366
    pipeline("summarization")

  File transformers/pipelines/__init__.py:1071 in pipeline
    task = _resolve(task)

KeyError: 'summarization'
"""
IN_FUNCTION = """\
Traceback (most recent call last):

  presentation.md:16
    half(3)

  File functools.py:81 in call
    return function()

  presentation.md:5 in half
    return x / 0

ZeroDivisionError: division by zero
"""
TRACE = 'Traceback (most recent call last):\n  File "deck.md", line 4\nZeroDivisionError: division by <zero>\n'
RESULTS = {
    "two": Result((stdout("1\n2\n"),)),
    "error": Result(failure=Failure("ZeroDivisionError", "division by <zero>", TRACE, 1)),
    "library": Result(failure=Failure("KeyError", "'summarization'", IN_LIBRARY, 1)),
    "function": Result(failure=Failure("ZeroDivisionError", "division by zero", IN_FUNCTION, 2)),
    "late": Result((stdout("so far\n"),), failure=Failure("Timeout", "it took longer than 60 s")),
    "lacking": Result(lacking=("hub", "gpu")),
    "warned": Result((stderr("/a.py:1: UserWarning: a\n  f()\nloading\n"),)),
    "warnedfailed": Result((stderr("/a.py:1: UserWarning: a\n"),), failure=Failure("ValueError", "")),
    "dropped": Result((stdout("a"),), dropped=12),
    "plot": Result((display("<Figure>", image_png=picture()),)),
    "forms": Result((display("<Figure>", image_png=picture(), image_svg=SVG, text_html="<b>x</b>"),)),
    "broken": Result((display("<Image>", image_png=picture()[:60], image_svg="<svg>"),)),
    "widget": Result((display("Widget()", text_html="<div id=x></div><script>run('x')</script>"),)),
    "markdown": Result(
        (display(text_markdown="# Head\n\na **b** <b onclick=x>c</b> <script>1</script> $x^2$\n\n```python\nx\n```\n"),)
    ),
    "latex": Result((display(text_latex=r"$\displaystyle \frac{a}{b} < c$"),)),
    "json": Result((display(application_json='{"a": [1, "\\u00e9"]}'),)),
    "strange": Result((Output("display", (("application/x-thing", "?"),)),)),
}
VALUES = {"names": "a & <b>\n c"}


def pictures(
    text: str, results: Mapping[str, Result] = RESULTS, values: Mapping[str, str] = VALUES
) -> tuple[list[Picture], tuple[Finding, ...], Assets]:
    """A deck's steps, composed."""
    script = parse.script_of([("deck.md", text)], FOLDER)
    settings = overlay(Settings(), from_options(script.options))
    deck = parse.compose(script, settings.slides)
    assets = Assets(FOLDER, find_theme("default", []))
    orders = Orders()
    composition = compose(deck, deck.steps, settings, assets, results_of(results, values)(deck, settings), orders)
    assert composition.errors == ()
    made = Made({number: plain_math(order.math) for number, order in orders.all()})
    composition = with_made(composition, made)
    return list(composition.pictures.values()), composition.findings, assets


def html_of(text: str, results: Mapping[str, Result] = RESULTS) -> list[str]:
    return [picture.section.html for picture in pictures(text, results)[0]]


def uncoloured(html: str) -> str:
    """Without the colours of code and the digests of pictures, blank lines left out."""
    html = re.sub(r'<span class="\w{1,2}">(.*?)</span>', r"\1", html)
    html = re.sub(r"/cells/[0-9a-f]{64}\.", "/cells/PICTURE.", html)
    return re.sub(r"\n+", "\n", html.replace("</pre>\n</div>\n</div>", "</pre>\n</div></div>")).strip("\n")


@pytest.mark.parametrize("case", cases_in(FOLDER, "slides.txt"), ids=str)
def test_a_slide(case: Case) -> None:
    [html] = html_of(case.given)
    assert uncoloured(html) == case.gives


def test_without_results_a_deck_shows_its_code_as_ever() -> None:
    text = "# A `{python} x`\n\n```python exec name=a lines=1|2\n#| b: c\na\nb\n```\n\n`{output} a`\n"
    [[one], findings, _] = pictures(text, {}, {})
    assert one.section.html != (plain := html_without(text))
    assert findings == ()
    assert 'class="cell' not in plain
    assert '<code class="remark-inline-code">{python} x</code>' in plain
    assert '<code class="remark-inline-code">{output} a</code>' in plain
    assert uncoloured(plain).count("remark-code-line-highlighted") == 1
    assert "#| b: c" not in uncoloured(plain)


@pytest.mark.parametrize(
    ("info", "hidden"),
    [
        ("python exec=false", True),
        ("python name=a exec=false", True),
        ("{python}", True),
        ("{python, eval=FALSE}", True),
        ("python", False),
        ("{.python}", False),
        ("{{python}}", False),
        ("python executable", False),
    ],
)
def test_code_that_does_not_run_shows_no_lines_of_options(info: str, hidden: bool) -> None:
    html = uncoloured(html_without(f"# A\n\n```{info}\n#| eval: false\n*print(1)\n```\n"))
    assert ("#|" in html) is not hidden
    assert "print(1)" in html
    assert html.count("remark-code-line-highlighted") == 1


def html_without(text: str) -> str:
    """A slide of a deck whose cells did not run."""
    script = parse.script_of([("deck.md", text)], FOLDER)
    deck = parse.compose(script, Settings().slides)
    assets = Assets(FOLDER, find_theme("default", []))
    [one] = compose(deck, deck.steps, Settings(), assets, Results(), Orders()).pictures.values()
    return one.section.html


STEPS = "# A\n\n```python exec name=two lines=%s\na\nb\nc\n```\n--\n\nmore\n--\n\nand more"


@pytest.mark.parametrize(
    ("lines", "marked"),
    [
        ("1|2-3|all", [[0], [1, 2], []]),
        ("2", [[1], [1], [1]]),
        ("|1|2|3", [[], [0], [1]]),
    ],
)
def test_each_step_emphasises_the_next_lines_and_the_last_ones_stay(lines: str, marked: list[list[int]]) -> None:
    shown = [re.findall(r'<div class="remark-code-line([^"]*)"', html) for html in html_of(STEPS % lines)]
    assert [[number for number, name in enumerate(names) if "highlighted" in name] for names in shown] == marked


def test_lines_are_counted_from_the_step_in_which_the_cell_first_stands() -> None:
    shown = html_of("# A\n--\n\n```python exec name=two lines=1|2\na\nb\n```\n--\n\nmore")
    marks = [re.findall(r"highlighted\">(?:<[^>]+>)?(\w)", html) for html in shown]
    assert marks == [[], ["a"], ["b"]]


# ── how much of an output is shown ───────────────────────────────────────────────────────────────


def long(count: int) -> dict[str, Result]:
    return {"long": Result((stdout("".join(f"line {number}\n" for number in range(count))),))}


def lines_in(html: str) -> list[str]:
    found = re.search(r'<samp class="cell-stdout">(.*?)</samp>', html, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1]).split("\n")


def test_long_output_keeps_its_head_and_tail_and_the_author_is_told() -> None:
    [one], findings, _ = pictures("# A\n\n```python exec name=long\na\n```\n", long(300))
    lines = lines_in(one.section.html)
    assert lines[0] == "line 0"
    assert lines[-1] == "line 299"
    [mark] = [line for line in lines if line.startswith("⋯")]
    assert mark == f"⋯ {300 - len(lines) + 1} lines left out"
    assert '<span class="cell-cut">⋯' in one.section.html
    [finding] = findings
    assert (finding.code, finding.severity, str(finding.where)) == ("cell-output-long", "warning", "deck.md:3:1")
    assert "cell `long`" in finding.message


@pytest.mark.parametrize(("code", "shown"), [(1, 14), (5, 10), (10, 5), (30, 4)])
def test_the_more_code_the_fewer_lines_of_output(code: int, shown: int) -> None:
    """The numbers are those that Chromium has room for in 28.8 px, or the least that is always shown."""
    text = "a\n" * code
    [one], _, _ = pictures(f"# A\n\n```python exec name=long\n{text}```\n", long(300))
    assert len(lines_in(one.section.html)) == shown


def test_what_has_room_is_whole() -> None:
    [one], findings, _ = pictures("# A\n\n```python exec name=long\na\n```\n", long(14))
    assert len(lines_in(one.section.html)) == 14
    assert findings == ()


def test_a_deck_can_say_how_many_lines_are_shown() -> None:
    deck = "---\noutput_lines: 4\n---\n# A\n\n```python exec name=long\na\n```\n"
    [one], findings, _ = pictures(deck, long(20))
    assert lines_in(one.section.html) == ["line 0", "line 1", "⋯ 17 lines left out", "line 19"]
    assert [finding.code for finding in findings] == ["cell-output-long"]


def test_all_steps_of_a_slide_show_the_same_of_an_output() -> None:
    more = "\n--\n\n".join("- a point" for _ in range(6))
    shown = [lines_in(html) for html in html_of(f"# A\n\n```python exec name=long\na\n```\n--\n\n{more}", long(300))]
    assert len(shown) == 7
    assert all(lines == shown[0] for lines in shown)


def test_columns_have_room_of_their_own() -> None:
    points = "- a point\n" * 7
    cell = "```python exec name=long\na\n```"
    below, _, _ = pictures(f"# A\n\n{points}\n{cell}\n", long(300))
    beside, _, _ = pictures(f"# A\n\n.col-6[\n{points}\n]\n.col-6[\n{cell}\n]\n", long(300))
    assert len(lines_in(below[0].section.html)) < 8
    assert len(lines_in(beside[0].section.html)) == 14


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("<IPython.core.display.HTML object>", "<b>hi</b>"),
        ("<a.Chart object at 0x…>", "<b>hi</b>"),
        ("Chart of two lines", "Chart of two lines"),
    ],
)
def test_html_with_a_script_shows_its_words_where_the_plain_text_says_nothing(plain: str, shown: str) -> None:
    results = {"c": Result((display(plain, text_html="<b onclick=x()>hi</b><script>run()</script>"),))}
    [html] = html_of("# A\n\n```python exec name=c\na\n```\n", results)
    assert shown in html
    assert "run()" not in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            display("<a.Audio object>", text_html="<audio controls src=data:audio/wav;base64,AA>none</audio>"),
            "text/html",
        ),
        (Output("display", (("application/vnd.x.widget+json", "{}"), ("text/plain", "Slider()"))), "application/vnd.x"),
        (display("<a.B object at 0x…>"), ""),
        (display("Model()", text_html="<input type=checkbox><div>Model()</div>"), ""),
        (display("frame", text_html="<table><tr><td>1</td></tr></table>"), ""),
        (display("<Figure>", image_png=picture()), ""),
    ],
)
def test_what_no_slide_can_show_is_told(output: Output, told: str) -> None:
    _, findings, _ = pictures("# A\n\n```python exec name=c\na\n```\n", {"c": Result((output,))})
    assert [finding.code for finding in findings] == ["cell-output-form"] * bool(told)
    assert all(told in finding.message for finding in findings)


def test_what_a_table_lacks_is_told_where_the_table_is_shown() -> None:
    head = "<tr>" + "".join(f"<th>column {number}</th>" for number in range(40)) + "</tr>"
    frame = f"<table>{head}{head.replace('th>', 'td>') * 60}</table>"
    deck = "# A\n\n```python exec name=frame output=none\na\n```\n\n---\n\n# B\n\n`{output} frame`\n"
    _, [finding], _ = pictures(deck, {"frame": Result((display("frame", text_html=frame),))})
    assert str(finding.where) == "deck.md:11:1"
    assert re.search(r": \d+ rows and \d+ columns are left out$", finding.message)
    assert "slide of its own" not in finding.hint, "it has one"


def test_a_very_long_line_loses_its_end_visibly() -> None:
    results = {"long": Result((stdout("first\n" + "x" * 50_000 + "\nlast\n"),))}
    [one], findings, _ = pictures("# A\n\n```python exec name=long\na\n```\n", results)
    first, middle, last = lines_in(one.section.html)
    assert (first, last) == ("first", "last")
    assert re.fullmatch(r"x+ … [\d,]+ more characters", middle)
    assert middle.count("x") + int(middle.split()[2].replace(",", "")) == 50_000
    assert [finding.message.partition(": ")[2] for finding in findings] == ["a line is too long"]


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_served_under_its_digest_and_called_by_the_slides_title() -> None:
    plain = {"": RESULTS["plot"]}
    [one], _, assets = pictures("# A & B\n\n```python exec\nx\n```\n", plain)
    found = re.search(r'<img src="([^"]+)" alt="([^"]+)"', one.section.html)
    assert found is not None
    assert found[2] == "Output of the code on the slide “A &amp; B”"
    resource = assets.get(found[1])
    assert resource is not None
    assert (resource.body, resource.media_type) == (picture(), "image/png")
    assert found[1] == f"/cells/{hashlib.sha256(picture()).hexdigest()}.png"
    assert assets.get("/cells/none.png") is None


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('width="72pt" height="36pt"', (96, 48)),
        ('width="2in" height="2.54cm"', (192, 96)),
        ('width="100" height="50px"', (100, 50)),
        ('viewBox="0 0 40 20"', (40, 20)),
        ('width="80" viewBox="0 0 40 20"', (80, 40)),
        ('width="100%" height="100%" viewBox="0 0 40 20"', (40, 20)),
        ('width="x" height="-1"', (300, 150)),
        ('width="1.2.3" height="1e999" viewBox="0 0 1.2.3 ."', (300, 150)),
    ],
)
def test_the_size_of_a_drawing_in_css_pixels(svg: str, size: tuple[float, float]) -> None:
    assert svg_size(f'<svg xmlns="http://www.w3.org/2000/svg" {svg}/>'.encode()) == pytest.approx(size)


def test_a_kernel_may_say_how_wide_a_picture_is() -> None:
    output = Output("display", (("image/png", picture()),), width=20)
    [one], _, _ = pictures("# A\n\n```python exec name=p\nx\n```\n", {"p": Result((output,))})
    assert "--width: 20px; --ratio: 1.333" in one.section.html


# ── where it ran ─────────────────────────────────────────────────────────────────────────────────


def provenance_of(text: str, results: Mapping[str, Result]) -> list[str]:
    return [
        spaced(" ".join(re.findall(r'<div class="cell-provenance" aria-hidden="true">(.*?)</div>', html)))
        for html in html_of(text, results)
    ]


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


CELL = "```python exec name=%s\nx\n```\n"


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("none", ""),
        ("short", "ran on Intel Xeon Platinum 8480+, torch 2.13.0, transformers 5.24.0, 24 Nov 2026"),
        ("full", "ran on Intel Xeon Platinum 8480+, torch 2.13.0, transformers 5.24.0, 24 Nov 2026, 0.84 s, 1.2 GB"),
    ],
)
def test_a_slide_says_once_where_its_cells_ran(style: str, told: str) -> None:
    deck = f"---\nprovenance: {style}\n---\n# A\n\n{CELL % 'a'}\n{CELL % 'b'}"
    assert provenance_of(deck, {"a": ran(stdout("1")), "b": ran(stdout("2"))}) == [told]


def test_two_places_are_both_told_and_hidden_cells_are_not() -> None:
    there = Result((stdout("2"),), provenance=THERE)
    deck = f"# A\n\n{CELL % 'a'}\n{CELL % 'b'}\n---\n# B\n\n{CELL % 'a hidden'}\n---\n# C\n\n`{{output}} b`"
    first, second, third = provenance_of(deck, {"a": ran(stdout("1")), "b": there})
    assert first == "ran on Intel Xeon Platinum 8480+, 24 Nov 2026; on NVIDIA H200, 20 Nov 2026"
    assert second == ""
    assert third == "ran on NVIDIA H200, torch 2.11.0, 20 Nov 2026"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"accelerators": ("NVIDIA H200", "NVIDIA H200")}, "ran on 2 × NVIDIA H200, torch 2.13.0, transformers 5.24.0"),
        ({"versions": (("scipy", "1.0"),)}, "ran on Intel Xeon Platinum 8480+, Python 3.11.2"),
        ({"versions": (), "cpu": ""}, "ran with Python 3.11.2"),
        ({"versions": (), "cpu": "", "language": ""}, "ran with python3"),
        ({"cpu": "AMD EPYC 7B13 64-Core Processor"}, "ran on AMD EPYC 7B13, torch 2.13.0, transformers 5.24.0"),
        (
            {"cpu": "12th Gen Intel(R) Core(TM) i7-1260P", "versions": (("matplotlib", "3.10"), ("numpy", "2.3"))},
            "ran on 12th Gen Intel Core i7-1260P, numpy 2.3, matplotlib 3.10",
        ),
    ],
)
def test_what_matters_of_a_provenance_is_named(given: dict[str, object], told: str) -> None:
    result = Result((), provenance=dataclasses.replace(HERE, **given))  # type: ignore[arg-type]
    assert spaced(provenance.line([result], "short")) == f"{told}, 24 Nov 2026"


@pytest.mark.parametrize(
    ("seconds", "peak", "told"),
    [(0.42, 1_234_567_890, "0.42 s, 1.2 GB"), (12.3, 5_400_000, "12 s, 5 MB"), (75, 0, "1 min 15 s")],
)
def test_the_cost_is_told_in_round_numbers(seconds: float, peak: int, told: str) -> None:
    result = Result(seconds=seconds, peak=peak, provenance=HERE)
    assert spaced(provenance.line([result], "full")).endswith(f"24 Nov 2026, {told}")


# ── whatever comes out ───────────────────────────────────────────────────────────────────────────

ANY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\ue000\ue001\x1b[m<>&/\"'`*_$#|\\\n \ud800\0")), max_size=60
)
FORMS = ["text/plain", "text/html", "text/markdown", "text/latex", "application/json", "image/svg+xml"]


@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            lambda kind, data: Output(kind, tuple(sorted(data.items()))),
            st.sampled_from(["stdout", "stderr", "display", "result"]),
            st.dictionaries(st.sampled_from(FORMS), ANY, max_size=3),
        ),
        max_size=3,
    ),
    st.none() | st.builds(Failure, ANY, ANY, ANY),
    ANY,
)
def test_whatever_comes_out_is_shown_as_what_it_is(outputs: list[Output], failure: Failure | None, value: str) -> None:
    result = Result(tuple(outputs), failure=failure, provenance=HERE)
    deck = "# A `{python} x`\n\n```python exec name=a\nx\n```\n"
    [one] = pictures(deck, {"a": result}, {"x": value})[0]
    html = one.section.html
    html.encode()
    seen = Seen(html)
    assert seen.tags.isdisjoint({"script", "style", "iframe", "svg", "object", "link", "form", "a"})
    assert not [name for name in seen.names if name.startswith("on")]
    assert all(source.startswith("/cells/") for source in seen.sources)


class Seen(HTMLParser):
    """What some HTML consists of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.sources: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.sources |= {value or "" for name, value in attrs if name in ("src", "href", "data", "poster")}
