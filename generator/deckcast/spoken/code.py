"""How names and addresses are said: identifiers, file names, code spans, URLs, e-mail."""

from __future__ import annotations

import re
import unicodedata

from deckcast.spoken import lexicon
from deckcast.spoken.numbers import number
from deckcast.spoken.signs import GREEK, MATHS

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:\.\d+)?|[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+(?:['’]s)?")

_OPERATORS = (
    ("==", "is equal to"), ("!=", "is not equal to"), ("<=", "is at most"), (">=", "is at least"), ("->", "to"),
    ("=>", "to"), ("**", "to the power of"), ("//", "slash slash"), ("&&", "and"), ("||", "or"), ("+=", "plus equals"),
    ("-=", "minus equals"), ("...", ","), ("::", ","), ("--", "dash dash"),
)  # fmt: skip
_SIGNS = {
    **MATHS, "*": "star", "/": "slash", "\\": "backslash", "&": "and", "|": "pipe", "@": "at", "#": "hash",
    "$": "dollar", "%": "percent", "~": "tilde", "^": "to the", ",": ",", ":": ",", ";": ",", "?": "question mark",
    "!": "exclamation mark", "-": "dash",
}  # fmt: skip
_SILENT = frozenset("()[]{}\"'`“”‘’_")

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)*(?:e[+-]?\d+)?)(?![^\W\d_])"
    r"|(?P<name>[^\W_](?:\w|(?<=\w)[.\-/](?=\w))*)"
    r"|(?P<operator>" + "|".join(re.escape(sign) for sign, _ in _OPERATORS) + r")"
    r"|(?P<sign>\S)"
)


def identifier(name: str) -> str:
    """`AutoModelForCausalLM` → `Auto Model For Causal L-M`; `snake_case`, `kebab-case` and dots are parted."""
    if (known := lexicon.say(name, code=True)) is not None:
        return known
    for sign, parting, said in (("/", "/", " slash "), (".", r"(?<!\d)\.|\.(?!\d)", " dot ")):
        parts = re.split(parting, name.strip(sign))
        if len(parts) > 1:
            return said.join(identifier(part) for part in parts if part)
    words = (word for word in re.split(r"[_\-\s]+", name.strip("./")) if word)
    return " ".join(lexicon.say(word, code=True) or " ".join(_parts(word)) for word in words)


def _parts(word: str) -> list[str]:
    """The humps of a camel: letters and digits apart, capitals that end a name together."""
    return [number(part) if part[0].isdecimal() else _letters(part) for part in map(_decimal, _PARTS.findall(word))]


def _decimal(part: str) -> str:
    """`²` and `①` as digits."""
    return "".join(str(unicodedata.digit(one)) for one in part) if part.isdigit() else part


def _letters(part: str) -> str:
    # A letter alone is a name, not an article: only capitals are read as letters.
    return part.upper() if len(part) == 1 else lexicon.say(part, code=True) or part


def code(text: str) -> str:
    """What is said for an inline code span."""
    stripped = text.strip()
    if call := re.fullmatch(r"([\w.]+)\(\s*\)", stripped):
        return identifier(call[1])
    said: list[str] = []
    for found in _TOKEN.finditer(stripped):
        if found["number"]:
            said.append(_number(found["number"]))
        elif found["name"]:
            said.append(identifier(found["name"]))
        elif found["operator"]:
            said.append(dict(_OPERATORS)[found["operator"]])
        else:
            said.append(_sign(found, stripped))
    return re.sub(r"\s+([,.])", r"\1", " ".join(word for word in said if word)).strip(" ,")


def _number(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    if e:
        return f"{_number(mantissa)} times ten to the {number(exponent.lstrip('+'))}"
    return number(text) if text.count(".") < 2 else " point ".join(number(part) for part in text.split("."))


def _sign(found: re.Match[str], text: str) -> str:
    sign = found["sign"]
    before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
    if sign in _SILENT:
        return "of" if sign == "(" and before[-1:].isalnum() and after[:1] != ")" else ""
    if sign == ".":
        return "dot" if after[:1].isalnum() else ""
    if sign == "-":
        at = found.start()
        is_option = text[at + 1 : at + 2].isalpha() and not text[at - 1 : at].strip()
        return "minus" if not is_option and (before or after[:1].isdigit()) else "dash"
    if sign in ",:;" and not after:
        return ""
    if sign in "<>" and re.fullmatch(r"</?[\w\-]+/?>", text):
        return ""
    return GREEK.get(sign) or _SIGNS.get(sign, "")


_URL = re.compile(r"(?:[a-z][a-z0-9+.\-]*://|mailto:|www\.)?(?P<rest>[^\s]*)", re.IGNORECASE)


def url(address: str) -> str:
    """The host of an address, as one says it: `huggingface.co/docs/…` → `hugging face dot co`."""
    found = _URL.match(address)
    rest = found["rest"] if found else address
    if "@" in rest.partition("/")[0]:
        return email(rest)
    host = re.split(r"[/?#:]", rest, maxsplit=1)[0].removeprefix("www.")
    return " dot ".join(_label(label) for label in host.split(".") if label)


def email(address: str) -> str:
    name, _, host = address.partition("@")
    said = " dot ".join(identifier(part) for part in name.split(".") if part)
    return f"{said} at {url(host)}" if host else said


def _label(label: str) -> str:
    """A part of a host name. Country codes and other pairs of letters are spelled."""
    known = lexicon.say(label, code=True)
    if known is not None:
        return known
    if len(label) == 2 and label.isalpha() and label.lower() not in ("co", "my", "me", "to", "so"):
        return lexicon.spell(label)
    return identifier(label)
