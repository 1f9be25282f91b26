"""How many parameters models have, counted on models that are built without memory.

On PyTorch's device `meta` a tensor has a shape, but no numbers. So a model that fits on no machine can be counted
on any.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM


@dataclass(frozen=True)
class Shape:
    """What a paper or a model card tells of a model."""

    name: str
    layers: int
    width: int
    heads: int
    more: tuple[tuple[str, int], ...] = ()


LLAMA = (("num_key_value_heads", 8), ("vocab_size", 128_256))

MODELS = (
    Shape("GPT-2", 12, 768, 12),
    Shape("GPT-2 XL", 48, 1600, 25),
    Shape("GPT-3", 96, 12_288, 96, (("n_positions", 2048),)),
    Shape("Llama 3.1 8B", 32, 4096, 32, (*LLAMA, ("intermediate_size", 14_336))),
    Shape("Llama 3.1 405B", 126, 16_384, 128, (*LLAMA, ("intermediate_size", 53_248))),
)
"""Radford et al. 2019, Brown et al. 2020 (table 2.1), Llama Team 2024 (table 3)."""


def built(shape: Shape) -> int:
    """The number of parameters of a model of this shape."""
    with torch.device("meta"):
        if shape.name.startswith("GPT"):
            sizes = {"n_layer": shape.layers, "n_embd": shape.width, "n_head": shape.heads}
            return count(GPT2LMHeadModel(GPT2Config(**sizes, **dict(shape.more))))
        sizes = {"num_hidden_layers": shape.layers, "hidden_size": shape.width, "num_attention_heads": shape.heads}
        return count(LlamaForCausalLM(LlamaConfig(**sizes, **dict(shape.more))))


def count(part: nn.Module) -> int:
    """Its parameters, each one once."""
    return sum(one.numel() for one in part.parameters())
