"""A causal model that answers from its prompt: what it is asked for, it has never read before."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from sentences import COLOURS, TOLD, badges
from transformers import BertTokenizer, LlamaConfig, LlamaForCausalLM

from course.tokens import tokenizer_for
from course.training import HIDDEN, Batch, fit, picks


def train_reader(texts: Sequence[str], steps: int = 600) -> tuple[LlamaForCausalLM, BertTokenizer]:
    """Llama's architecture in miniature, trained to say each name's colour.

    The names themselves come by chance, so they do not count.
    """
    torch.manual_seed(0)
    tokenizer = tokenizer_for(texts)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=64,
            initializer_range=0.1,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.cls_token_id,
            eos_token_id=tokenizer.sep_token_id,
        )
    )
    colours = torch.tensor(tokenizer.convert_tokens_to_ids(COLOURS))
    chosen = picks(texts, 32)

    def batch() -> Batch:
        ids = _numbers(tokenizer, next(chosen))
        return {"input_ids": ids, "labels": ids.masked_fill(~torch.isin(ids, colours), HIDDEN)}

    fit(model, batch, steps, rate=4e-3)
    return model, tokenizer


@torch.no_grad()
def answers(model: LlamaForCausalLM, tokenizer: BertTokenizer, prompts: Sequence[str], window: int = 64) -> list[str]:
    """The likeliest next word of each prompt, all of one length, of which the model gets the last `window` tokens."""
    ids = _numbers(tokenizer, prompts)[:, -window:].to(model.device)
    return tokenizer.convert_ids_to_tokens(model(ids).logits[:, -1].argmax(-1).tolist())


def right_by_mentions(model: LlamaForCausalLM, tokenizer: BertTokenizer, texts: Sequence[str]) -> list[float]:
    """The share of right colours for a name that the text has told 0, 1, 2, and at least 3 times before."""
    asked: list[list[tuple[str, str]]] = [[] for _ in range(4)]
    for words in map(str.split, texts):
        for place in range(TOLD):
            told = words[: 2 * place : 2].count(words[2 * place])
            asked[min(told, 3)].append((" ".join(words[: 2 * place + 1]), words[2 * place + 1]))
    return [_right(model, tokenizer, some) for some in asked]


def right_by_distance(
    model: LlamaForCausalLM, tokenizer: BertTokenizer, window: int = 64, count: int = 200
) -> list[float]:
    """The share of right colours when 0 to 5 statements about somebody else stand between the fact and the question."""
    pairs = [text.split() for text in badges(8 * count, people=[2], seed=2)]
    facts = [(words[:2], other) for words in pairs if (other := _other(words))][:count]
    return [
        _right(
            model, tokenizer, [(" ".join([*fact, *between * other, fact[0]]), fact[1]) for fact, other in facts], window
        )
        for between in range(6)
    ]


def _other(words: list[str]) -> list[str]:
    """What a text of two people says of the second one."""
    return next((words[at : at + 2] for at in range(0, len(words), 2) if words[at] != words[0]), [])


def _right(
    model: LlamaForCausalLM, tokenizer: BertTokenizer, asked: Sequence[tuple[str, str]], window: int = 64
) -> float:
    hits = 0
    for length in sorted({len(prompt.split()) for prompt, _ in asked}):
        same = [one for one in asked if len(one[0].split()) == length]
        said = answers(model, tokenizer, [prompt for prompt, _ in same], window)
        hits += sum(word == wanted for word, (_, wanted) in zip(said, same, strict=True))
    return hits / len(asked)


def _numbers(tokenizer: BertTokenizer, texts: Sequence[str]) -> torch.Tensor:
    return tokenizer(list(texts), add_special_tokens=False, return_tensors="pt")["input_ids"]
