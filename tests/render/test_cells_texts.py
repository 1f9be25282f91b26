"""Terminal colours, foreign HTML and warnings, case by case."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.htmltree import DEEPEST, parse
from deckcast.render import ansi, notices
from deckcast.render.sanitise import KEPT, is_simple, sanitised
from parse.textcases import Case, cases_in

FOLDER = Path(__file__).parent / "cases"


def raw(text: str) -> str:
    """The text with its visible signs for escape and bell as what they stand for."""
    return text.replace("␛", "\x1b").replace("␇", "\x07").rstrip("\n")


@pytest.mark.parametrize("case", cases_in(FOLDER, "ansi.txt"), ids=str)
def test_a_terminals_colours(case: Case) -> None:
    assert "\n".join(map(ansi.to_html, ansi.read(raw(case.given)))) == case.gives


@pytest.mark.parametrize("case", cases_in(FOLDER, "sanitise.txt"), ids=str)
def test_foreign_html(case: Case) -> None:
    assert sanitised(case.given.rstrip("\n")) == case.gives


@pytest.mark.parametrize("case", cases_in(FOLDER, "notices.txt"), ids=str)
def test_warnings(case: Case) -> None:
    warnings, others, rest = notices.fold(raw(case.given))
    told = notices.told(warnings, others)
    assert "\n".join(filter(None, [told, rest])) == case.gives


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x1b[]0123456789;:m\n\\\x07")), max_size=120))
def test_no_line_is_lost_and_no_control_character_shown(text: str) -> None:
    lines = ansi.read(text)
    shown = "\n".join("".join(characters for _, characters in line) for line in lines)
    assert shown == ansi.plain(text)
    assert not any(ord(one) < 32 and one not in "\n\t" for one in shown)


class _Seen(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


PIECES = [
    "<script>",
    "</script>",
    "<style>",
    "<img src=x onerror=y>",
    "<svg>",
    "</svg>",
    "<math>",
    "<table>",
    "<tr>",
    "<td>",
]
PIECES += [
    "<p onclick=z>",
    "</p>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<a href='",
    "'>",
    '"',
    "<textarea>",
    "<",
    ">",
    "x",
    "&lt;",
]
PIECES += [
    "<noscript>",
    "<template>",
    "<title>",
    "</title>",
    "<li>",
    "<select>",
    "<b style=",
    "\0",
    "<x:y>",
    "</td>",
    "<?",
    "<h1>",
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_only_known_tags_and_spans_survive_whatever_is_put_together(source: str) -> None:
    seen = _Seen(sanitised(source))
    assert seen.tags <= KEPT
    assert seen.names <= {"colspan", "rowspan"}


def test_cleaning_twice_changes_nothing() -> None:
    for case in cases_in(FOLDER, "sanitise.txt"):
        assert sanitised(case.gives) == case.gives, case.title


def test_ten_thousand_nested_elements_are_borne() -> None:
    text = sanitised("<div>" * 10_000 + "deep" + "</div>" * 10_000)
    assert "deep" in text
    assert text.count("<div>") <= DEEPEST


@pytest.mark.parametrize(
    ("source", "simple"),
    [
        ("<table><tr><td>1</table>", True),
        ("<style>x</style><p>a</p>", True),
        ("<div><button>Run</button></div>", False),
        ("<svg></svg><p>a", False),
        ("<div></div>", False),
        ("<script>1</script>", False),
    ],
)
def test_html_that_wants_more_than_words_is_not_simple(source: str, simple: bool) -> None:
    assert is_simple(parse(source)) is simple
