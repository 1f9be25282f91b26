"""Abbreviations, names with digits in them, identifiers, and the words of the lexicon, in English."""

from __future__ import annotations

import re

from deckcast.spoken import lexicon
from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.code import email, identifier, url
from deckcast.spoken.numbers import cardinal, digits, number

_ABBREVIATIONS = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "cf.": "compare",
    "et al.": "and others", "approx.": "approximately", "ca.": "about", "resp.": "respectively",
    "a.k.a.": "also known as", "aka": "also known as", "w/o": "without", "w/": "with", "incl.": "including",
    "excl.": "excluding", "max.": "maximum", "min.": "minimum", "avg.": "average", "Q&A": "Q and A", "R&D": "R and D",
    "I/O": "I-O", "A/B": "A B", "24/7": "twenty-four seven", "Dr.": "Doctor", "Prof.": "Professor", "Mr.": "Mister",
    "Mrs.": "Missis", "Ms.": "Miz", "C++": "C plus plus", "C#": "C sharp", "F#": "F sharp", ".NET": "dot net",
    "N/A": "not available", "n/a": "not available", "P.S.": "P-S", "U.S.": "U-S", "U.K.": "U-K", "Ph.D.": "P-H-D",
    "PhD": "P-H-D", "pp.": "pages", "TL;DR": "in short",
}  # fmt: skip
_NUMBERED = {
    "fig": "figure", "figs": "figures", "eq": "equation", "eqs": "equations", "sec": "section", "ch": "chapter",
    "chap": "chapter", "tab": "table", "no": "number", "nos": "numbers", "vol": "volume", "p": "page",
    "app": "appendix", "ex": "example", "ref": "reference", "alg": "algorithm", "thm": "theorem",
}  # fmt: skip
_VERSIONED = (
    "Python|Django|Node|CUDA|PyTorch|TensorFlow|Transformers|transformers|NumPy|Debian|Ubuntu|Java|Go|Rust|pip|Linux|"
    "[Vv]ersions?|[Rr]elease|HTTP|TLS|Windows|macOS|iOS|Android|Apache|MPL|GPL"
)
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "T": "trillion"}
_EXTENSIONS = (
    "py|ipynb|md|jsonl|json|csv|tsv|txt|yaml|yml|toml|html|css|js|ts|sh|pdf|png|jpg|svg|mp4|wav|bin|zip|xml|log|cpp|c|h"
    "|safetensors|onnx|pt|pkl|parquet"
)
_TOP_LEVELS = "com|org|net|edu|gov|io|ai|dev|co|app|de|uk|fr|eu|info|ch"


def _abbreviation(found: Match) -> str:
    short = found[0]
    said = _ABBREVIATIONS.get(short) or _ABBREVIATIONS[short.lower()].capitalize()
    # The point that ends a sentence may be the abbreviation's own.
    ends = short.endswith(".") and not found.string[found.end() :].strip(" )\"'”’")
    return f"{said}." if ends else said


def _numbered(found: Match) -> str:
    word = _NUMBERED[found["what"].lower()]
    return (
        f"{word.capitalize() if found['what'][0].isupper() else word} {number(found['number'] or found['bracketed'])}"
    )


def _version(found: Match) -> str:
    parts = " point ".join(map(_part, found["parts"].split(".")))
    return f"version {parts}" if found["v"] else parts


def _named_version(found: Match) -> str:
    name = lexicon.say(found["name"]) or found["name"]
    return f"{name} {' point '.join(map(_part, found['parts'].split('.')))}"


def _part(text: str) -> str:
    return digits(text) if text.startswith("0") else cardinal(int(text))


def _letters_and_digits(found: Match) -> str:
    """`GPT-2`, `T5`, `A100`, `Qwen2.5`, `Llama-3-8B`: the letters as ever, then the number."""
    if (known := lexicon.say(found[0])) is not None:
        return known
    letters = found["head"].rstrip("-")
    said = lexicon.say(letters)
    if said is None:
        said = identifier(letters) if re.search(r"[aeiouy]", letters, re.IGNORECASE) else lexicon.spell(letters)
    return f"{said} {number(found['amount'])}{_tail(found['tail'])}"


def _tail(text: str) -> str:
    """What follows the number: a scale (`8B`), a plural (`H100s`), a letter (`GPT-4o`)."""
    if text in _SCALES:
        return f" {_SCALES[text]}"
    return text if text in ("", "s") else f" {text.upper()}"


