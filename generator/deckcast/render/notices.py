"""Finds in what code wrote to stderr the warnings and notices that a viewer need not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckcast.render import ansi

_WARNING = re.compile(r"\S.*:\d+: (?:\w+\.)*\w*(?:Warning|Deprecation)\w*: ?")
"""As Python's `warnings` writes it: `<file>:<line>: FutureWarning: …`; the line of code comes indented behind it."""
_LOGGED = re.compile(
    r"""(?:\[[\w. -]+\]\s*)?
    (?: (?:DEBUG|INFO|WARNING|WARN)\b\s*[:\]|-]                                     # logging, `WARNING:root:…`
      | \[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*.*?\b(?:DEBUG|INFO|WARNING|WARN)\b   # with its time
      | [IW]\d{4}\s\d\d:\d\d:\d\d                                                   # glog, absl
      | \[?transformers\]?\s )""",
    re.VERBOSE,
)
_NOTICES = tuple(
    re.split(
        r"\s*\n\s*",
        """Device set to use
        Some weights of
        You should probably TRAIN
        No model was supplied, defaulted to
        Using a pipeline without specifying
        Setting `pad_token_id
        Asking to truncate
        Asking to pad
        Truncation was not
        The attention mask
        Hardware accelerator
        Xet Storage is enabled
        `torch_dtype` is deprecated
        Loading weights
        Loading checkpoint
        huggingface/tokenizers:
        To disable this warning
        Both `max_new_tokens`
        Passing a tuple of
        This IS expected
        This IS NOT expected
        - This IS
        Matplotlib is building
        The following generation flags
        We recommend you to""",
    )
)
"""How the notices of machine-learning libraries begin."""
_REPORT = re.compile(r".*\bLOAD REPORT\b")
"""Begins the table in which transformers names the weights that a model does not use."""
_IN_REPORT = re.compile(r"\s*|.*\|.*|[-+ ]+|Notes:\s*|- [A-Z_]+\s*:.*")


def fold(text: str) -> tuple[int, int, str]:
    """How many warnings and how many notices there are, and the text that is neither."""
    warnings = notices = 0
    rest: list[str] = []
    for block in _blocks(text.split("\n")):
        first = _begin(block[0])
        if _WARNING.match(first):
            warnings += 1
        elif _LOGGED.match(first):
            if re.search(r"\bWARN(?:ING)?\b|^W\d{4}|warn", first):
                warnings += 1
            else:
                notices += 1
        elif first.startswith(_NOTICES) or _REPORT.match(first):
            notices += 1
        else:
            rest += block
    return warnings, notices, "\n".join(rest).strip("\n")


def told(warnings: int, notices: int) -> str:
    """`2 warnings`"""
    counted = ((warnings, "warning"), (notices, "notice"))
    return ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counted if count)


def _begin(line: str) -> str:
    """As much of a line as says what it is."""
    return ansi.plain(line[:1000]).lstrip()


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Each line that begins a warning with the indented lines behind it, a report with its table; others alone."""
    block: list[str] = []
    for line in lines:
        head = bool(block) and bool(_WARNING.match(_begin(block[0])))
        report = bool(block) and bool(_REPORT.match(_begin(block[0])))
        if report and _IN_REPORT.fullmatch(ansi.plain(line[:1000])):
            block.append(line)
            continue
        if head and len(block) < 4 and line[:1] in (" ", "\t"):
            block.append(line)
            continue
        if block:
            yield block
        block = [line]
    if block:
        yield block
