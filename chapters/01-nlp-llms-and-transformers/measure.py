"""What this chapter counts and times: parameters, tokens a second, and what smaller weights cost."""

from __future__ import annotations

import copy
import inspect
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import torch
from torch import Tensor
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    DynamicCache,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)

from course.training import device

CACHE = "cache" if "cache" in inspect.signature(GPT2LMHeadModel.forward).parameters else "past_key_values"
"""What transformers calls the KV cache: `cache` since 5.24."""

# ── how large models are ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Known:
    """A well-known model: the day it was published, and its shape as its paper or model card gives it."""

    name: str
    published: date
    kind: type[PreTrainedModel]
    config: PreTrainedConfig

    @cached_property
    def parameters(self) -> int:
        """How many numbers the model learns. It is built without memory for its weights."""
        with torch.device("meta"):
            return self.kind(self.config).num_parameters()


def _gpt(layers: int, width: int, heads: int, context: int, vocabulary: int = 50257) -> GPT2Config:
    return GPT2Config(
        vocab_size=vocabulary,
        n_positions=context,
        n_embd=width,
        n_layer=layers,
        n_head=heads,
        bos_token_id=None,
        eos_token_id=None,
    )


BERT_BASE = Known("BERT base", date(2018, 10, 11), BertModel, BertConfig())
KNOWN = (
    Known("GPT", date(2018, 6, 11), GPT2LMHeadModel, _gpt(12, 768, 12, 512, vocabulary=40478)),
    Known(
        "BERT large",
        date(2018, 10, 11),
        BertModel,
        BertConfig(hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096),
    ),
    Known("GPT-2", date(2019, 2, 14), GPT2LMHeadModel, _gpt(48, 1600, 25, 1024)),
    Known("DistilBERT", date(2019, 10, 2), DistilBertModel, DistilBertConfig()),
    Known(
        "T5",
        date(2019, 10, 23),
        T5ForConditionalGeneration,
        T5Config(d_model=1024, d_ff=65536, d_kv=128, num_heads=128, num_layers=24),
    ),
    Known("GPT-3", date(2020, 5, 28), GPT2LMHeadModel, _gpt(96, 12288, 96, 2048)),
    Known("MT-NLG", date(2021, 10, 11), GPT2LMHeadModel, _gpt(105, 20480, 128, 2048)),
    Known(
        "Llama 3.1",
        date(2024, 7, 23),
        LlamaForCausalLM,
        LlamaConfig(
            vocab_size=128256,
            hidden_size=16384,
            intermediate_size=53248,
            num_hidden_layers=126,
            num_attention_heads=128,
            num_key_value_heads=8,
        ),
    ),
)


# ── how fast they answer ─────────────────────────────────────────────────────────────────────────


@dataclass
class Clock:
    """What `clock` has timed, once it is over."""

    seconds: float = 0.0


@contextmanager
def clock() -> Iterator[Clock]:
    """Times what happens inside: `with clock() as took: …`, then `took.seconds`.

    Without a GPU, these are seconds of the one processor core on which all is computed: so it does not count what
    else the machine has to do meanwhile.
    """
    clock = Clock()
    now = time.perf_counter if torch.cuda.is_available() else time.process_time
    _finish()
    start = now()
    yield clock
    _finish()
    clock.seconds = now() - start


def _finish() -> None:
    """Wait until the GPU, if there is one, has done all that it was told: calls return before the work is done."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def random_gpt2() -> GPT2LMHeadModel:
    """Half of GPT-2 small's layers at two thirds of its width, untrained: speed does not depend on the weights.

    It has run once already, since the first run of any model loads code, and would be timed for that.
    """
    torch.manual_seed(0)
    model = GPT2LMHeadModel(_gpt(6, 512, 8, 1024, vocabulary=8000)).eval().to(device())
    seconds_per_token(model, torch.zeros(1, 256, dtype=torch.long, device=model.device), 4, cache=True)
    return model


@torch.no_grad()
def seconds_per_token(model: GPT2LMHeadModel, prompt: Tensor, count: int, cache: bool) -> list[float]:
    """Write `count` tokens after `prompt`, each the likeliest, and time every one of them."""
    kept = {CACHE: DynamicCache(config=model.config)} if cache else {}
    seconds = []
    text = prompt
    logits = model(text, use_cache=cache, **kept).logits
    for _ in range(count):
        token = logits[:, -1:].argmax(-1)
        text = torch.cat([text, token], dim=1)
        with clock() as took:
            logits = model(token if cache else text, use_cache=cache, **kept).logits
        seconds.append(took.seconds)
    return seconds


def tokens_per_second(model: GPT2LMHeadModel, batch: int, prompt: int = 32, count: int = 24) -> float:
    """How many tokens a second the model writes for `batch` users at once, with a cache."""
    torch.manual_seed(0)
    texts = torch.randint(model.config.vocab_size, (batch, prompt), device=model.device)
    return batch * count / sum(seconds_per_token(model, texts, count, cache=True))


# ── how small they can be made ───────────────────────────────────────────────────────────────────


def matrices(model: PreTrainedModel) -> list[Tensor]:
    """The weight matrices of a model: nearly all of its parameters, but for biases and norms."""
    return [weights for weights in model.parameters() if weights.dim() == 2]


@torch.no_grad()
def rounded(model: PreTrainedModel, bits: int) -> PreTrainedModel:
    """A copy of `model` whose weights are whole multiples of a step, few enough to fit in `bits` bits.

    Each row of a matrix has a step of its own: its largest weight over the largest whole number.
    """
    copied = copy.deepcopy(model)
    for weights in matrices(copied):
        step = weights.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / (2 ** (bits - 1) - 1)
        weights.copy_((weights / step).round() * step)
    return copied


@torch.no_grad()
def error(model: PreTrainedModel, copied: PreTrainedModel) -> float:
    """How far the copy's weights are off: the mean change over the mean size of a weight."""
    pairs = list(zip(matrices(model), matrices(copied), strict=True))
    change = sum((weights - other).abs().sum().item() for weights, other in pairs)
    return change / sum(weights.abs().sum().item() for weights, _ in pairs)


def stored(model: PreTrainedModel, bits: int) -> float:
    """Bytes that the matrices take at `bits` bits a weight; below 32, with a step of 4 bytes for every row."""
    return sum(weights.numel() * bits / 8 + (4 * len(weights) if bits < 32 else 0) for weights in matrices(model))


@torch.no_grad()
def pruned(model: PreTrainedModel, share: float) -> PreTrainedModel:
    """A copy of `model` in which the smallest `share` of each matrix's weights is zero."""
    copied = copy.deepcopy(model)
    for weights in matrices(copied):
        limit = weights.abs().flatten().kthvalue(max(1, round(share * weights.numel()))).values
        weights[weights.abs() <= limit] = 0
    return copied
