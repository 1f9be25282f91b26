"""Texts of others, made fit to be printed: nothing in them steers a terminal or turns the order of letters round.

File names, titles, outputs of cells and answers of servers may hold escape sequences, which clear lines, rename
windows or fill the keyboard's buffer, and controls of direction (CVE-2021-42574), with which code reads otherwise than
it runs. Both are shown as what they are. Marks that only help Arabic and Hebrew (U+200E, U+200F, U+061C) stay.
"""

from __future__ import annotations

import re

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that set the direction of what follows: embeddings, overrides, isolates, and their ends."""
_TURNING = re.compile(f"[{TURNING}]")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def harmless(text: str) -> str:
    """`text` with a visible mark for each control character but line feeds and tabs, and `<U+202E>` for what turns."""
    return unturned(_STEERING.sub("�", text.replace("\r\n", "\n")))


def unturned(text: str) -> str:
    """`text` with `<U+202E>` in the place of each character that turns what follows."""
    return _TURNING.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def without_turns(text: str) -> str:
    """`text` without such characters."""
    return _TURNING.sub("", text)


def escaped(json: str) -> str:
    """JSON that says the same without such characters: they can only stand inside its strings."""
    return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff" + TURNING + "]", lambda found: f"\\u{ord(found[0]):04x}", json)
