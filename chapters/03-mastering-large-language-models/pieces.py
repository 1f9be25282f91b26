"""Tokenizers of three granularities, trained on text that you can read. Needs the library tokenizers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from string import ascii_letters

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

END, PAD, UNKNOWN = "[END]", "[PAD]", "[UNK]"
"""Stands between two sentences; fills the rows of a batch; stands for what a tokenizer cannot write."""

START = "▁"
"""Marks the beginning of a word, as in the tokenizers of T5 and of the first Llamas."""

ALPHABET = [START, *ascii_letters, ".", ",", "?"]


def letters() -> Tokenizer:
    """Every character is a token. There is nothing to learn."""
    tokenizer = Tokenizer(models.WordLevel({sign: at for at, sign in enumerate([UNKNOWN, *ALPHABET])}, UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(START), pre_tokenizers.Split(Regex("."), "isolated")]
    )
    return tokenizer


def whole_words(sentences: Sequence[str]) -> Tokenizer:
    """Every word of `sentences` is a token. No other word can be written."""
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(sentences, trainers.WordLevelTrainer(special_tokens=[UNKNOWN], show_progress=False))
    return tokenizer


def pieces(sentences: Sequence[str], merges: int = 1000) -> Tokenizer:
    """Byte-pair encoding: begins with letters, then joins the most frequent pair of neighbours, up to `merges` times.

    It ends earlier when every word of `sentences` is one piece.
    """
    trainer = trainers.BpeTrainer(
        vocab_size=3 + len(ALPHABET) + merges,
        special_tokens=[END, PAD, UNKNOWN],
        initial_alphabet=ALPHABET,
        show_progress=False,
    )
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(START), pre_tokenizers.Punctuation()])
    tokenizer.decoder = decoders.Metaspace(START)
    tokenizer.train_from_iterator(sentences, trainer)
    return tokenizer


def merges_of(tokenizer: Tokenizer) -> list[str]:
    """The pieces that byte-pair encoding made, in their order."""
    return ["".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
