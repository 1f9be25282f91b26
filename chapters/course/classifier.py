"""A classifier: it reads a text and says of which kind it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from transformers import BertForSequenceClassification, BertTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from .miniature import shrunken_bert
from .tokens import tokenizer_for
from .training import Batch, fit, picks

Examples = Sequence[tuple[str, int]]
"""Texts, each with the number of its kind."""


def labelled(tokenizer: PreTrainedTokenizerBase, examples: Examples, size: int = 64) -> Callable[[], Batch]:
    """A source of random batches of labelled texts."""
    chosen = picks(examples, size)

    def batch() -> Batch:
        texts, labels = zip(*next(chosen), strict=True)
        return {**tokenizer(list(texts), padding=True, return_tensors="pt"), "labels": torch.tensor(labels)}

    return batch


def train_classifier(
    examples: Examples,
    steps: int = 250,
    kinds: Sequence[str] = ("NEGATIVE", "POSITIVE"),
    tokenizer: BertTokenizer | None = None,
    after: Callable[[int], None] | None = None,
) -> tuple[BertForSequenceClassification, BertTokenizer]:
    """A classifier, from random weights; of reviews, unless `kinds` says otherwise."""
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for([text for text, _ in examples])
    names = dict(enumerate(kinds))
    config = shrunken_bert(tokenizer, id2label=names, label2id={name: number for number, name in names.items()})
    model = BertForSequenceClassification(config)
    fit(model, labelled(tokenizer, examples), steps, after=after)
    return model, tokenizer


@torch.no_grad()
def accuracy(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, examples: Examples) -> float:
    """The share of `examples` that the model labels rightly."""
    texts, labels = zip(*examples, strict=True)
    logits = model(**tokenizer(list(texts), padding=True, return_tensors="pt").to(model.device)).logits
    return (logits.argmax(-1).cpu() == torch.tensor(labels)).float().mean().item()
