"""What KaTeX says of wrong TeX, at its place in the author's text and with a hint."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache

from deckcast.errors import DrawingError
from deckcast.markup import Math
from deckcast.theme import shipped

_HINTS = (
    (
        r"(?:Expected|got) '\\right'",
        r"each `\left` needs its `\right`; `\left.` shows none",
    ),
    (r"Unexpected end of input|Expected '\}', got 'EOF'", "a `{` is not closed, or an argument is missing"),
    (r"Expected 'EOF', got '\}'", "there is a `}` too many"),
    (r"Expected 'EOF', got '&'", r"`&` stands in an environment such as `\begin{aligned}`; as a sign it is `\&`"),
    (r"Expected 'EOF', got '#'", r"as a sign it is `\#`"),
    (r"Expected 'EOF', got '[_^]'", r"in text it is `\_` or `\^{}`"),
    (r"Double (?:super|sub)script", "put braces around the part that has one: `{a^b}^c`"),
    (r"Expected group (?:after|as)", "put its argument in braces behind it"),
    (r"can be used only in display mode", "it needs a block of its own: write `$$` around it"),
    (r"Can't use function '\$'", "a formula within a formula: take the inner dollars away"),
    (r"Too many expansions", "a macro stands for itself: look at its definition"),
    (r"Mismatch: \\begin", r"`\begin` and `\end` must name the same environment"),
    (r"redefine", r"it exists: write `\renewcommand`"),
    (r"is not for slides", r"write `\text{…}`, and the link or the picture outside of the formula"),
)
_OTHERWISE = "https://katex.org/docs/supported lists what there is"
_INSTEAD = {
    "eqnarray": "align",
    "multline": "gather",
    "tabular": "array",
    r"\ce": r"\mathrm",
    r"\eqref": r"\tag",
    r"\ref": r"\tag",
    r"\qty": r"\left( … \right)",
    r"\abs": r"\lvert … \rvert",
    r"\norm": r"\lVert … \rVert",
}
"""What there is for something of LaTeX's packages that KaTeX has not."""


def fault(math: Math, said: str, position: int | None, length: int, macros: Mapping[str, str]) -> DrawingError:
    """The mistake of a formula. `position` and `length` are in its TeX, or in that of a macro."""
    unknown = re.fullmatch(r"Undefined control sequence: (\\.+)|No such environment: (.+)", said)
    name = (unknown[1] or unknown[2]) if unknown else ""
    at = position or 0
    by = ""
    if name and not math.tex.startswith((name, f"{{{name}}}"), at):
        by = next((macro for macro, tex in macros.items() if name in tex), "")
        found = re.search(rf"{re.escape(by)}(?![A-Za-z])", math.tex) if by else None
        at, length = (found.start(), len(by)) if found else (0, 1)
    if name and not by:
        length = len(name)
    message = _SAID.get(said) or (said[0].lower() + said[1:] if said[:2].istitle() else said)
    if name.startswith("\\"):
        message = f"there is no command `{name}`"
    elif name:
        message = f"there is no environment `{name}`"
    return DrawingError(
        f"this formula cannot be set: {message}" + (f", which the macro `{by}` uses" if by else ""),
        where=math.place(at) or math.where,
        width=max(min(length, len(math.tex) - at), 1),
        hint=_near(name, macros) if name else _hint(said),
        code="formula",
    )


_SAID = {"Expected 'EOF', got '}'": "there is a `}` that closes nothing"}


def _hint(said: str) -> str:
    return next((hint for pattern, hint in _HINTS if re.search(pattern, said)), _OTHERWISE)


def _near(name: str, macros: Iterable[str]) -> str:
    if name in _INSTEAD:
        return (
            f"write `{_INSTEAD[name]}`, or define it: `math_macros` in the front matter"
            if name[0] == "\\"
            else (f"write `{_INSTEAD[name]}`")
        )
    near = difflib.get_close_matches(name, [*macros, *_names(name.startswith("\\"))], n=1, cutoff=0.7)
    if near:
        return f"did you mean `{near[0]}`?"
    if not name.startswith("\\"):
        return _OTHERWISE
    return f"{_OTHERWISE}; `math_macros` in the front matter defines others"


@cache
def _names(commands: bool) -> tuple[str, ...]:
    """All names that KaTeX knows: they stand as strings in its script."""
    script = (shipped() / "libraries" / "katex" / "katex.min.js").read_text(encoding="utf-8")
    if commands:
        return tuple(sorted({f"\\{name}" for name in re.findall(r'"\\\\([A-Za-z]{2,})"', script)}))
    lists = re.findall(r'names:\[((?:"[A-Za-z]+\*?",?)+)\]', script)
    return tuple(sorted({name for one in lists for name in re.findall(r"[A-Za-z]+\*?", one)}))
