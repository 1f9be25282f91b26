"""From everyday English to the language of reports: with and without a trained model to start from."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from sentences import DEFINED, DEFINITION, KINDS, MEASURED, SCIENCE, science
from transformers import BertForMaskedLM, BertTokenizer

from course.masked import fill
from course.miniature import shrunken_bert
from course.training import HIDDEN, Batch, fit, picks

KIND_OF = {quantity: kind for kind, quantities in MEASURED.items() for quantity in quantities}

NEW_WORDS = [*KIND_OF, *["in", "measured", "our", "samples", "showed", "was", "found"]]
"""The words of reports that no everyday sentence has."""


@torch.no_grad()
def right(model: BertForMaskedLM, tokenizer: BertTokenizer) -> float:
    """The share of reports in which the model fills in a quantity that fits what was measured."""
    asked = [
        (pattern.format(word=word, quantity="[MASK]"), kind)
        for pattern in SCIENCE
        for kind, words in KINDS.items()
        for word in words
    ]
    inputs = tokenizer([text for text, _ in asked], padding=True, return_tensors="pt").to(model.device)
    best = model(**inputs).logits[inputs["input_ids"] == tokenizer.mask_token_id].argmax(-1)
    said = tokenizer.convert_ids_to_tokens(best.tolist())
    return sum(KIND_OF.get(word) == kind for word, (_, kind) in zip(said, asked, strict=True)) / len(asked)


def train_on_reports(
    reports: Sequence[str], tokenizer: BertTokenizer, start: BertForMaskedLM | None = None, steps: int = 120
) -> BertForMaskedLM:
    """A model that fills in what was measured: from random weights, or a copy of `start`, trained further.

    The words of reports that no everyday sentence has begin with random vectors in either case.
    """
    torch.manual_seed(0)
    model = BertForMaskedLM(shrunken_bert(tokenizer))
    quantities = torch.tensor(tokenizer.convert_tokens_to_ids(list(KIND_OF)))
    if start is not None:
        new = torch.tensor(tokenizer.convert_tokens_to_ids(NEW_WORDS))
        vectors = model.get_input_embeddings().weight.detach()[new].clone()
        model.load_state_dict(start.state_dict())
        with torch.no_grad():
            model.get_input_embeddings().weight[new] = vectors
            model.cls.predictions.bias[new] = 0
    chosen = picks(reports, 32)

    def batch() -> Batch:
        inputs = tokenizer(next(chosen), padding=True, return_tensors="pt")
        ids = inputs["input_ids"]
        asked = torch.isin(ids, quantities)
        return {
            **inputs,
            "input_ids": ids.masked_fill(asked, tokenizer.mask_token_id),
            "labels": ids.masked_fill(~asked, HIDDEN),
        }

    fit(model, batch, steps)
    return model


def compare(everyday: BertForMaskedLM, tokenizer: BertTokenizer, sizes: Sequence[int]) -> dict[str, list[float]]:
    """`right`, from random weights and from the everyday model, after the same steps on each number of reports."""
    starts = {"random weights": None, "everyday model": everyday}
    return {
        name: [right(train_on_reports(science(size), tokenizer, start), tokenizer) for size in sizes]
        for name, start in starts.items()
    }


def undefined(model: BertForMaskedLM, tokenizer: BertTokenizer) -> list[tuple[str, str, str]]:
    """Each word that no sentence defines, its kind, and the kind that the model fills in."""
    found = []
    for kind, words in KINDS.items():
        for word in words:
            if word not in DEFINED[kind]:
                chances = fill(model, tokenizer, DEFINITION.format(word, "[MASK]"), list(KINDS))
                found.append((word, kind, max(chances, key=chances.__getitem__)))
    return found


def marked(found: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """A row for each kind, with its words; of the wrong ones in bold also what the model said."""
    return [
        (kind, ", ".join(word if said == true else f"**{word}: {said}**" for word, true, said in found if true == kind))
        for kind in KINDS
    ]
