"""Trains the models that the stand-in hub serves, in seconds: `python train.py FOLDER`.

They are the small models of the course in the shape in which the hub would serve them. They bear the names of famous
ones only between that server and the test that asks it.
"""

from __future__ import annotations

import sys
from pathlib import Path

CHAPTERS = Path(__file__).parents[2] / "chapters"
CARD = "A stand-in for {name}, trained by deckcast's tests on a few template sentences. It knows nothing else.\n"


def main(folder: Path) -> None:
    sys.path.insert(0, str(CHAPTERS))
    from course.masked import train_masked
    from course.texts.jobs import jobs

    model, tokenizer = train_masked(jobs(3000, skew=0.95), steps=250)
    _save(model, tokenizer, folder / "fill-mask", "bert-base-uncased")

    model, tokenizer = train_distilbert()
    _save(model, tokenizer, folder / "text-classification", "distilbert-base-uncased-finetuned-sst-2-english")


def train_distilbert() -> tuple:
    """A sentiment classifier of DistilBERT's architecture."""
    import torch
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    from course.classifier import labelled
    from course.texts.reviews import reviews
    from course.tokens import tokenizer_for
    from course.training import fit

    torch.manual_seed(0)
    examples = reviews(1500)
    tokenizer = tokenizer_for([text for text, _ in examples])
    tokenizer.model_input_names = ["input_ids", "attention_mask"]  # DistilBERT knows no second sentence
    names = {0: "NEGATIVE", 1: "POSITIVE"}
    model = DistilBertForSequenceClassification(
        DistilBertConfig(
            vocab_size=len(tokenizer),
            max_position_embeddings=64,
            n_layers=1,
            n_heads=2,
            dim=64,
            hidden_dim=128,
            dropout=0.0,
            attention_dropout=0.0,
            seq_classif_dropout=0.0,
            initializer_range=0.1,
            id2label=names,
            label2id={name: index for index, name in names.items()},
        )
    )
    batch = labelled(tokenizer, examples)
    fit(model, lambda: {k: v for k, v in batch().items() if k != "token_type_ids"}, 200)
    return model, tokenizer


def _save(model, tokenizer, folder: Path, name: str) -> None:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "README.md").write_text(CARD.format(name=name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
