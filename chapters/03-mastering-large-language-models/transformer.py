"""A language model from scratch: a decoder-only transformer, small enough to be read in one sitting.

    token ids ─▶ embeddings + positions ─▶ block ─▶ block ─▶ one score for each token of the vocabulary

Like GPT-2 in miniature, but for its positions, which are those of 2017. Needs torch alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def positions(length: int, width: int) -> Tensor:
    """The sinusoidal positional encodings of "Attention Is All You Need" (section 3.5), one row a position."""
    place = torch.arange(length)[:, None]
    pace = 10_000 ** (-torch.arange(0, width, 2) / width)
    waves = torch.zeros(length, width)
    waves[:, 0::2] = torch.sin(place * pace)
    waves[:, 1::2] = torch.cos(place * pace)
    return waves


class Attention(nn.Module):
    """Causal self-attention with one head: each token asks, all tokens up to it may answer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))

    def weights(self, x: Tensor) -> Tensor:
        """How much each token (row) looks at each (column). Every row adds up to 1."""
        scores = self.query(x) @ self.key(x).transpose(-2, -1) / x.shape[-1] ** 0.5
        future = torch.ones(scores.shape[-2:], dtype=torch.bool, device=x.device).triu(1)
        return scores.masked_fill(future, -torch.inf).softmax(-1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.weights(x) @ self.value(x))


class Block(nn.Module):
    """Attention, then two layers that treat each token by itself. Both only add to what is there."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width)
        self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Transformer(nn.Module):
    """Scores for the next token behind every token of a batch of ids."""

    def __init__(self, vocabulary: int, width: int = 64, layers: int = 2, longest: int = 64) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.scale = width**0.5
        self.register_buffer("positions", positions(longest, width))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.head.weight = self.embedding.weight  # one table serves at both ends, as in GPT-2

    def embed(self, ids: Tensor) -> Tensor:
        """What each token is, plus where it stands."""
        return self.embedding(ids) * self.scale + self.positions[: ids.shape[-1]]

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.norm(self.blocks(self.embed(ids))))
