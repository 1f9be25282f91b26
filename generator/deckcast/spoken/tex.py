"""How a formula is said: enough of TeX for the formulas that notes contain."""

from __future__ import annotations

import re

from deckcast.spoken import lexicon
from deckcast.spoken.numbers import number, ordinal
from deckcast.spoken.signs import GREEK, MATHS

_GREEK_NAMES = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip

_COMMANDS = {
    "times": "times", "cdot": "times", "div": "divided by", "pm": "plus or minus", "le": "is at most",
    "leq": "is at most", "ge": "is at least", "geq": "is at least", "neq": "is not equal to", "ne": "is not equal to",
    "approx": "is about", "sim": "is distributed as", "propto": "is proportional to", "infty": "infinity",
    "sum": "the sum of", "prod": "the product of", "int": "the integral of", "partial": "partial", "nabla": "nabla",
    "in": "in", "notin": "not in", "to": "to", "rightarrow": "to", "Rightarrow": "gives", "leftarrow": "from",
    "mid": "given", "vert": "given", "forall": "for all", "exists": "there is", "cup": "union", "cap": "intersection",
    "subset": "is a subset of", "argmax": "arg max", "argmin": "arg min", "dots": "and so on", "ldots": "and so on",
    "cdots": "and so on", "top": "transpose", "odot": "times", "oplus": "plus", "ell": "L", "log": "log", "ln": "log",
    "exp": "exp", "max": "max", "min": "min", "sin": "sine", "cos": "cosine", "tanh": "tanch", "softmax": "soft max",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed", "T": "transpose", "top": "transpose", "-1": "inverse", "*": "star"}
_IGNORED = frozenset("{}\\$&()[]|'")

_GROUP = r"\{([^{}]*)\}"
_FRACTION = re.compile(rf"\\[dt]?frac\s*{_GROUP}\s*{_GROUP}")
_ROOT = re.compile(rf"\\sqrt\s*{_GROUP}")
_DRESSED = re.compile(
    rf"\\(?:text|textbf|textit|mathrm|mathbf|mathit|mathcal|mathbb|operatorname|bm|boldsymbol|hat|bar|vec|tilde)\*?{_GROUP}"
)
_PIECE = re.compile(
    r"\\(?P<command>[A-Za-z]+)|\\.|(?P<script>[\^_])\s*(?:\{(?P<group>[^{}]*)\}|\\(?P<name>[A-Za-z]+)|(?P<one>\S))"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]+)|(?P<sign>\S)"
)


def tex(formula: str) -> str:
    """`\\frac{a}{b}` → `a over b`; what is not known by name is left out."""
    text = formula.strip().strip("$")
    for pattern, said in ((_DRESSED, r" \1 "), (_ROOT, r" the square root of \1 "), (_FRACTION, r" \1 over \2 ")):
        for _ in range(4):  # groups within groups, from the inside out
            text = pattern.sub(said, text)
    return " ".join(" ".join(filter(None, map(_say, _PIECE.finditer(text)))).split())


def _say(found: re.Match[str]) -> str:
    if command := found["command"]:
        return _command(command)
    if found["script"]:
        inner = found["group"] if found["group"] is not None else found["name"] or found["one"]
        if found["script"] == "^":
            return _power(inner, named=found["name"] is not None)
        return f"sub {_command(inner) if found['name'] else tex(inner)}"
    if found["number"]:
        return number(found["number"])
    if word := found["word"]:
        return lexicon.say(word) or (word.upper() if len(word) == 1 else word)
    sign = found["sign"] or ""
    if sign == "-":
        return "minus"
    if sign == "/":
        return "over"
    if sign == "|":
        return "given"
    return "" if sign in _IGNORED else "," if sign in ",;" else GREEK.get(sign) or MATHS.get(sign, "")


def _power(inner: str, *, named: bool) -> str:
    if inner.strip() in _POWERS:
        return _POWERS[inner.strip()]
    if inner.isdigit():
        return f"to the {ordinal(int(inner))}" if len(inner) < 7 else f"to the {number(inner)}"
    return f"to the {_command(inner) if named else tex(inner)}"


def _command(name: str) -> str:
    if (letter := _GREEK_NAMES.get(name) or _GREEK_NAMES.get(name.lower())) is not None:
        return GREEK[letter]
    return _COMMANDS.get(name, "")
