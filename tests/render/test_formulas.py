"""Formulas on slides: set once and kept, put into their places, and wrong ones told at their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.browsers import open_browser
from deckcast.errors import DeckcastError
from deckcast.model import Result
from deckcast.render.macros import definitions, needed
from render.came_out import display, results_of
from render.drawing import Studio, Told, folder


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def fake(studio: Studio) -> FakeBrowser:
    assert isinstance(studio.browser, FakeBrowser)
    return studio.browser


def test_formulas_stand_in_their_places_and_are_said_as_tex(studio: Studio) -> None:
    [frame], _ = studio.render("# A $\\alpha$ b\n\n$$\n\\frac{1}{2}\n$$\n")
    assert frame.text == "A \\alpha b \\frac{1}{2}"
    html = fake(studio).pages[0].html
    assert '<span class="math inline" data-words="\\alpha"><span class="katex">' in html
    assert '<div class="math display" data-words="\\frac{1}{2}" data-shrink="0.7"><span class="katex">' in html
    assert "data-made" not in html
    assert '@import url("/libraries/katex/katex.min.css") layer(library);' in html


def test_formulas_stand_in_titles_tables_columns_and_lists(studio: Studio) -> None:
    table = "| a | b |\n| --- | --- |\n| $\\alpha$ | $P(A \\mid B)$ and $|x|$ |\n"
    text = f"# On $x_1$\n\n{table}\n.pull-left[\n$$\\beta$$\n]\n.pull-right[\n- **bold $y$** and *$z$*\n]\n"
    studio.browser = FakeBrowser(does=lambda job: {"html": f"<b>{job['tex']}</b>"})
    [frame], _ = studio.render(text)
    assert frame.text == "On x_1 a b \\alpha P(A \\mid B) and |x| \\beta bold y and z"
    assert html_of(studio).count("<td>") == 2


def html_of(studio: Studio) -> str:
    return fake(studio).pages[0].html


def test_a_deck_without_formulas_loads_nothing(studio: Studio) -> None:
    studio.render("# Money\n\n$5 and $6, `$HOME`\n")
    assert fake(studio).jobs == []
    assert "katex" not in fake(studio).pages[0].html


def test_each_formula_is_set_once_whatever_changes_beside_it(studio: Studio) -> None:
    studio.render("# A\n\n$x$ and $x$\n\n--\n\n$y$\n---\n# B\n\n$$x$$\n")
    assert [(job["tex"], job["display"]) for job in fake(studio).jobs] == [("x", False), ("y", False), ("x", True)]
    studio.render("# A typo mended\n\n$x$ and $x$\n\n--\n\n$y$ or $z$\n---\n# B\n\n$$x$$\n")
    assert [job["tex"] for job in fake(studio).jobs[3:]] == ["z"]


def test_a_first_formula_makes_no_other_slide_again(studio: Studio) -> None:
    studio.render("# A\n\nwords\n---\n# B\n\nwords\n")
    studio.render("# A\n\nwords\n---\n# B\n\n$x$\n")
    assert [what for what, _ in studio.told.made] == ["picture of slide 2"]


def test_only_the_macros_that_a_formula_uses_are_asked_for(studio: Studio) -> None:
    settings = "---\nmath_macros:\n  RR: '\\mathbb{R}'\n  Rn: '\\RR^n'\n---\n"
    studio.render(
        settings + "# A\n\n$x \\times \\Rn$, $y$\n\n$$\\newcommand{\\half}[1]{\\frac{#1}{2}}$$\n\n$\\half{x}$\n"
    )
    macros = [job["macros"] for job in fake(studio).jobs]
    assert macros == [{"\\RR": "\\mathbb{R}", "\\Rn": "\\RR^n"}, {}, {"\\half": "\\frac{#1}{2}"}]


def test_definitions_leave_blanks_of_their_length() -> None:
    tex = "\\DeclareMathOperator*{\\am}{arg\\,max} x"
    found, rest = definitions(tex)
    assert found == {"\\am": "\\operatorname*{arg\\,max}"}
    assert (len(rest), rest.strip()) == (len(tex), "x")
    assert needed("\\am_x", found | {"\\b": "c"}) == found


MISTAKES = [
    ("a $x + \\fracc{1}{2}$", "deck.md:1:8", "there is no command `\\fracc`", "did you mean `\\frac`?"),
    ("$$\nx\n  + \\thetta\n$$", "deck.md:3:5", "there is no command `\\thetta`", "did you mean `\\theta`?"),
    ("- \\\\(a\\_b \\nosuchthing\\\\)", "deck.md:1:11", "there is no command `\\nosuchthing`", "lists what there is"),
    ("$\\frac{1$", "deck.md:1:9", "expected '}', got 'EOF' at end of input", "a `{` is not closed"),
]


@pytest.mark.parametrize(("text", "where", "message", "hint"), MISTAKES)
def test_a_mistake_is_told_at_its_place(studio: Studio, text: str, where: str, message: str, hint: str) -> None:
    with pytest.raises(DeckcastError) as caught:
        studio.render(text)
    [finding] = caught.value.findings
    assert str(finding.where).removeprefix(f"{studio.folder}/") == where
    assert finding.message == f"this formula cannot be set: {message}"
    assert hint in finding.hint
    assert finding.code == "formula"


def test_all_mistakes_are_told_together_with_those_of_files(studio: Studio) -> None:
    with pytest.raises(DeckcastError) as caught:
        studio.render("![x](images/rad.png) $\\foo$\n---\n$\\bar$ $x$ $\\foo$\n")
    assert [finding.code for finding in caught.value.findings] == ["asset", "formula", "formula", "formula"]


KINDS = r"""
x_1^2|\frac{a}{b}|\sqrt[3]{x}|\sum_{i=1}^n i|\int_0^1 f\,dx|\prod_k p_k|\mathbb{R}|\mathbf{W}|\mathcal{L}|
\mathrm{softmax}|\operatorname{arg\,max}_x|\text{if } x|\hat{y}|\overline{AB}|\underbrace{a+b}_{n}|\xrightarrow{f}|
\binom{n}{k}|\left(\frac{a}{b}\right)|\lVert x \rVert|\begin{pmatrix} a & b \\ c & d \end{pmatrix}|
\begin{cases} 1 & a \\ 0 & b \end{cases}|\color{red} x|\boxed{x}|\cancel{x}|\nabla_\theta J|\forall x \exists y|
\mathfrak{g}|\mathscr{F}|\begin{aligned} a &= b \\ c &= d \end{aligned}|a \equiv b \pmod n|\oint \vec{E} \cdot d\vec{A}
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    opened = open_browser("", Told())
    yield opened
    opened.close()


