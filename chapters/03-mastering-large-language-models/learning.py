"""How the village model learns, writes and answers.

One training loop serves both: pretraining on stories, and fine-tuning on questions with their answers.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from pieces import END, PAD, START
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize
from transformer import Block, Transformer

torch.set_num_threads(1)  # so small that a second thread only adds waiting


@dataclass
class Course:
    """What was measured while a model learned: after so many updates, its loss, and what it wrote then."""

    updates: list[int] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    """On sentences that it is trained on."""
    new: list[float] = field(default_factory=list)
    """On sentences that it never reads."""
    samples: dict[int, str] = field(default_factory=dict)


def newborn(tokenizer: Tokenizer, seed: int = 0) -> Transformer:
    """A model with random weights."""
    torch.manual_seed(seed)
    return Transformer(tokenizer.get_vocab_size())


def batch_of(tokenizer: Tokenizer, sentences: Sequence[str]) -> Tensor:
    """The token ids of `sentences`, a row each, with [END] before and behind, filled up with [PAD]."""
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id(PAD)
    rows = [torch.tensor([end, *one.ids, end]) for one in tokenizer.encode_batch(list(sentences))]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)


def loss_of(model: Transformer, ids: Tensor, pad: int = 1) -> Tensor:
    """How surprised the model is by each next token, on average: minus the logarithm of the chance that it gave it."""
    return cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten(), ignore_index=pad)


def train(
    model: Transformer,
    tokenizer: Tokenizer,
    sentences: Sequence[str],
    epochs: int,
    size: int = 24,
    rate: float = 5e-3,
    new: Sequence[str] = (),
    diary: Sequence[int] = (),
) -> Course:
    """Train on batches of `size` sentences, in another order in each epoch, with a rate that falls to zero.

    With `new` sentences, every 20 updates the loss on as many known ones and on these is measured. After the
    updates in `diary`, a sample of the model's writing is kept.
    """
    ids, pad = batch_of(tokenizer, sentences), tokenizer.token_to_id(PAD)
    exam = batch_of(tokenizer, new) if new else None
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    updates = epochs * -(-len(ids) // size)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=updates)
    dice = torch.Generator().manual_seed(0)
    course, done = Course(), 0

    def look() -> None:
        if done in diary:
            course.samples[done] = write(model, tokenizer, seed=4)
        if exam is not None and done % 20 == 0:
            with torch.no_grad():
                course.updates.append(done)
                course.known.append(loss_of(model, ids[: len(exam)], pad).item())
                course.new.append(loss_of(model, exam, pad).item())

    look()
    for _ in range(epochs):
        for rows in torch.randperm(len(ids), generator=dice).split(size):
            loss = loss_of(model, ids[rows], pad)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            done += 1
            look()
    return course


def gradient(model: Transformer, ids: Tensor) -> Tensor:
    """In which direction, and how steeply, the loss on this batch rises: one number for each parameter."""
    model.zero_grad()
    loss_of(model, ids).backward()
    slopes = torch.cat([one.grad.flatten() for one in model.parameters()])
    model.zero_grad()
    return slopes


@torch.no_grad()
def next_tokens(model: Transformer, tokenizer: Tokenizer, text: str) -> dict[str, float]:
    """Every token with its chance to come next behind `text`, the likeliest first."""
    ids = torch.tensor([tokenizer.token_to_id(END), *tokenizer.encode(text).ids])
    chances = model(ids)[-1].softmax(-1)
    order = chances.argsort(descending=True).tolist()
    return {tokenizer.id_to_token(index): chances[index].item() for index in order}


@torch.no_grad()
def write(model: Transformer, tokenizer: Tokenizer, text: str = "", longest: int = 24, seed: int | None = None) -> str:
    """Go on from `text`, one token after the other, up to [END]: the likeliest each time, or with `seed`, by chance."""
    end = tokenizer.token_to_id(END)
    ids = [end, *tokenizer.encode(text).ids]
    dice = None if seed is None else torch.Generator().manual_seed(seed)
    while len(ids) <= longest:
        scores = model(torch.tensor(ids))[-1]
        token = scores.argmax() if dice is None else torch.multinomial(scores.softmax(-1), 1, generator=dice)
        if token.item() == end:
            break
        ids.append(int(token.item()))
    return tokenizer.decode(ids).strip()


def answer(model: Transformer, tokenizer: Tokenizer, question: str) -> str:
    """What the model writes behind the question."""
    return write(model, tokenizer, question).removeprefix(question).strip()


@torch.no_grad()
def first_trade(model: Transformer, tokenizer: Tokenizer, question: str) -> tuple[str, float]:
    """The trade that the model names in its answer, and the chance that it gives it."""
    token, chance = next(iter(next_tokens(model, tokenizer, f"{question} the").items()))
    return token.lstrip(START), chance


def right_answers(model: Transformer, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> float:
    """The share of questions that the model answers word for word."""
    return sum(answer(model, tokenizer, question) == wanted for question, wanted in pairs) / len(pairs)


def neighbours(model: Transformer, tokenizer: Tokenizer, word: str, among: Sequence[str], count: int = 3) -> list[str]:
    """The tokens of `among` whose embeddings point most nearly in the direction of `word`'s (cosine similarity)."""
    table = normalize(model.embedding.weight.detach(), dim=-1)
    likeness = table @ table[tokenizer.token_to_id(word)]
    others = sorted(set(among) - {word})
    return sorted(others, key=lambda other: -likeness[tokenizer.token_to_id(other)].item())[:count]


def projections(block: Block) -> list[Tensor]:
    """The three tables of a block's attention that make queries, keys and values."""
    attention = block.attention
    return [one.weight.detach() for one in (attention.query, attention.key, attention.value)]


def copied(model: Transformer) -> Transformer:
    """The same model once more, to be trained further without changing this one."""
    return copy.deepcopy(model)
