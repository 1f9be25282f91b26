"""Rules for text in languages other than English, made of what is known of the language.

Where words depend on what no rule here can see, as on a noun's gender, nothing is changed: the voice knows better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from deckcast.spoken import counting, neutral
from deckcast.spoken.atoms import Match, Rule, rule
from deckcast.spoken.counted import Counted, dotted, longest_first
from deckcast.spoken.language import Language
from deckcast.spoken.neutral import words_of

_VERSIONED = (
    "Python|Django|Node|CUDA|PyTorch|TensorFlow|Transformers|transformers|NumPy|Debian|Ubuntu|Java|Go|Rust|pip|Linux|"
    "[Vv]ersi\\w+|HTTP|TLS|Windows|macOS|iOS|Android|Apache|MPL|GPL"
)


def rules(language: Language) -> tuple[Rule, ...]:
    """In order of precedence."""
    words, counted = _Words(language), Counted(language)
    if not language.known:
        return (*neutral.ADDRESSES, *neutral.MARKS, counted.plain_number)
    return (
        *neutral.ADDRESSES,
        *words.abbreviations(),
        *words.versions(),
        *counted.dates(),
        *counted.quantities(),
        *counted.ordinals(),
        *counted.numbers(),
        *words.between(),
        *neutral.MARKS,
    )


def code(text: str, language: Language) -> str:
    """An inline code span: its names in words, its numbers and operators as they are said."""
    signs = language.signs
    said: list[str] = []
    stripped = text.strip()
    for found in re.finditer(r"(?P<number>\d+(?:\.\d+)*)(?![^\W\d])|\w+(?:[.\-]\w+)*|==|!=|<=|>=|->|--?|\S", stripped):
        piece = found[0]
        if found["number"]:
            whole = piece.count(".") < 2 and counting.number(piece, language)
            said.append(whole or dotted(piece, language))
        elif piece[0].isalnum() or piece[0] == "_":
            said.append(words_of(piece))
        elif piece == "-" and stripped[found.end() : found.end() + 1].isdigit():
            said.append(language.words.get("minus", ""))
        elif piece in signs:
            said.append(signs[piece])
    return " ".join(filter(None, said)) or words_of(text)


class _Words:
    """Abbreviations, versions and signs."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def abbreviations(self) -> Iterable[Rule]:
        language = self._language
        spelled = {re.sub(r"\s", "", short): said for short, said in language.abbreviations.items()}
        numbered = {re.sub(r"\s", "", short): said for short, said in language.numbered.items()}

        def say(found: Match) -> str:
            short = re.sub(r"\s", "", found[0])
            said = spelled.get(short) or _capital(spelled[short[:1].lower() + short[1:]])
            ends = short.endswith(".") and not found.string[found.end() :].strip(" )\"'”’»")
            return f"{said}." if ends else said

        def say_numbered(found: Match) -> str | None:
            number = dotted(found["number"], language)
            what = re.sub(r"\s", "", found["what"])
            to, last = language.words.get("to"), found["last"]
            if last and not to:
                return None
            return f"{numbered[what]} {number}{f' {to} {dotted(last, language)}' if last else ''}"

        names = dict.fromkeys((*language.abbreviations, *map(_capital, language.abbreviations)))
        yield rule(rf"(?<![\w.])(?<!\d\s)(?:{longest_first(names)})(?!\w)", say)
        yield rule(
            rf"(?<![\w.])(?P<what>{longest_first(language.numbered)})\s?"
            r"(?P<number>\d+(?:\.\d+)*)(?:\s?[–-]\s?(?P<last>\d+))?(?!\w)",
            say_numbered,
        )

    def versions(self) -> Iterable[Rule]:
        words = self._language.words

        def say(found: Match) -> str:
            return f"{words['version']} {dotted(found['parts'], self._language)}"

        def named(found: Match) -> str:
            return f"{found['name']} {dotted(found['parts'], self._language)}"

        yield rule(r"(?<![\w.])[vV]\.?(?P<parts>\d+(?:\.\d+)*)(?!\w)", say)
        yield rule(rf"\b(?P<name>{_VERSIONED})\s(?P<parts>\d+(?:\.\d+)+)(?!\w|\.\d)", named)
        yield rule(
            r"(?<![\w.,\-])\d{1,2}(?:\.\d{1,2}){2,}(?![\w\-]|[.,]\d)", lambda found: dotted(found[0], self._language)
        )

    def between(self) -> Iterable[Rule]:
        """Signs between two values or words, and those that are words themselves."""
        signs = self._language.signs
        inner = "".join(re.escape(one) for one in signs if len(one) == 1)

        def say(found: Match) -> str:
            return f" {signs[found['sign']]} "

        yield rule(
            rf"(?<=[\w)\]%])\s?(?P<sign>==|!=|<=|>=|[{inner}])\s?(?=[\w(\[−\-√])",
            lambda found: say(found) if found["sign"] in signs and _is_between(found) else None,
        )
        if minus := self._language.words.get("minus"):
            yield rule(r"(?<=\d)\s[-−]\s(?=\d)", lambda _: f" {minus} ")
        if joint := self._language.words.get("and"):
            yield rule(r"(?<=\s)&(?=\s)", lambda _: joint)
        yield rule(r"(?<=[^\W\d_])/(?=[^\W\d_])", lambda _: " ")


def _is_between(found: Match) -> bool:
    """`a + b` and `a<b`, but not the `C++` or `x·y` of names and lists, whose sign touches one word only."""
    before = found.string[found.start("sign") - 1 : found.start("sign")]
    after = found.string[found.end("sign") : found.end("sign") + 1]
    return before.isspace() == after.isspace()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
