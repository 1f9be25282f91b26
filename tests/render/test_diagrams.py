"""Diagrams on slides: drawn once and kept, put into their places, and wrong ones told at their place."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.engines.browser_fake import FakeBrowser
from deckcast.engines.browsers import open_browser
from deckcast.engines.graphviz_fake import FakeGraphs
from deckcast.engines.graphviz_program import Graphviz
from deckcast.engines.store_memory import MemoryStore
from deckcast.errors import DeckcastError
from deckcast.markup import Code, Diagram, diagram_of
from deckcast.model import Where
from deckcast.render import mermaid_faults
from deckcast.render.diagram_colours import MARKS, in_palette, named, without_black
from render.drawing import Studio, Told, folder

KINDS = sorted((Path(__file__).parent / "diagrams").glob("*.mmd"))
FLOW = "```mermaid\nflowchart LR\n  Start --> End\n```\n"


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(folder(tmp_path))


def fake(studio: Studio) -> FakeBrowser:
    assert isinstance(studio.browser, FakeBrowser)
    return studio.browser


def html(studio: Studio) -> str:
    return fake(studio).pages[-1].html


def told(studio: Studio, text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(DeckcastError) as caught:
        studio.render(text)
    return [(str(one.where).removeprefix(f"{studio.folder}/"), one.message, one.hint) for one in caught.value.findings]


# ── as it is written ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("info", "text", "alt"),
    [
        ("mermaid", "flowchart LR\n", ""),
        ('mermaid alt="How it goes"', "flowchart LR\n", "How it goes"),
        ("mermaid alt='It''s'", "flowchart LR\n", "It"),
        ("{mermaid}", "%%| fig-alt: A way\nflowchart LR\n", "A way"),
        ("mermaid", "flowchart LR\n  accTitle: The way\n  accDescr: from A to B\n", "The way. from A to B"),
        ("mermaid", "flowchart LR\n  accDescr {\n    in two\n    lines\n  }\n", "in two lines"),
        ("svg", "<svg><title>Two &amp; three</title><desc>boxes</desc></svg>", "Two & three. boxes"),
        ('dot alt="A graph"', "digraph {}", "A graph"),
    ],
)
def test_what_a_diagram_shows_in_words(info: str, text: str, alt: str) -> None:
    language = info.split()[0].strip("{}")
    found = diagram_of(Code(text, language, info, frozenset(), None))
    assert found is not None
    assert found.alt == alt


def test_other_code_is_no_diagram() -> None:
    assert diagram_of(Code("flowchart LR", "text", "text", frozenset(), None)) is None


def test_marked_colours_become_names() -> None:
    text = f"{MARKS['node']} {MARKS['8-soft'].upper()} rgb(10, 11, 18) rgba(10,11,19,0.5) #0a0b0f #0a0b10f0"
    assert named(text) == (
        "var(--diagram-node) var(--diagram-8-soft) var(--diagram-text) "
        "color-mix(in srgb, var(--diagram-line) 50%, transparent) #0a0b0f #0a0b10f0"
    )
    assert without_black('<g fill="black" stroke="#000"/>') == (
        '<g fill="var(--diagram-text)" stroke="var(--diagram-line)"/>'
    )
    assert in_palette("#4E79A7 #123456") == "var(--diagram-1) #123456"


# ── on slides ────────────────────────────────────────────────────────────────────────────────────


def test_a_diagram_stands_in_its_place(studio: Studio) -> None:
    [frame], findings = studio.render(f"## A\n\n{FLOW}".replace("mermaid", 'mermaid alt="From <start> to end"'))
    assert findings == ()
    assert frame.text == "A LR Start End"
    assert 'data-look="image"' in html(studio)
    assert '<figure class="diagram mermaid" data-room="0.78" style="--diagram-width: ' in html(studio)
    assert 'role="img" aria-label="From &lt;start&gt; to end"' in html(studio)
    assert 'fill="var(--diagram-text)"' in html(studio)
    assert "data-made" not in html(studio)


def test_a_deck_without_diagrams_draws_none(studio: Studio) -> None:
    studio.render("# A\n\n```text\nflowchart LR\n```\n")
    assert fake(studio).jobs == []


def test_each_is_drawn_once_whatever_changes_beside_it(studio: Studio) -> None:
    studio.render(f"# A\n\n{FLOW}\n--\n\nmore\n---\n# B\n\n{FLOW}\n")
    assert len(fake(studio).jobs) == 1
    studio.render(f"# A\n\nwords above\n\n{FLOW}\n--\n\nmore\n---\n# B\n\n{FLOW}\n")
    assert len(fake(studio).jobs) == 1
    made = [what for what, _ in studio.told.made]
    assert made == ["picture of slide 1 step 1", "picture of slide 1 step 2"]  # B is kept, though its lines moved
    studio.render(f"# A\n\n{FLOW.replace('End', 'Goal')}\n")
    assert len(fake(studio).jobs) == 2


def test_ids_are_each_steps_own(studio: Studio) -> None:
    studio.render(f"# A\n\n{FLOW}\n--\n\nmore\n")
    ids = re.findall(r' id="([^"]*diagram[^"]*)"', html(studio))
    assert len(ids) == len(set(ids)) > 4
    assert {one.split("-diagram-")[0] for one in ids} == {"step-1", "step-2"}


def test_diagrams_in_columns_and_increments(studio: Studio) -> None:
    frames, _ = studio.render(f"# A\n\n.pull-left[\nwords\n]\n.pull-right[\n{FLOW}]\n\n--\n\nmore\n")
    assert [frame.text for frame in frames] == ["A words LR Start End", "A words LR Start End more"]


def test_words_are_kept_and_tags_and_icons_are_not(studio: Studio) -> None:
    studio.render('```mermaid\nflowchart LR\n A["fa:fa-car <b>bold</b><br/>line"] --> B<-->C\n```\n')
    assert fake(studio).jobs[0]["source"] == 'flowchart LR\n A["bold<br/>line"] --> B<-->C'


def test_the_decks_own_style_sheets_decide_about_type(studio: Studio) -> None:
    deck = f"---\ncss: [good.css]\n---\n# A\n\n{FLOW}\n\n<style>p {{ color: red }}</style>\n"
    studio.render(deck)
    studio.render(deck.replace("color: red", "color: blue"))
    assert len(fake(studio).jobs) == 2


@pytest.mark.parametrize(
    "written",
    [
        '<div class="mermaid">\nflowchart LR\n  Start --> End\n</div>',
        "<pre class='mermaid'>\nflowchart LR\n  Start --&gt; End\n</pre>",
        ".mermaid[\nflowchart LR\n  Start --> End\n]",
    ],
)
def test_pages_write_diagrams_otherwise(studio: Studio, written: str) -> None:
    [frame], _ = studio.render(f"# A\n\n{written}\n")
    assert frame.text == "A LR Start End"
    assert [line.strip() for line in fake(studio).jobs[0]["source"].split("\n")] == ["flowchart LR", "Start --> End"]
    [(where, message, _)] = told(studio, f"# A\n\n{written.replace('flowchart', 'flowchrt')}\n")
    assert (where, "`flowchrt`" in message) == ("deck.md:4:1", True)


def test_other_markup_in_them_is_left_as_it_is(studio: Studio) -> None:
    studio.render('# A\n\n<div class="mermaid">\n<b>x</b>\n</div>\n')
    assert fake(studio).jobs == []


def test_a_formula_in_a_diagram_is_told(studio: Studio) -> None:
    _, [finding] = studio.render("# A\n\n```mermaid\nflowchart LR\n  A[$$x^2$$]\n```\n")
    assert (finding.code, str(finding.where), finding.width) == ("diagram-left-out", "deck.md:5:5", 7)


def test_parts_of_a_diagram_can_be_pointed_at(studio: Studio) -> None:
    svg = '<svg viewBox="0 0 9 9"><g class="node"><text><tspan>The</tspan><tspan> model</tspan></text></g></svg>'
    [frame], _ = studio.render(f'# A\n\n```svg\n{svg}\n```\n\n???\n\nHere is [point "model"] it.\n', points=True)
    assert "The model" in {region.text for region in frame.regions}


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────


def test_mistakes_of_all_kinds_are_told_together(studio: Studio) -> None:
    found = told(
        studio,
        "```mermaid\nflowchrt LR\n```\n\n```dot\ndigraph {\n```\n\n```svg\n<svg>\n  <g>\n</svg>\n```\n\n$\\foo$\n",
    )
    assert [(where, message) for where, message, _ in found] == [
        ("deck.md:15:2", "this formula cannot be set: there is no command `\\foo`"),
        ("deck.md:2:1", "this diagram cannot be drawn: there is no kind of diagram `flowchrt`"),
        ("deck.md:6:1", "this graph cannot be drawn: this line is no part of a graph"),
        ("deck.md:12:3", "this drawing cannot be shown: a tag is not closed, or closed in the wrong place"),
    ]
    assert found[1][2] == "did you mean `flowchart`?"


def test_a_diagram_that_never_ends_is_told(tmp_path: Path) -> None:
    def slow(job: object) -> object:
        raise RuntimeError("it is not done within 20 seconds")

    studio = Studio(folder(tmp_path), browser=FakeBrowser(does=slow))
    [(where, message, hint)] = told(studio, f"# A\n\n{FLOW}")
    assert (where, message) == ("deck.md:3:1", "this diagram cannot be drawn: it is not drawn within 20 seconds")
    assert "smaller" in hint


def test_without_graphviz_the_machine_lacks_something(tmp_path: Path) -> None:
    studio = Studio(folder(tmp_path), graphs=FakeGraphs(missing=True))
    with pytest.raises(DeckcastError) as caught:
        studio.render("# A\n\n```dot\ndigraph {}\n```\n")
    assert caught.value.exit_code == 3
    [finding] = caught.value.findings
    assert (str(finding.where), finding.hint) == ("deck.md:3:1", "install it")


@pytest.mark.parametrize(
    ("text", "where", "name"),
    [
        ('digraph {\n  a [image="x.png"]\n}', "deck.md:3:6", "image"),
        ('digraph { a ["shapefile" = "/etc/passwd"] }', "deck.md:2:14", "shapefile"),
        ("digraph {\n  imagepath\n=\n./x }", "deck.md:3:3", "imagepath"),
        ("digraph { a [label=<<IMG SRC='x'/>>] }", "deck.md:2:21", "<img>"),
    ],
)
def test_graphs_that_name_files_are_refused(studio: Studio, text: str, where: str, name: str) -> None:
    [(found, message, _)] = told(studio, f"```dot\n{text}\n```\n")
    assert (found, name in message) == (where, True)
    assert isinstance(studio.graphs, FakeGraphs)
    assert studio.graphs.sources == []


def test_words_about_files_are_only_words(studio: Studio) -> None:
    studio.render('```dot\ndigraph { a [label="image=x"] // image=y\n/* shapefile=z */ }\n```\n')


SAID = [
    ("flowchart LR\n  A --> B[open\n  B --> C", "Parse error on line 3:\n\nExpecting 'SQE', got 'EOF'", 2, 10, "`[`"),
    ("%% first\nflowchart LR\n  A -> B", "Parse error on line 2:\nExpecting 'SEMI', got 'MINUS'", 3, 5, "-"),
    ("---\ntitle: x\n---\nsequenceDiagram\n  deactivate B", "Trying to inactivate (B)", 5, 14, "inactivate"),
    ("pie\n  x", "Parsing failed: Lexer error on line 2, column 3: unexpected character", 2, 3, "`x` cannot be read"),
]


@pytest.mark.parametrize(("source", "said", "line", "column", "words"), SAID)
def test_what_mermaid_says_is_told_at_its_place(source: str, said: str, line: int, column: int, words: str) -> None:
    lines = source.split("\n")
    origins = tuple(Where("deck.md", at, len(line) - len(line.lstrip()) + 1) for at, line in enumerate(lines, 1))
    diagram = Diagram("mermaid", source, "", Where("deck.md", 99), origins)
    text = "-" if "MINUS" in said else ""
    token = "EOF" if "EOF" in said else ""
    answer = {"error": said, "text": text, "token": token, "expected": ["'SEMI'"], "behind": [2, 4]}
    [finding] = mermaid_faults.fault(diagram, answer).findings
    assert finding.where == Where("deck.md", line, column)
    assert words in finding.message


def test_comments_and_front_matter_do_not_count_as_lines() -> None:
    source = "---\ntitle: x\n---\n%%{init: {}}%%\n\n%% words\nflowchart LR\n%% more\n  A --> B\n"
    assert mermaid_faults.kept_lines(source) == [6, 8, 9]


# ── with the real ones ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    opened = open_browser("", Told())
    yield opened
    opened.close()


def slides(inverse: bool) -> str:
    head = "class: inverse\n\n" if inverse else ""
    return "\n---\n".join(
        f"{head}## {path.stem}\n\n```mermaid\n{path.read_text(encoding='utf-8')}```\n" for path in KINDS
    )


def drawings(studio: Studio) -> list[str]:
    assert isinstance(studio.store, MemoryStore)
    return sorted(text for body in studio.store.contents.values() if "diagram-here" in (text := body.decode("latin-1")))


@pytest.mark.slow
def test_all_kinds_are_drawn_in_the_themes_colours_and_letters(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    frames, findings = studio.render(slides(inverse=False))
    dark, _ = studio.render(slides(inverse=True))
    assert len(KINDS) == 21
    assert len({frame.image for frame in (*frames, *dark)}) == 2 * len(KINDS)
    assert {one.code for one in findings} <= {"diagram-small"}
    assert len(findings) <= 4
    for frame in dark:  # nothing on a dark slide has a white or a black ground of its own
        counts = studio.png(frame).resize((192, 108)).getcolors(192 * 108) or []
        assert max(counts)[1] == (18, 22, 31)
        assert sum(count for count, colour in counts if min(colour) > 250) < 0.02 * 192 * 108
    for text in drawings(studio):
        assert "#0a0b1" not in text.lower()
        assert "foreignObject" not in text
        assert "http" not in text


@pytest.mark.slow
def test_the_same_source_gives_the_same_bytes_in_any_process(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    frames, _ = studio.render(slides(inverse=False))
    (tmp_path / "again").mkdir()
    (tmp_path / "deck.md").write_text(slides(inverse=False), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path\n"
        "from deckcast.engines.browsers import open_browser\n"
        "from render.drawing import Studio, Told, folder\n"
        "browser = open_browser('', Told())\n"
        "studio = Studio(folder(Path(sys.argv[1]) / 'again'), browser=browser)\n"
        "frames, _ = studio.render((Path(sys.argv[1]) / 'deck.md').read_text(encoding='utf-8'))\n"
        "print(*(frame.image.sha256 for frame in frames))\n"
        "browser.close()\n"
    )
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "generator")]
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{program}", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.stdout.split() == [frame.image.sha256 for frame in frames], told.stderr


HOSTILE = {
    "handlers": 'flowchart LR\n A-->B\n click A "javascript:alert(1)" "tip"\n click B call alert()\n',
    "tags": 'flowchart LR\n A["<script>alert(1)</script><img src=x onerror=alert(1)>"]-->B\n',
    "sheets": '%%{init: {"themeCSS": "@import url(https://x.example/a); .node { fill: url(https://x.example/b) }"}}%%\n'
    "flowchart LR\n A-->B\n",
    "loose": '%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true}}}%%\n'
    'flowchart LR\n A["<i>words</i>"]-->B\n click A call alert()\n',
}


@pytest.mark.slow
def test_hostile_diagrams_do_nothing(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    frames, _ = studio.render("\n---\n".join(f"```mermaid\n{one}```\n" for one in HOSTILE.values()))
    assert "words" in frames[3].text
    found = drawings(studio)
    assert len(found) == len(HOSTILE)
    for text in found:
        for word in ("<script", "javascript:", "onerror=", "onclick", "https:", "@import", "foreignObject", "<a "):
            assert word not in text


@pytest.mark.slow
def test_a_diagram_that_loops_is_stopped_and_the_next_one_is_drawn(
    tmp_path: Path, chromium: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deckcast.render.diagrams.SECONDS", 4.0)
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    many = "\n".join(f"  N{one} --> N{one * 7 % 400}" for one in range(490))
    [(where, message, _), *rest] = told(
        studio, f"# A\n\n```mermaid\nflowchart LR\n{many}\n```\n---\n```mermaid\nflowchart LR\n  A -->\n```\n"
    )
    assert (where, message) == ("deck.md:3:1", "this diagram cannot be drawn: it is not drawn within 4 seconds")
    assert [one[:2] for one in rest] == [("deck.md:499:8", "this diagram cannot be drawn: it ends too early")]


@pytest.mark.slow
def test_small_letters_are_told_with_their_pixels(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    chain = "\n".join(f"  state{one} --> state{one + 1}" for one in range(14))
    _, [finding] = studio.render(f"# A\n\n```mermaid\nflowchart TD\n{chain}\n```\n")
    assert (finding.code, str(finding.where)) == ("diagram-small", "deck.md:3:1")
    pixels = re.search(r"is set in ([\d.]+) pixels, less than 24", finding.message)
    assert pixels is not None
    assert 6 < float(pixels[1]) < 24


@pytest.mark.slow
def test_a_diagram_takes_the_room_that_words_leave(tmp_path: Path, chromium: object) -> None:
    studio = Studio(folder(tmp_path), browser=chromium)  # type: ignore[arg-type]
    tall = "```mermaid\nflowchart TD\n  A[Start] --> B{Ready?}\n  B -- yes --> C[Go]\n  B -- no --> A\n```\n"
    words = "\n\n".join(["words " * 10] * 2)
    frames, findings = studio.render(f"# A\n\n{tall}\n---\n# A\n\n{tall}\n{words}\n---\n# A\n\n{tall}\n--\n\n{words}\n")
    assert findings == ()

    def height(number: int) -> int:
        """Of the diagram, by the blue of its boxes."""
        image = studio.png(frames[number]).convert("RGB")
        rows = [
            y
            for y in range(0, image.height, 2)
            if any(image.getpixel((x, y)) == (234, 241, 254) for x in range(600, 1320, 4))
        ]
        return rows[-1] - rows[0]

    assert height(0) > 1.2 * height(1)
    assert height(2) == height(3) == height(1)  # a step shows it in the size that it will keep


@pytest.mark.slow
def test_real_graphs_are_drawn_in_the_themes_type(tmp_path: Path, chromium: object) -> None:
    graphs = Graphviz()
    if not graphs.availability().works:
        pytest.skip("Graphviz is not installed")
    studio = Studio(folder(tmp_path), browser=chromium, graphs=graphs)  # type: ignore[arg-type]
    graph = 'digraph {\n  a [label="Input text"]\n  a -> b [label="goes", URL="javascript:alert(1)"]\n}'
    [frame], findings = studio.render(f"# A\n\n```dot\n{graph}\n```\n")
    assert (findings, frame.text) == ((), "A\nInput text\nb\ngoes")
    [drawn] = drawings(studio)
    assert "javascript" not in drawn
    assert "var(--diagram-node)" in drawn
    [(where, message, hint)] = told(studio, "```dot\ndigraph {\n  a -> b\n  c -- d\n}\n```\n")
    assert (where, message) == ("deck.md:4:5", "this graph cannot be drawn: `--` does not belong here")
    assert "`digraph` has `->`" in hint


@pytest.mark.slow
def test_the_examples_of_the_documents_are_drawn(tmp_path: Path, chromium: object) -> None:
    text = (Path(__file__).parents[2] / "docs" / "diagrams.md").read_text(encoding="utf-8")
    examples = re.findall(r"^````markdown\n(.*?)^````$", text, flags=re.M | re.S)
    assert len(examples) == 4
    real = Graphviz()
    graphs = real if real.availability().works else FakeGraphs()
    studio = Studio(folder(tmp_path), browser=chromium, graphs=graphs)  # type: ignore[arg-type]
    frames, findings = studio.render("\n---\n".join(examples))
    assert findings == ()
    assert "Question" in frames[0].text
    assert all(">A<" not in drawn for drawn in drawings(studio))
    assert len(drawings(studio)) == 4
