"""What there is too much of on a slide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Sheet, Subject
from deckcast.htmltree import Node
from deckcast.markup import to_text
from deckcast.markup.protect import code_regions
from deckcast.model import Where, proses
from deckcast.places import top

_WITHOUT_HEADING = frozenset({"quote", "statement", "impact", "image-full", "title-slide", "end"})


@rule(
    "slide-words",
    "warning",
    settings=("most_words",),
    bad="""
    # Caching

    A cache keeps the results of earlier work close at hand, so that the same question need not be answered twice.
    It is filled on the first request, consulted on each later one, and emptied when what it holds has become too old
    to be trusted, or when room is needed for what was asked for more recently.
    """,
    good="""
    # Caching

    - filled by the first request
    - asked by all later ones
    - emptied with age

    ???

    A cache keeps the results of earlier work close at hand, so that the same question need not be answered twice.
    """,
)
def words(subject: Subject) -> Iterator[Hit]:
    """A slide has many words to read.

    People cannot read one text and listen to another. Counted is what shows in the end, code and tables left out.
    Whole sentences belong into the notes.
    """
    most = subject.settings.check.most_words
    for sheet in subject.sheets:
        if len(sheet.words) > most:
            where, line, width = top(sheet.slide)
            message = f"{len(sheet.words)} words on one slide, more than {most}"
            yield Hit(message, where, line, width, "say it in the notes, and leave key words here")


@rule(
    "slide-bullets",
    "warning",
    settings=("most_bullets", "deepest_bullets"),
    bad="""
    # Uses

    - search
    - names
    - labels
    - summaries
    - answers
    - letters
    - poems
    """,
    good="""
    # Uses

    - sort texts
    - find things in them
    - write new ones
    """,
)
def bullets(subject: Subject) -> Iterator[Hit]:
    """A list is long, or lists stand deep in each other.

    A long list is read to its end before its first item has been spoken. Group the items, or go on on a new slide.
    """
    limits = subject.settings.check
    for sheet in subject.sheets:
        for node in sheet.tree.walk():
            if node.tag not in ("ul", "ol"):
                continue
            items = [child for child in node.nodes() if child.tag == "li"]
            if len(items) > limits.most_bullets:
                where, line, width = _item(sheet, items[0])
                message = f"a list of {len(items)} items, more than {limits.most_bullets}"
                yield Hit(message, where, line, width, "group them, or go on on a new slide", sheet.slide.label)
        depth, deepest = _deepest(sheet.tree, 0)
        if depth > limits.deepest_bullets and deepest is not None:
            where, line, width = _item(sheet, deepest)
            message = f"lists stand {depth} deep in each other, more than {limits.deepest_bullets}"
            yield Hit(message, where, line, width, "make the inner one a slide of its own", sheet.slide.label)


def _deepest(node: Node, depth: int) -> tuple[int, Node | None]:
    best: tuple[int, Node | None] = (depth, node if node.tag == "li" else None)
    for child in node.nodes():
        found = _deepest(child, depth + (child.tag in ("ul", "ol")))
        if found[0] > best[0] or (found[0] == best[0] and best[1] is None):
            best = found
    return best


def _item(sheet: Sheet, item: Node) -> tuple[Where, str, int]:
    """The author's line that begins with the words of an item or a row, or else the slide's heading."""
    lines = [line for line in item.text().split("\n") if line.strip()]
    wanted = _letters("".join(lines if item.tag == "tr" else lines[:1]))[:20]
    for prose in proses(sheet.step.content):
        for text, origin in zip(prose.text.split("\n"), prose.origins, strict=True):
            words = text.lstrip(" \t>-+*|0123456789.)")
            if wanted and words != text.lstrip() and _letters(words).startswith(wanted):
                blanks = len(text) - len(text.lstrip())
                where = Where(origin.path, origin.line, origin.column + blanks)
                return where, " " * (origin.column - 1) + text, len(text.strip())
    return top(sheet.slide)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@rule(
    "slide-code",
    "warning",
    settings=("most_code_lines", "widest_code"),
    bad="""
    ```python
    the_first_argument, the_second_argument = parse_the_arguments(sys.argv[1:], strict=True, encoding="utf-8")
    ```
    """,
    good="""
    ```python
    first, second = parse(sys.argv[1:])
    ```
    """,
)
def code(subject: Subject) -> Iterator[Hit]:
    """A block of code has many lines, or long ones.

    On a phone, code in small type is a texture. Show the lines that matter: `lines=` steps through them, and
    `#| code-fold` or a module beside the deck holds the rest.
    """
    limits = subject.settings.check
    for sheet in subject.sheets:
        for block, cell in sheet.codes:
            lines = block.text.split("\n")
            if cell is not None and cell.fold is not None:
                first, last = cell.fold
                lines = lines[: first - 1] + lines[last:]
            if len(lines) > limits.most_code_lines:
                message = f"{len(lines)} lines of code, more than {limits.most_code_lines}"
                yield Hit(message, block.where, hint="show the lines that matter", slide=sheet.slide.label)
            number, widest = max(enumerate(lines), key=lambda one: len(one[1]))
            if len(widest) > limits.widest_code:
                exact = block.text.split("\n") == lines and number < len(block.origins)
                where = block.origins[number] if exact else block.where
                message = f"a line of code with {len(widest)} characters, more than {limits.widest_code}"
                width = len(widest) if exact else 1
                yield Hit(message, where, width=width, hint="break the line", slide=sheet.slide.label)


@rule(
    "slide-table",
    "warning",
    settings=("most_rows", "most_columns"),
    bad="""
    | a | b | c | d | e | f | g |
    | --- | --- | --- | --- | --- | --- | --- |
    | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
    """,
    good="""
    | model | size | score |
    | --- | --- | --- |
    | small | 66 M | 0.91 |
    """,
)
def table(subject: Subject) -> Iterator[Hit]:
    """A table has many rows or columns.

    A viewer finds one figure in a small table, and none in a large one. Keep the rows that you speak about, or
    draw them. Tables that cells put out are shortened by themselves.
    """
    limits = subject.settings.check
    for sheet in subject.sheets:
        for node in sheet.tree.walk():
            if node.tag != "table":
                continue
            all_rows = [one for one in node.walk() if one.tag == "tr"]
            rows = sum(any(cell.tag == "td" for cell in row.nodes()) for row in all_rows)
            columns = max((sum(cell.tag in ("td", "th") for cell in row.nodes()) for row in all_rows), default=0)
            if rows <= limits.most_rows and columns <= limits.most_columns:
                continue
            where, line, width = _item(sheet, next((row for row in all_rows if row.text().strip()), node))
            message = f"a table of {rows} × {columns} cells, more than {limits.most_rows} × {limits.most_columns}"
            yield Hit(message, where, line, width, "keep what you speak about", sheet.slide.label)


@rule(
    "slide-title",
    "note",
    bad="""
    # Hash tables

    ---

    - a key
    - a value
    """,
    good="""
    # Hash tables

    ---

    # Entries

    - a key
    - a value
    """,
)
def title(subject: Subject) -> Iterator[Hit]:
    """A slide has no heading.

    Headings become the sections that viewers jump to. Slides of a quotation or a statement, and those that only
    show a picture, need none.
    """
    for sheet in subject.sheets:
        kinds = frozenset(sheet.step.properties.classes)
        if sheet.slide.title or kinds & _WITHOUT_HEADING or not sheet.words or len(subject.sheets) == 1:
            continue
        blocks = {block.kind for block in to_text(sheet.step.content, subject.dialect)}
        if blocks <= {"quote"}:
            continue
        where, line, width = top(sheet.slide)
        yield Hit("this slide has no heading", where, line, width, "begin it with `# …`", sheet.slide.label)


@rule(
    "slide-title-twice",
    "note",
    bad="""
    # Results

    for 2024

    ---

    # Method

    ---

    # Results

    for 2025
    """,
    good="""
    # Results of 2024

    ---

    # Method

    ---

    # Results of 2025
    """,
)
def title_twice(subject: Subject) -> Iterator[Hit]:
    """Two slides that do not follow each other have one heading.

    In the list of sections nobody can tell them apart. Slides that follow each other with one heading are one section.
    """
    seen: dict[str, int] = {}
    for number, sheet in enumerate(subject.sheets):
        name = " ".join(sheet.slide.title.split()).casefold()
        if not name:
            continue
        before = seen.get(name)
        if before is not None and before != number - 1:
            where, line, width = top(sheet.slide)
            message = f"slide {subject.sheets[before].slide.index} has the same heading"
            yield Hit(message, where, line, width, "let each heading say what is new on its slide", sheet.slide.label)
        seen[name] = number


@rule(
    "heading-blank",
    "note",
    bad="""
    #Trees
    """,
    good="""
    # Trees
    """,
)
def heading_blank(subject: Subject) -> Iterator[Hit]:
    """A heading has no blank behind its `#`.

    Here and in old Markdown it is a heading, elsewhere it is text. `--fix` puts the blank in.
    """
    told: set[Where] = set()
    for slide in subject.deck.slides:
        for prose in proses(slide.steps[-1].content):
            if "#" not in prose.text:
                continue
            regions = [(one.begin, one.end) for one in code_regions(prose.text)]
            for match in _NO_BLANK.finditer(prose.text):
                at = match.start("marks")
                line = prose.text.count("\n", 0, at)
                origin = prose.origins[line]
                begin = prose.text.rfind("\n", 0, at) + 1
                where = Where(origin.path, origin.line, origin.column + at - begin)
                if where in told or any(first <= at < last for first, last in regions):
                    continue
                told.add(where)
                yield Hit("no blank between `#` and the heading", where, width=len(match["marks"]), hint="write `# …`")


_NO_BLANK = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?=[^\W\d_])", re.M)

RULES = (words, bullets, code, table, title, title_twice, heading_blank)
