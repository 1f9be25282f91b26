"""WordPiece, the tokenizer of BERT, and how well its list of pieces suits another text."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.trainers import WordPieceTrainer
from transformers import BertTokenizer

from course.tokens import SPECIAL


def train_wordpiece(sentences: Sequence[str], size: int = 300) -> BertTokenizer:
    """Learn `size` pieces from `sentences`, the way BERT's 30,000 were learned."""
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))  # noqa: S106 - a token of text, no secret
    tokenizer.pre_tokenizer = Whitespace()
    # letters inside a word get fixed numbers, or which of two equally frequent pieces wins would be left to chance
    first = [*SPECIAL, *(f"##{letter}" for letter in ascii_lowercase)]
    tokenizer.train_from_iterator(
        sentences, WordPieceTrainer(vocab_size=size, special_tokens=first, show_progress=False)
    )
    return BertTokenizer(vocab=tokenizer.get_vocab())


def cut(words: Sequence[str], *tokenizers: BertTokenizer) -> list[tuple[str, ...]]:
    """Each word, and the pieces that each tokenizer makes of it."""
    return [(word, *(" ".join(each.tokenize(word)) for each in tokenizers)) for word in words]


def words_of(sentences: Sequence[str]) -> set[str]:
    """The different words of a text, without punctuation."""
    return {word for sentence in sentences for word in sentence.split() if word.isalpha()}


def known_whole(tokenizer: BertTokenizer, words: set[str]) -> float:
    """The share of `words` that are one token."""
    return sum(len(tokenizer.tokenize(word)) == 1 for word in words) / len(words)


def pieces_each(tokenizer: BertTokenizer, words: set[str]) -> float:
    """How many tokens a word becomes, on average."""
    return sum(len(tokenizer.tokenize(word)) for word in words) / len(words)


def overlap(one: BertTokenizer, other: BertTokenizer) -> float:
    """The share of one tokenizer's pieces that the other has, too; special tokens and single letters left out."""
    mine, yours = (
        {piece for piece in each.get_vocab() if piece not in SPECIAL and len(piece.removeprefix("##")) > 1}
        for each in (one, other)
    )
    return len(mine & yours) / len(mine)
