"""Decks that are hard on a careless reader, by size: each grows in one way that could cost more than linear time."""

from __future__ import annotations

from collections.abc import Callable

Family = Callable[[int], str]

FAMILIES: dict[str, Family] = {
    "unclosed classes": lambda n: ".a[" * n,
    "unclosed classes, a line each": lambda n: ".a[\n" * n,
    "unclosed brackets": lambda n: "[" * n,
    "unclosed links": lambda n: "[a](" * n,
    "many links": lambda n: "[a](b) " * n,
    "many pictures": lambda n: "![a](b) " * n,
    "pictures that never close": lambda n: "![" * n,
    "many classes": lambda n: ".a[b] " * n,
    "classes with unfinished formulas": lambda n: ".a[$x [$ " * n,
    "escaped classes": lambda n: "\\.a[" * n + "]" * n,
    "dotted words": lambda n: ".a" * n,
    "many foot-notes": lambda n: "".join(f"[^{i}] " for i in range(n)) + "".join(f"\n\n[^{i}]: x" for i in range(n)),
    "marks that lead nowhere": lambda n: "[^1] " * n,
    "many boxes": lambda n: "> [!NOTE]\n> x\n\n" * n,
    "boxes in boxes": lambda n: "".join("    " * i + "!!! note\n" for i in range(n // 100)),
    "definitions of two kinds": lambda n: "a\n: b\n\nc\n~ d\n\n" * n,
    "short-codes that never close": lambda n: ":rocket " * n,
    "pictures whose size never ends": lambda n: "![a](b.png =3x" * n,
    "braces behind pictures": lambda n: "![a](b){width=1 " * n,
    "one long run of back-ticks": lambda n: "`" * n,
    "back-ticks": lambda n: "` " * n + "x",
    "back-ticks, a line each": lambda n: "`\n" * n,
    "runs of back-ticks, each longer": lambda n: " ".join("`" * i for i in range(1, int((2 * n) ** 0.5))),
    "fences that never close": lambda n: "```js\n" * n,
    "fences, one too many": lambda n: "```\n" * (n | 1),
    "fences of many lengths": lambda n: "".join("`" * (3 + i % 50) + "x\n" for i in range(n // 20)),
    "tildes": lambda n: "~" * n + "x",
    "stars": lambda n: "*a **b " * n,
    "stars within words": lambda n: "a**b" + "c* " * n,
    "bold with blanks": lambda n: "** a **\n\n" * n,
    "underscores": lambda n: "_a_b " * n,
    "nested quotes": lambda n: ">" * n + "a",
    "quoted lines": lambda n: "> a\n" * n,
    "list marks on one line": lambda n: "- " * n + "a",
    "nested lists": lambda n: "".join(" " * i + "- a\n" for i in range(int((2 * n) ** 0.5))),
    "list items": lambda n: "- a\n" * n,
    "macros that never close": lambda n: "![:a " * n,
    "macros with open targets": lambda n: "![:a](b " * n,
    "unknown macros": lambda n: "![:foo](b.png) " * n,
    "comments that never close": lambda n: "<!-- " * n,
    "comments, a line each": lambda n: "<!--\n" * n,
    "comments over separators": lambda n: "<!--\n---\n" * n + "-->",
    "styles that never close": lambda n: "<style>\n\n" * n,
    "tables that close late": lambda n: "<table>\n\n" * n + "</table>",
    "tags with open quotes": lambda n: '<a b="' * n,
    "declarations": lambda n: "<![CDATA[ " * n,
    "dollars": lambda n: "$a " * n,
    "opened formulas": lambda n: "\\\\(" * n,
    "back-slashes": lambda n: "\\`" * n,
    "separators": lambda n: "a\n---\n" * n,
    "separators with blanks": lambda n: "a\n--- \n" * n,
    "parts of notes": lambda n: "a\n???\n" * n,
    "properties": lambda n: "a: b\n" * n,
    "property comments": lambda n: "x\n" + "<!-- class: b -->\n" * n,
    "property comments that never close": lambda n: "<!-- a: " * n,
    "newlines before a property comment": lambda n: "x\n" + "\n" * n + "<!-- class: b -->\n" + "\n" * n,
    "definitions": lambda n: "".join(f'[{i}]: http://a.b "c"\n' for i in range(n)),
    "quotes behind a definition": lambda n: '[a]: b "' + '" ' * n + "x",
    "variables that never close": lambda n: "{{ a" * n,
    "a wide table": lambda n: "a|" * n + "\n" + "-|" * n + "\n" + "b|" * n + "\n",
    "blanks": lambda n: " " * n,
    "newlines": lambda n: "\n" * n,
    "indented code": lambda n: "x\n\n" + "    a\n\n" * n,
    "addresses": lambda n: "http://a.b " * n,
    "heading marks": lambda n: "# a" + " #" * n + "a",
    "underlines": lambda n: "a\n" * n + "===",
    "style addresses": lambda n: '<p style="' + "url(" * n + '">',
    "entities": lambda n: "*&lt;* " * n,
    "unknown templates": lambda n: "".join(f"name: s{i}\ntemplate: t{i}\nx\n---\n" for i in range(n)),
}
"""Each can be read."""

REFUSED: dict[str, Family] = {
    "deep classes": lambda n: ".a[" * n + "]" * n,
    "increments without end": lambda n: "a\n--\n" * n,
    "templates that double": lambda n: "".join(
        f"name: t{i}\ntemplate: t{i - 1}\n{{{{content}}}}{{{{content}}}}\n---\n" for i in range(min(n, 60))
    ),
    "variables that swell": lambda n: f"x: {'y' * 1000}\n" + "{{x}}" * max(n, 25_000),
    "deep front matter": lambda n: "---\na: " + "[" * n + "\n---\nx",
}
"""Each is refused by an error, since it would grow out of all bounds."""


def ordinary(megabytes: float) -> str:
    """A deck of everyday slides."""
    slide = (
        "class: middle\n\n# A slide about {{ topic }}\n\n- first .small[item] of `code`\n- second\n  - deeper\n\n"
        ".left[\n| a | b |\n|---|---|\n| 1 | $x_2$ |\n]\n\n```python\ndef f(x):\n    return [x]\n```\n"
        "![a picture](images/a.png)\n???\nWhat is said about it, in *two* sentences. `This` one.\n--\n\nMore.\n---\n"
    )
    return "topic: trees\n" + slide * int(megabytes * 1_000_000 / len(slide))