def _model_name(found: Match) -> str:
    """`Llama-3-8B`, `Qwen2.5-0.5B`, `x86-64`: numbers one after the other, no range."""
    head = found["head"]
    said = [lexicon.say(head) or (lexicon.spell(head) if len(head) == 1 else head)]
    for amount, scale in re.findall(r"(\d+(?:\.\d+)?)([kKMBT]?)", found[0]):
        said.append(number(amount) + _tail(scale))
    return " ".join(said)


def _dotted(found: Match) -> str:
    return f"{found['letter']} {number(found['amount'])}"


def _identifier(found: Match) -> str:
    return identifier(found[0])


def _word(found: Match) -> str | None:
    word = found[0]
    text = found.string
    # A whole sentence in capitals is loud, not full of acronyms.
    if word.isupper() and len(word) > 1 and text.isupper() and text.count(" ") > 1:
        return lexicon.say(word) if lexicon.is_spelled(word) else word.lower()
    return lexicon.say(word)


def _longest_first(names: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_CAPITALIZED = "|".join(re.escape(name.capitalize()) for name in _ABBREVIATIONS if name[0].islower() and "." in name)

ADDRESSES: tuple[Rule, ...] = (
    rule(r"(?i)\b(?:https?|ftp)://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]", lambda found: url(found[0])),
    rule(r"(?<![\w.@])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+(?!\w)", lambda found: email(found[0])),
    rule(
        rf"(?i)(?<![\w.@/])(?:[a-z0-9\-]+\.)+(?:{_TOP_LEVELS})(?![\w\-]|\.\w)(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}}'’]|/)?",
        lambda found: url(found[0]),
    ),
)

ABBREVIATIONS: tuple[Rule, ...] = (
    rule(rf"(?<![\w.])(?:{_longest_first(_ABBREVIATIONS)}|{_CAPITALIZED})(?![\w+#])", _abbreviation),
    rule(
        rf"(?<!\w)(?P<what>(?i:{_longest_first(_NUMBERED)}))\.\s?(?:\((?P<bracketed>\d+(?:\.\d+)?)\)|(?P<number>\d+(?:\.\d+)?)(?!\w))",
        _numbered,
    ),
)

VERSIONS: tuple[Rule, ...] = (
    rule(r"(?<![\w\-])(?P<head>[A-Za-z]+)-?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?[kKMBT]?)+(?![\w\-])", _model_name),
    rule(r"(?<![\w.])(?P<v>v\.?|V\.)(?P<parts>\d+(?:\.\d+)*)(?!\w)", _version),
    rule(r"(?<![\w.\-])(?P<v>)(?P<parts>\d+(?:\.\d+){2,})(?![\w\-])", _version),
    rule(rf"\b(?P<name>{_VERSIONED})\s(?P<parts>\d+\.\d+)(?!\w|\.\d)", _named_version),
)

WORDS: tuple[Rule, ...] = (
    rule(rf"(?<![\w/.])(?:[\w\-]+/)*[\w\-.]*[\w\-]\.(?:{_EXTENSIONS})(?![\w/])", _identifier),
    rule(r"(?<![\w.])(?P<name>[A-Za-z_][\w.]*)\(\)", lambda found: identifier(found["name"])),
    rule(r"(?<![\w.])\w+(?:_\w+)+(?!\w)|(?<!\w)_\w+(?!\w)", _identifier),
    rule(r"(?<![\w.@/])[a-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w/])", _identifier),
    rule(
        r"(?<!\w)(?P<head>[A-Za-z]+-?)(?P<amount>\d+(?:\.\d+)?)(?P<tail>[kKMBTa-z]?)(?!\w|[.,]\d)", _letters_and_digits
    ),
    rule(r"(?<![\w.])(?P<letter>[A-Z])\.(?P<amount>\d+)(?!\w|\.\w)", _dotted),
    rule(r"(?<!\w)[A-Za-z]+\d+[A-Za-z]\w*(?!\w)", _identifier),
    rule(r"(?<![^\W_])[A-Za-z][A-Za-z0-9]*(?:['’]s|(?<=s)['’])?(?!\w)", _word),
    rule(r"(?<!\w)(?:[a-z]+[A-Z]|[A-Z][a-z]+[A-Z]|[A-Z]{2,}[a-z]{2,})\w*(?!\w)", _identifier),
    rule(r"(?<!\w)#(?P<number>\d+)(?!\w)", lambda found: f"number {number(found['number'])}"),
)
