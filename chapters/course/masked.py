"""A masked language model: it reads a text with a gap, and says which words would fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from transformers import BertForMaskedLM, BertTokenizer, PreTrainedTokenizerBase

from .miniature import shrunken_bert
from .tokens import tokenizer_for
from .training import HIDDEN, Batch, fit, picks


def masked(tokenizer: PreTrainedTokenizerBase, sentences: Sequence[str], size: int = 64) -> Callable[[], Batch]:
    """A source of random batches in which one word of each sentence is hidden, and is the label."""
    chosen = picks(sentences, size)

    def batch() -> Batch:
        inputs = tokenizer(next(chosen), padding=True, return_tensors="pt")
        ids = inputs["input_ids"]
        words = (ids > tokenizer.mask_token_id).float()
        hidden = torch.zeros_like(ids, dtype=torch.bool).scatter(1, torch.multinomial(words, 1), True)
        labels = ids.masked_fill(~hidden, HIDDEN)
        return {**inputs, "input_ids": ids.masked_fill(hidden, tokenizer.mask_token_id), "labels": labels}

    return batch


def train_masked(
    sentences: Sequence[str],
    steps: int = 250,
    tokenizer: BertTokenizer | None = None,
    start: BertForMaskedLM | None = None,
) -> tuple[BertForMaskedLM, BertTokenizer]:
    """A masked language model of `sentences`; with `start`, a copy of that model, trained further.

    Models that are to be compared, or trained further, must share a tokenizer.
    """
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for(sentences)
    model = BertForMaskedLM(shrunken_bert(tokenizer))
    if start is not None:
        model.load_state_dict(start.state_dict())
    fit(model, masked(tokenizer, sentences), steps)
    return model, tokenizer


@torch.no_grad()
def fill(
    model: BertForMaskedLM, tokenizer: PreTrainedTokenizerBase, text: str, words: Sequence[str]
) -> dict[str, float]:
    """How probable the model finds each of `words` where `text` has [MASK]."""
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    place = (inputs["input_ids"][0] == tokenizer.mask_token_id).nonzero().item()
    chances = model(**inputs).logits[0, place].softmax(-1)
    return {word: chances[tokenizer.convert_tokens_to_ids(word)].item() for word in words}


def gap(
    model: BertForMaskedLM, tokenizer: PreTrainedTokenizerBase, text: str, other: str, words: Sequence[str]
) -> float:
    """How far the answers to two texts lie apart: 0 for equal, 1 for nothing in common.

    The total variation distance of the two answers, each taken over `words` alone.
    """
    one, two = (fill(model, tokenizer, each, words) for each in (text, other))
    of_one, of_two = sum(one.values()), sum(two.values())
    return sum(abs(one[word] / of_one - two[word] / of_two) for word in words) / 2
