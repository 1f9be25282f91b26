"""A translator, word for word: an encoder of one layer and one head, whose attention one can read."""

from __future__ import annotations

from collections.abc import Container, Mapping

import torch
from torch import Tensor
from transformers import BertForTokenClassification, BertTokenizer

from .miniature import shrunken_bert
from .texts.lines import FRENCH, Pairs, forms
from .tokens import tokenizer_for
from .training import HIDDEN, Batch, fit, picks


def train_translator(
    pairs: Pairs,
    words: Mapping[str, str] = FRENCH,
    steps: int = 300,
    start: BertForTokenClassification | None = None,
    tokenizer: BertTokenizer | None = None,
) -> tuple[BertForTokenClassification, BertTokenizer]:
    """An encoder of one layer and one head that says, for each English word, its translation.

    With `start`, it goes on from that model's encoder instead of random weights.
    """
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for([" ".join(english) for english, _ in pairs])
    names = dict(enumerate(forms(words)))
    config = shrunken_bert(
        tokenizer,
        layers=1,
        heads=1,
        id2label=names,
        label2id={form: number for number, form in names.items()},
        attn_implementation="eager",  # the implementation that can return its attention weights
    )
    model = BertForTokenClassification(config)
    if start is not None:
        model.bert.load_state_dict(start.bert.state_dict())
    chosen = picks(pairs)

    def batch() -> Batch:
        some = next(chosen)
        inputs = tokenizer([" ".join(english) for english, _ in some], padding=True, return_tensors="pt")
        labels = torch.full_like(inputs["input_ids"], HIDDEN)
        for row, (_, foreign) in enumerate(some):
            labels[row, 1 : 1 + len(foreign)] = torch.tensor([config.label2id[word] for word in foreign])
        return {**inputs, "labels": labels}

    fit(model, batch, steps)
    return model, tokenizer


@torch.no_grad()
def translate(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> list[str]:
    """The model's translation of each word of `text`."""
    best = model(**tokenizer(text, return_tensors="pt").to(model.device)).logits[0].argmax(-1)
    return [model.config.id2label[index] for index in best.tolist()[1:-1]]


@torch.no_grad()
def attention(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> tuple[list[str], Tensor]:
    """The tokens of `text`, and how much each (row) looks at each (column): a row adds up to 1."""
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    weights = model(**inputs, output_attentions=True).attentions[0][0, 0]  # of the only layer's only head
    return tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]), weights.cpu()


@torch.no_grad()
def translated_rightly(
    model: BertForTokenClassification, tokenizer: BertTokenizer, pairs: Pairs, counted: Container[str]
) -> float:
    """The share of rightly translated words, of those English words that are `counted`."""
    right = [
        guess == wanted
        for english, foreign in pairs
        for word, wanted, guess in zip(english, foreign, translate(model, tokenizer, " ".join(english)), strict=True)
        if word in counted
    ]
    return sum(right) / len(right)
