"""From sentences to numbers: a tokenizer whose whole list of tokens one can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from string import ascii_lowercase

from transformers import BertTokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""Filler, an unknown word, beginning, end, and a gap: their numbers are 0 to 4."""


def tokenizer_for(sentences: Sequence[str]) -> BertTokenizer:
    """A tokenizer that knows whole every word of `sentences`, and all other words in pieces.

    The pieces are the letters, and the endings of two or three letters that at least three words share;
    `##` says that a piece goes on with a word. Tokenizers of large models learn their pieces by frequency.
    """
    words = sorted({word for sentence in sentences for word in sentence.split()})
    endings = Counter(word[-size:] for word in words for size in (2, 3) if len(word) > size + 1)
    shared = sorted(ending for ending, count in endings.items() if count >= 3)
    pieces = [*SPECIAL, *words, *ascii_lowercase, *(f"##{piece}" for piece in [*ascii_lowercase, *shared])]
    return BertTokenizer(vocab={piece: index for index, piece in enumerate(dict.fromkeys(pieces))})