@pytest.mark.slow
def test_formulas_of_every_kind_are_set_and_have_all_their_characters(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    kinds = [tex.strip() for tex in KINDS.split("|")]
    assert len(kinds) > 30
    slides = ["\n\n".join(f"$$ {tex} $$" for tex in kinds[at : at + 4]) for at in range(0, len(kinds), 4)]
    frames, findings = studio.render("\n---\n".join(slides))
    assert findings == ()
    assert len({frame.image for frame in frames}) == len(slides)
    assert frames[0].text.startswith("x_1^2\n\\frac{a}{b}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tex", "column", "message"),
    [
        (r"x + \alhpa", 6, r"there is no command `\alhpa`"),
        (r"a}b", 3, "there is a `}` that closes nothing"),
        (r"\begin{alingn}x\end{alingn}", 8, "there is no environment `alingn`"),
        (r"\href{http://x}{a}", 2, r"\href is not for slides"),
    ],
)
def test_what_katex_says_is_told(tmp_path: Path, chromium: object, tex: str, column: int, message: str) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    with pytest.raises(DeckcastError) as caught:
        studio.render(f"${tex}$")
    [finding] = caught.value.findings
    assert message in finding.message
    assert finding.where is not None
    assert finding.where.column == column


def test_tex_that_a_cell_puts_out_and_nobody_can_set_stands_as_it_is_and_is_told(studio: Studio) -> None:
    latex = Result((display(text_latex="$\\nosuch$"),))
    text = "# A\n\n```python exec name=latex\nx\n```\n"
    [frame], findings = studio.render(text, results=results_of({"latex": latex}, {}))
    assert frame.text.endswith("\\nosuch")
    [finding] = [one for one in findings if one.code == "cell-output-form"]
    assert "no TeX that can be set: Undefined control sequence: \\nosuch" in finding.message
