"""Whether any pattern of deckcast's can be made to take more than linear time: each is given strings that repeat.

    python tests/benchmarks/regex_linear.py [WORDS IN A MODULE'S NAME]

Every pattern in `deckcast` that is compiled when its module is imported, and every one that stands in a call of `re`,
searches in, and is tried at the beginning of, texts of N, 2 N and 4 N repetitions of one or two pieces that its own
characters suggest, with and without an end that fits nothing. Prints the patterns whose time grows faster than
`STEEP`, the text that does it, and the times. A scan that begins anew at each place is quadratic by nature: what
counts is how long it takes for a text as long as an author writes.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator")]

STEEP = 2.9
"""Times as long for twice the text, twice in a row."""
LENGTH = 2_000
"""Characters of the shortest text."""
LEAST = 0.004
"""Seconds for the longest text below which nothing is told."""
SPEND = 2.0
"""Seconds after which a pattern has been seen to be slow."""


def patterns(words: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    for path in sorted((ROOT / "generator" / "deckcast").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT / "generator").with_suffix("").parts).removesuffix(".__init__")
        if words not in name or path.stem.endswith("program") or path.stem == "__main__":
            continue
        seen: set[tuple[str, int]] = set()
        for found in itertools.chain(_compiled(name), _called(path)):
            if isinstance(found.pattern, str) and (found.pattern, found.flags) not in seen:
                seen.add((found.pattern, found.flags))
                yield name.removeprefix("deckcast."), found


def _compiled(name: str) -> Iterator[re.Pattern[str]]:
    try:
        module = importlib.import_module(name)
    except ImportError:
        return
    waiting = [value for key, value in vars(module).items() if not key.startswith("__")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, re.Pattern):
            yield one
        elif isinstance(one, (tuple, list)) and len(one) < 200:
            waiting += one
        elif isinstance(one, dict) and len(one) < 200:
            waiting += one.values()
        elif isinstance(getattr(one, "pattern", None), re.Pattern):
            yield one.pattern


def _called(path: Path) -> Iterator[re.Pattern[str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        first = node.args[0]
        if getattr(node.func.value, "id", "") != "re" or not isinstance(first, ast.Constant):
            continue
        flags = 0
        for flag in ast.walk(
            ast.Module([ast.Expr(one) for one in (*node.args[1:], *(k.value for k in node.keywords))], [])
        ):
            if isinstance(flag, ast.Attribute) and getattr(flag.value, "id", "") == "re":
                flags |= getattr(re, flag.attr)
        if isinstance(first.value, str):
            yield re.compile(first.value, flags)


def pieces(pattern: str) -> list[str]:
    """Characters and short runs of which the pattern speaks, and one of each kind that it may speak of."""
    plain = re.sub(r"\\[AbBdDsSwWZ]|\(\?(?:P<\w+>|[a-zA-Z:=!<]+)|\[\^|\(\?P=\w+\)", " ", pattern)
    plain = re.sub(r"\{\d*,?\d*\}", " ", plain)
    plain = re.sub(r"\\x([0-9a-f]{2})", lambda one: chr(int(one[1], 16)), plain)
    plain = plain.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\\", "")
    runs = re.findall(r"\w{2,}", plain)
    signs = [one for one in dict.fromkeys(plain) if not one.isalnum()]
    return list(dict.fromkeys(["a", "A", "1", " ", "\n", *signs[:14], *runs[:6], "_", ".", "-"]))


def texts(pattern: str) -> Iterator[tuple[str, str, str]]:
    """(what stands before, what repeats, what stands behind)."""
    few = pieces(pattern)
    for one in few:
        yield "", one, "\0"
    for one, two in itertools.permutations(few, 2):
        yield "", one + two, "\0"
        yield one, two, "\0"
        yield one, two, ""


def seconds(pattern: re.Pattern[str], text: str) -> float:
    begin = time.process_time()
    for _ in pattern.finditer(text):
        pass
    pattern.match(text)
    pattern.fullmatch(text)
    return time.process_time() - begin


def steep(pattern: re.Pattern[str]) -> tuple[float, str, list[float]] | None:
    worst: tuple[float, str, list[float]] | None = None
    stop = time.process_time() + SPEND * 10
    for before, piece, behind in texts(pattern.pattern):
        count = max(LENGTH // len(piece), 1)
        # A short text first: what is exponential would never come back from a long one.
        if seconds(pattern, before + piece * 12 + behind) > 0.05:
            return (99.0, repr((before, piece, behind)), [])
        small = seconds(pattern, before + piece * (count // 4) + behind)
        if small > SPEND:
            return (99.0, repr((before, piece, behind)), [small])
        one = seconds(pattern, before + piece * count + behind)
        if one * 16 < LEAST or time.process_time() > stop:
            continue
        two = seconds(pattern, before + piece * (2 * count) + behind)
        if two < STEEP * one * 0.7 or two * 4 < LEAST:
            continue
        four = seconds(pattern, before + piece * (4 * count) + behind) if two < SPEND else two * two / one
        growth = min(two / max(one, 1e-9), four / max(two, 1e-9))
        if growth > STEEP and four > LEAST and (worst is None or four > worst[2][-1]):
            worst = (growth, repr((before, piece, behind)), [one, two, four])
    return worst


def main() -> None:
    count = 0
    for name, pattern in patterns(sys.argv[1] if len(sys.argv) > 1 else ""):
        count += 1
        if (found := steep(pattern)) is not None:
            growth, text, times = found
            told = " ".join(f"{one:.3f}" for one in times)
            print(f"{growth:5.1f}  {told:22} {name:26} {text:30} {pattern.pattern[:150]!r}", flush=True)
    print(f"{count} patterns")


if __name__ == "__main__":
    main()
