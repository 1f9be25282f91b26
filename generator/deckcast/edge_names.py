"""Names in braces that header and footer of a slide are filled with."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

EDGE_NAMES = ("title", "section", "author", "date", "number", "total")
"""What header and footer may name in braces."""
_EDGE_NAME = re.compile(r"\{([^{}]*)\}")


def edge_problem(text: str) -> str:
    """What is wrong with a header or footer, or nothing."""
    for name in _EDGE_NAME.findall(text):
        if name.strip() not in EDGE_NAMES:
            near = difflib.get_close_matches(name.strip(), EDGE_NAMES, n=1)
            known = ", ".join(f"{{{one}}}" for one in EDGE_NAMES)
            return f"did you mean `{{{near[0]}}}`?" if near else f"in braces may stand: {known}"
    return ""


def edge_words(text: str, words: Mapping[str, str]) -> str:
    """A header or footer with words in place of the names in braces."""
    return _EDGE_NAME.sub(lambda found: words[found[1].strip()], text)
