"""A causal language model: it reads the beginning of a text, and writes one token after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from transformers import BatchEncoding, GPT2LMHeadModel, PreTrainedTokenizerBase

from .miniature import shrunken_gpt2
from .tokens import tokenizer_for
from .training import HIDDEN, Batch, fit, picks


def continued(tokenizer: PreTrainedTokenizerBase, sentences: Sequence[str], size: int = 64) -> Callable[[], Batch]:
    """A source of random batches in which each token's label is the token itself.

    The model shifts them: what it says after a token is compared with the next one. Fillers do not count.
    """
    chosen = picks(sentences, size)

    def batch() -> Batch:
        inputs = tokenizer(next(chosen), padding=True, return_tensors="pt", return_token_type_ids=False)
        return {**inputs, "labels": inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, HIDDEN)}

    return batch


def train_generator(
    sentences: Sequence[str],
    steps: int = 300,
    tokenizer: PreTrainedTokenizerBase | None = None,
    start: GPT2LMHeadModel | None = None,
    after: Callable[[int], None] | None = None,
    **shape: int,
) -> tuple[GPT2LMHeadModel, PreTrainedTokenizerBase]:
    """GPT-2's architecture in miniature, trained to say the next token of `sentences`.

    With `start`, it is a copy of that model, trained further. `shape` is that of `shrunken_gpt2`. A tokenizer of
    one's own has a beginning ([CLS]), an end ([SEP]) and a filler ([PAD]).
    """
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for(sentences)
    model = GPT2LMHeadModel(shrunken_gpt2(tokenizer, **shape) if start is None else start.config)
    model.loss_type = "ForCausalLM"  # GPT-2's class does not name its loss, and transformers warns of it
    if start is not None:
        model.load_state_dict(start.state_dict())
    fit(model, continued(tokenizer, sentences), steps, after=after)
    return model, tokenizer


def begin(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str) -> BatchEncoding:
    """The beginning of a text, for the model to go on: without the token that ends a text."""
    beginning = f"{tokenizer.cls_token} {text}"
    inputs = tokenizer(beginning, add_special_tokens=False, return_tensors="pt", return_token_type_ids=False)
    return inputs.to(model.device)


@torch.no_grad()
def scores(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str, words: Sequence[str] | None = None
) -> dict[str, float]:
    """The logit of each of `words` (of all tokens, if none are named) as the token after `text`."""
    logits = model(**begin(model, tokenizer, text)).logits[0, -1]
    words = tokenizer.convert_ids_to_tokens(range(len(tokenizer))) if words is None else words
    return {word: logits[tokenizer.convert_tokens_to_ids(word)].item() for word in words}


def write(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str, **options) -> str:
    """What the model makes of the beginning `text`; `options` are those of `generate`."""
    written = model.generate(**begin(model, tokenizer, text), **options)
    return tokenizer.decode(written[0], skip_special_tokens=True)
