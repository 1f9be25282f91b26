"""How a formula is said: enough of TeX for the formulas that notes contain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.spoken import lexicon
from deckcast.spoken.numbers import number
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
    "exp": "exp", "max": "max", "min": "min", "sin": "sine", "cos": "cosine", "tanh": "tanch", "lt": "is less than",
    "gt": "is greater than", "quad": ",", "qquad": ",",
}  # fmt: skip
_POWERS = {"two": "squared", "three": "cubed", "T": "transpose", "transpose": "transpose", "minus one": "inverse",
           "star": "star"}  # fmt: skip
_SIGNS = {**MATHS, "-": "minus", "/": "over", "|": "given", "*": "star", ",": ",", ";": ",", "!": "factorial"}

_TOKEN = re.compile(r"\\(?P<command>[A-Za-z]+)\*?|\\.|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]+)|(?P<sign>\S)")
_DEEPEST = 20
"""Groups within groups; deeper ones are not said."""


def tex(formula: str) -> str:
    r"""`\frac{a}{b}` → `A over B`; what has no name here is left out."""
    tokens = [found for found in _TOKEN.finditer(formula.strip().strip("$")) if found.lastgroup]
    return " ".join(_Reader(tokens).group(0).split())


class _Reader:
    """Reads tokens from left to right; a group ends at its closing brace."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def group(self, depth: int) -> str:
        return " ".join(self._pieces(depth))

    def _pieces(self, depth: int) -> Iterator[str]:
        while self._at < len(self._tokens):
            if self._tokens[self._at]["sign"] == "}":
                self._at += 1
                return
            yield self._piece(depth)

    def _piece(self, depth: int) -> str:
        """The next token, with the groups that belong to it."""
        if self._at >= len(self._tokens) or depth > _DEEPEST:
            self._at += 1
            return ""
        token = self._tokens[self._at]
        self._at += 1
        sign = token["sign"]
        if command := token["command"]:
            return self._command(command, depth)
        if token["number"]:
            return number(token["number"])
        if word := token["word"]:
            return (lexicon.say(word) or (word.upper() if len(word) == 1 else word)) + self._called()
        if sign == "{":
            return self.group(depth + 1)
        if sign == "^":
            return _power(self._argument(depth + 1))
        if sign == "_":
            return f"sub {self._argument(depth + 1)}"
        return GREEK.get(sign) or _SIGNS.get(sign, "")

    def _argument(self, depth: int) -> str:
        """What a command or script applies to: a group or one token, of a word its first letter."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is not None and token["word"] and len(token["word"]) > 1:
            letters = [found for letter in token["word"] for found in _TOKEN.finditer(letter)]
            self._tokens[self._at : self._at + 1] = letters
        return self._piece(depth)

    def _command(self, name: str, depth: int) -> str:
        if name in ("frac", "dfrac", "tfrac"):
            above = self._argument(depth + 1)
            return f"{above} over {self._argument(depth + 1)}"
        if name == "sqrt":
            return f"the square root of {self._argument(depth + 1)}"
        if (letter := _GREEK_NAMES.get(name) or _GREEK_NAMES.get(name.lower())) is not None:
            return GREEK[letter]
        said = _COMMANDS.get(name, "")
        return said + self._called() if said else ""

    def _called(self) -> str:
        """` of` before the bracket of a function's arguments."""
        following = self._tokens[self._at] if self._at < len(self._tokens) else None
        return " of" if following is not None and following["sign"] == "(" else ""


def _power(raised: str) -> str:
    raised = " ".join(raised.split())
    return _POWERS.get(raised) or f"to the {raised}"
