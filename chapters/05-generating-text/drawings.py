"""The pictures that this chapter computes; the course's own ones are in course.plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import torch
from tales import EVENTS, FINDS, HE, HOMES, SHE, SIZES, TIMES
from torch import Tensor
from transformers import GPT2LMHeadModel, PreTrainedTokenizerBase

from course.plots import bars, canvas, panels

CLASSES = {
    "names": SHE + HE,
    "animals": list(HOMES),
    "things": list(FINDS),
    "feelings": sorted(set(FINDS.values())),
    "events": list(EVENTS),
    "sizes, times": SIZES + TIMES,
}


def logits_and_chances(scores: Mapping[str, float], chances: Mapping[str, float], most: int = 8) -> None:
    """The same tokens twice: raw scores at the left, what softmax makes of them at the right."""
    left, right = panels(2, height=5.6)
    best = dict(list(chances.items())[:most])
    left.barh(list(best), [scores[word] for word in best], height=0.7, color="C2")
    for row, word in enumerate(best):
        left.text(max(scores[word], 0) + 0.2, row, f"{scores[word]:.1f}", va="center")
    left.set_title("logits")
    left.invert_yaxis()
    left.set_xticks([])
    left.margins(x=0.12)
    left.tick_params(length=0)
    left.spines[["bottom", "left"]].set_visible(False)
    rest = 1 - sum(best.values())
    bars({**best, f"{len(chances) - most} others": rest}, right)
    right.set_title("chances after softmax")


def word_map(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """The storyteller's word embeddings, seen from the side on which they lie farthest apart."""
    words = [word for members in CLASSES.values() for word in members]
    vectors = model.transformer.wte.weight.detach().cpu()[tokenizer.convert_tokens_to_ids(words)]
    torch.manual_seed(0)
    _, _, directions = torch.pca_lowrank(vectors, q=16, niter=8)  # two are drawn; more make them exact
    places = dict(zip(words, ((vectors - vectors.mean(0)) @ directions[:, :2]).tolist(), strict=True))
    axes = canvas(height=7.6)
    for number, (name, members) in enumerate(CLASSES.items()):
        across, up = zip(*(places[word] for word in members), strict=True)
        axes.scatter(across, up, color=f"C{number}", s=90, label=name)
        for word in members:
            where = {"xytext": (9, 0), "textcoords": "offset points", "va": "center"}
            axes.annotate(word, places[word], **where, color=f"C{number}", size=18)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    axes.margins(x=0.08)
    axes.legend(loc="upper right", markerscale=1.4, ncols=2)


def four_heads(tokens: Sequence[str], weights: Tensor, asking: Mapping[str, int], seen: Sequence[str]) -> None:
    """For each head: how much each asking token looks at each of `seen`, and at everything else together."""
    columns = [*seen, "others"]
    for number, (axes, head) in enumerate(zip(panels(len(weights), height=6.2), weights, strict=True), 1):
        rows = [_shares(tokens, head[place], seen) for place in asking.values()]
        axes.imshow(rows, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for row, shares in enumerate(rows):
            for column, share in enumerate(shares):
                if share >= 0.3:
                    colour = "white" if share > 0.6 else "black"
                    axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour)
        axes.set_title(f"head {number}")
        axes.set_xticks(range(len(columns)), columns, rotation=55, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(rows)), asking if number == 1 else [""] * len(rows))
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    plt.gcf().get_layout_engine().set(wspace=0.05)


def _shares(tokens: Sequence[str], row: Tensor, seen: Sequence[str]) -> list[float]:
    """The attention of one token to each of `seen`, wherever these stand, and what is left."""
    shares = [sum(row[at].item() for at, token in enumerate(tokens) if token == word) for word in seen]
    return [*shares, max(0.0, 1 - sum(shares))]


