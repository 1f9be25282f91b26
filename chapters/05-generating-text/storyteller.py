"""What this chapter asks of its storyteller, a causal model that has read tales.py."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tales import FINDS, HOMES, keeps_the_rules, repeated, tales
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerBase

from course.generator import begin, continued, scores
from course.training import loss_on


def chances(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str) -> dict[str, float]:
    """How likely each token is to come after `text`, most likely first."""
    logits = scores(model, tokenizer, text)
    shares = torch.tensor(list(logits.values())).softmax(-1).tolist()
    return dict(sorted(zip(logits, shares, strict=True), key=lambda pair: -pair[1]))


def many(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str, count: int = 200, **options
) -> list[str]:
    """So many tales that begin with `text`, sampled with the same dice for all `options`."""
    torch.manual_seed(0)
    written = model.generate(
        **begin(model, tokenizer, text), max_new_tokens=60, num_return_sequences=count, do_sample=True, **options
    )
    return tokenizer.batch_decode(written, skip_special_tokens=True)


def judged(told: Sequence[str]) -> tuple[float, float]:
    """The share of tales that keep all rules, and the mean share of sentences that a tale says again."""
    return sum(map(keeps_the_rules, told)) / len(told), sum(map(repeated, told)) / len(told)


@torch.no_grad()
def loss_without_positions(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase) -> tuple[float, float]:
    """The loss on tales never read, and what it becomes when nothing tells the model which token comes where."""
    batch = continued(tokenizer, tales(64, seed=1))()
    before = loss_on(model, batch)
    positions = model.transformer.wpe.weight
    kept = positions.clone()
    positions.zero_()
    after = loss_on(model, batch)
    positions.copy_(kept)
    return before, after


@torch.no_grad()
def looks(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str) -> tuple[list[str], Tensor]:
    """The tokens of `text`, and where each of them looks, for each head of the first layer."""
    open_model = GPT2LMHeadModel(GPT2Config(**{**model.config.to_dict(), "attn_implementation": "eager"}))
    open_model.load_state_dict(model.state_dict())  # the same model, written so that it shows its attention
    inputs = begin(model, tokenizer, text)
    weights = open_model.to(model.device).eval()(**inputs, output_attentions=True).attentions[0][0]
    return tokenizer.convert_ids_to_tokens(inputs["input_ids"][0].tolist()), weights.cpu()


@torch.no_grad()
def remembered(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, window: int, count: int = 200
) -> tuple[float, float]:
    """The shares of tales whose animal and whose feeling the model names, if it sees only the last `window` tokens."""
    animals = feelings = 0
    for tale in tales(count, seed=1):
        beginning, _, feeling = tale.removesuffix(" .").rpartition(" ")
        beginning, _, _ = beginning.rpartition(" ")
        start, _, animal = beginning.rpartition(" ")
        animals += _best(model, tokenizer, start, window, list(HOMES)) == animal
        feelings += _best(model, tokenizer, f"{beginning} was", window, list(FINDS.values())) == feeling
    return animals / count, feelings / count


def _best(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str, window: int, words: list[str]) -> str:
    inputs = begin(model, tokenizer, text)
    inputs["attention_mask"][:, :-window] = 0  # what lies farther back cannot be looked at
    logits = model(**inputs).logits[0, -1]
    return max(words, key=lambda word: logits[tokenizer.convert_tokens_to_ids(word)].item())
