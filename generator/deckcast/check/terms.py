"""Which words of a text carry its meaning, brought to a form in which they can be compared."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """about above after again against all also and any are because been before being below between both but can
        could did does doing down during each few for from further had has have having here how into its itself
        just more most nor not now off once one only other our out over own same she should some such than that
        the their them then there these they this those three through too two under until very was way were what
        when where which while who whom why will with you your chart diagram drawing figure graph image photo
        picture plot screenshot shows show""",
    )
)


def key(word: str) -> str:
    """What words of one stem have in common, roughly: small letters, no plural, six letters at most."""
    word = word.casefold()
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:6]


def terms(text: str) -> frozenset[str]:
    """The words of a text that carry meaning: long ones, and numbers of two digits and more."""
    return frozenset(
        key(word)
        for word in _WORD.findall(text)
        if word.casefold() not in _SMALL and (len(word) > 3 or (word.isdigit() and len(word) > 1) or word.isupper())
    )