def temperatures(scores: Mapping[str, float]) -> None:
    """How the chances of a few tokens change with the temperature, as layers whose heights add up to one."""
    heats = torch.linspace(0.1, 3.0, 100)
    logits = torch.tensor(list(scores.values()))
    shares = (logits[:, None] / heats).softmax(0)
    axes = canvas(height=6.6)
    shades = plt.get_cmap("viridis")(torch.linspace(0.15, 0.95, len(scores)).tolist())
    axes.stackplot(heats.tolist(), shares.flip(0).tolist(), colors=shades, edgecolor="white", linewidth=1.5)
    bounds = shares.flip(0).cumsum(0)[:, -1].tolist()
    for name, low, high in zip(reversed(scores), [0, *bounds], bounds, strict=False):
        axes.annotate(
            name, (3.0, (low + high) / 2), (12, 0), textcoords="offset points", va="center", annotation_clip=False
        )
    axes.axvline(1, color="black", linestyle="--", linewidth=2)
    axes.set_xlim(0.1, 3.0)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xticks([0.1, 0.5, 1, 1.5, 2, 2.5, 3])
    axes.set_xlabel("temperature")


def survivors(cases: Mapping[str, Mapping[str, float]], k: int, p: float, most: int = 9) -> dict[str, tuple[int, int]]:
    """Which tokens may still be drawn with top-k, above, and with top-p, below. Returns how many in each case."""
    _, grid = plt.subplots(2, len(cases), figsize=(17.3, 7.6))
    kept = {}
    for column, (title, chances) in enumerate(cases.items()):
        ranked = list(chances.items())
        sums = [sum(share for _, share in ranked[:number]) for number in range(len(ranked))]
        within = sum(before < p for before in sums)
        kept[title] = k, within
        for axes, limit, name in zip(grid[:, column], (k, within), (f"top-k, {k}", f"top-p, {p}"), strict=True):
            words, shares = zip(*ranked[:most], strict=True)
            colours = ["C0" if rank < limit else "#c3cad6" for rank in range(most)]
            axes.bar(range(most), shares, color=colours)
            axes.set_xticks(range(most), words, rotation=35, ha="right", rotation_mode="anchor")
            for rank, label in enumerate(axes.get_xticklabels()):
                label.set_color(colours[rank] if rank < limit else "#7a8494")
                label.set_weight("bold" if rank < limit else "normal")
            axes.tick_params(length=0)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.set_title(f"{title}   {name}: {limit} left")
    return kept


def quality(measured: Mapping[float, tuple[float, float]], textbook: float) -> None:
    """How many tales keep all rules at each temperature, and how much they repeat, as against the `textbook`."""
    axes = canvas(height=6.6)
    heats = list(measured)
    right, again = zip(*measured.values(), strict=True)
    for values, name, colour in ((right, "tales without mistake", "C0"), (again, "sentences said twice", "C1")):
        axes.plot(heats, values, "o-", color=colour, label=name)
    axes.axhline(textbook, color="C1", linestyle=":", label="the same, in the textbook")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("temperature")
    axes.grid(axis="y")
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.97))


def windows(measured: Mapping[int, tuple[float, float]]) -> None:
    """How often the model knows the animal and the feeling, by how many tokens it may look back."""
    axes = canvas(height=6.4)
    animals, feelings = zip(*measured.values(), strict=True)
    axes.plot(list(measured), feelings, "s-", color="C1", label="the right feeling")
    axes.plot(list(measured), animals, "o-", color="C0", label="the right animal")
    axes.set_ylim(0, 1.05)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlabel("tokens in the window")
    axes.grid(axis="y")
    axes.legend(loc="lower right")


def by_examples(lines: Mapping[str, Sequence[float]], dotted: str, most: int = 9) -> None:
    """The share of right answers by the number of examples in the prompt; the line called `dotted` is dotted."""
    axes = canvas(height=6.6)
    for name, shares in lines.items():
        axes.plot(
            range(most + 1),
            shares[: most + 1],
            ":" if name == dotted else "o-",
            label=name,
            color="C5" if name == dotted else None,
        )
    axes.set_ylim(0, 1.05)
    axes.set_xticks(range(most + 1))
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    axes.set_xlabel("examples in the prompt")
    axes.grid(axis="y")
    axes.legend(loc="lower right")
