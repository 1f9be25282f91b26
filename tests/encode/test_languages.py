"""Names of languages in MP4 tracks."""

from __future__ import annotations

import pytest

from deckcast.encode.languages import three_letters


@pytest.mark.parametrize(
    ("tag", "letters"),
    [("en", "eng"), ("de-AT", "deu"), ("PT_br", "por"), ("zh-Hans", "zho"), ("gsw", "gsw"), ("xx", "und"), ("", "und")],
)
def test_tags_become_three_letters(tag: str, letters: str) -> None:
    assert three_letters(tag) == letters
