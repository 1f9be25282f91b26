"""What is never cut in two, held against Unicode's own rules as the library `regex` has them."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from deckcast.captions.graphemes import clusters, width

PIECES = st.sampled_from(
    ["a", "e\u0301", "é", "👩‍🚀", "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🇫", "❤️", "1️⃣", "क्षि",
     "श्री", "नि", "ন্দ্র", "กำ", "ที่", "ຳ", "ខ្មែរ", "각", "ᄀ", "ᅡ", "ᆨ",
     "가",
     "が", "ガ", "ｶﾞ", "漢", "שָׁ", "ا\u0651", "\u200d", "\u200b", "\u200c",
     "\u0600", "ൎ", " ", "-", "🏴\U000e0067\U000e007f", "\ufe0f", "\u0308", "ﷺ",
     "\U0001f3fd"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=20).map("".join), st.text(max_size=30)))
def test_no_cluster_of_unicode_is_parted(text: str) -> None:
    found = list(clusters(text))
    assert "".join(text[begin:end] for begin, end in found) == text
    theirs = {0} | {one.end() for one in regex.finditer(r"\X", text)}
    assert {begin for begin, _ in found} <= theirs


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("漢字", 4), ("ｶﾞ", 2), ("가", 2),
     ("👨‍👩‍👧‍👦", 2), ("🇩🇪🇫🇷", 4), ("❤️", 1), ("年\u200fa", 3), ("ที่", 1),
     ("नि", 2),
     ("שָׁלוֹם", 4), ("\u200f\u202bא\u202c", 1), ("", 0)],
)  # fmt: skip
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_ordinary_text_is_a_character_each() -> None:
    assert len(list(clusters("Grüße, мир 漢字!"))) == len("Grüße, мир 漢字!")
