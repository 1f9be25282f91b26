"""Why a decoder may not look ahead: two models learn to say the next word, one of which can see it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import BertLMHeadModel, BertTokenizer, logging

from course.generator import continued
from course.miniature import shrunken_bert
from course.training import fit

logging.set_verbosity_error()  # or BERT without its mask warns that it is none for writing, which is the point here


def train_next_word(
    texts: Sequence[str], tokenizer: BertTokenizer, masked: bool, steps: int = 300
) -> tuple[BertLMHeadModel, list[float]]:
    """A model of one layer and one head that says the next word, and its loss after each step."""
    torch.manual_seed(0)
    config = shrunken_bert(
        tokenizer,
        layers=1,
        heads=1,
        is_decoder=masked,  # a decoder has the causal mask, an encoder has none
        attn_implementation="eager",  # the implementation that can return its attention weights
    )
    model = BertLMHeadModel(config)
    return model, fit(model, continued(tokenizer, texts), steps)


@torch.no_grad()
def looks(model: BertLMHeadModel, tokenizer: BertTokenizer, text: str) -> tuple[list[str], Tensor]:
    """The tokens of `text`, and how much each (row) looks at each (column)."""
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    weights = model(**inputs, output_attentions=True).attentions[0][0, 0]
    return tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]), weights.cpu()


@torch.no_grad()
def written(model: BertLMHeadModel, tokenizer: BertTokenizer, count: int, length: int = 6) -> list[str]:
    """`count` texts, each word drawn by the model's chances, from the beginning on."""
    torch.manual_seed(0)
    ids = torch.full((count, 1), tokenizer.cls_token_id, device=model.device)
    for _ in range(length):
        chances = model(ids).logits[:, -1].softmax(-1)
        ids = torch.cat([ids, torch.multinomial(chances, 1)], 1)
    ends = [row.index(tokenizer.sep_token_id) if tokenizer.sep_token_id in row else len(row) for row in ids.tolist()]
    return [tokenizer.decode(row[1:end]) for row, end in zip(ids, ends, strict=True)]
