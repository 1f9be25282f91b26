"""The small models of this chapter, and how they are trained on the sentences of texts.py.

Every model here is a teaching instrument. It has the architecture of its famous relatives, shrunk until
one processor core trains it in seconds. Where there is a GPU, the models live there. Needs torch and transformers.

    classifier   ─▶ the pipeline, quantisation, pruning
    translator   ─▶ attention, transfer learning
    generator    ─▶ sampling
    masked model ─▶ bias
"""

# ruff: noqa: S311 - chance only picks sentences here

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from string import ascii_lowercase

import torch
from texts import DETERMINERS, FRENCH, JOBS, VERBS, Pairs
from torch import Tensor
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
)

torch.set_num_threads(1)  # so small that a second thread only adds waiting

Batch = dict[str, Tensor]
HIDDEN = -100
"""A label that counts for nothing: PyTorch's cross-entropy skips it."""


def device() -> torch.device:
    """Where this chapter's models live: the GPU, if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def tokenizer_for(sentences: Sequence[str]) -> BertTokenizer:
    """A tokenizer that knows whole every word of `sentences`, and all other words in pieces.

    The pieces are the letters, and the endings of two or three letters that at least three words share;
    `##` says that a piece goes on with a word. Tokenizers of large models learn their pieces by frequency.
    """
    words = sorted({word for sentence in sentences for word in sentence.split()})
    endings = Counter(word[-size:] for word in words for size in (2, 3) if len(word) > size + 1)
    shared = sorted(ending for ending, count in endings.items() if count >= 3)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *words, *ascii_lowercase, *(f"##{piece}" for piece in [*ascii_lowercase, *shared])]
    return BertTokenizer(vocab={piece: index for index, piece in enumerate(dict.fromkeys(pieces))})


def fit(model: PreTrainedModel, batch: Callable[[], Batch], steps: int, rate: float = 2e-3) -> list[float]:
    """Move to the device and train on `steps` batches with a rate that falls to zero. Returns every step's loss."""
    model.to(device())
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    losses = []
    model.train()
    for _ in range(steps):
        inputs = {name: tensor.to(model.device) for name, tensor in batch().items()}
        loss = model(**inputs).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss.item())
    model.eval()
    return losses


def shrunken_bert(tokenizer: BertTokenizer, layers: int = 2, heads: int = 2, width: int = 64, **more) -> BertConfig:
    """BERT's architecture in miniature; BERT base has 12 layers, 12 heads and a width of 768."""
    return BertConfig(
        vocab_size=len(tokenizer),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        hidden_size=width,
        intermediate_size=2 * width,
        max_position_embeddings=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.1,  # narrow models start better from larger weights than BERT's 0.02
        pad_token_id=tokenizer.pad_token_id,
        **more,
    )


# ── sentiment ────────────────────────────────────────────────────────────────────────────────────


def labelled(tokenizer: BertTokenizer, examples: Sequence[tuple[str, int]], size: int = 64) -> Callable[[], Batch]:
    """A source of random batches of labelled reviews."""
    chance = random.Random(1)

    def batch() -> Batch:
        texts, labels = zip(*chance.sample(list(examples), min(size, len(examples))), strict=True)
        return {**tokenizer(list(texts), padding=True, return_tensors="pt"), "labels": torch.tensor(labels)}

    return batch


def train_classifier(
    examples: Sequence[tuple[str, int]], steps: int = 250
) -> tuple[BertForSequenceClassification, BertTokenizer]:
    """A sentiment classifier, from random weights."""
    torch.manual_seed(0)
    tokenizer = tokenizer_for([text for text, _ in examples])
    config = shrunken_bert(tokenizer, id2label={0: "NEGATIVE", 1: "POSITIVE"}, label2id={"NEGATIVE": 0, "POSITIVE": 1})
    model = BertForSequenceClassification(config)
    fit(model, labelled(tokenizer, examples), steps)
    return model, tokenizer


@torch.no_grad()
def accuracy(model: PreTrainedModel, tokenizer: BertTokenizer, examples: Sequence[tuple[str, int]]) -> float:
    """The share of `examples` that the model labels rightly."""
    texts, labels = zip(*examples, strict=True)
    logits = model(**tokenizer(list(texts), padding=True, return_tensors="pt").to(model.device)).logits
    return (logits.argmax(-1).cpu() == torch.tensor(labels)).float().mean().item()


# ── masked language modelling ────────────────────────────────────────────────────────────────────


def masked(tokenizer: BertTokenizer, sentences: Sequence[str], size: int = 64) -> Callable[[], Batch]:
    """A source of random batches in which one word of each sentence is hidden, and is the label."""
    chance = random.Random(1)

    def batch() -> Batch:
        inputs = tokenizer(chance.sample(list(sentences), size), padding=True, return_tensors="pt")
        ids = inputs["input_ids"]
        words = (ids > tokenizer.mask_token_id).float()
        hidden = torch.zeros_like(ids, dtype=torch.bool).scatter(1, torch.multinomial(words, 1), True)
        labels = ids.masked_fill(~hidden, HIDDEN)
        return {**inputs, "input_ids": ids.masked_fill(hidden, tokenizer.mask_token_id), "labels": labels}

    return batch


def train_masked(
    sentences: Sequence[str],
    steps: int = 250,
    tokenizer: BertTokenizer | None = None,
    start: BertForMaskedLM | None = None,
) -> tuple[BertForMaskedLM, BertTokenizer]:
    """A masked language model of `sentences`; with `start`, a copy of that model, trained further.

    Models that are to be compared, or trained further, must share a tokenizer.
    """
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for(sentences)
    model = BertForMaskedLM(shrunken_bert(tokenizer))
    if start is not None:
        model.load_state_dict(start.state_dict())
    fit(model, masked(tokenizer, sentences), steps)
    return model, tokenizer


@torch.no_grad()
def fill(model: BertForMaskedLM, tokenizer: BertTokenizer, text: str, words: Sequence[str] = JOBS) -> dict[str, float]:
    """How probable the model finds each of `words` where `text` has [MASK]."""
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    place = (inputs["input_ids"][0] == tokenizer.mask_token_id).nonzero().item()
    chances = model(**inputs).logits[0, place].softmax(-1)
    return {word: chances[tokenizer.convert_tokens_to_ids(word)].item() for word in words}


def gap(model: BertForMaskedLM, tokenizer: BertTokenizer) -> float:
    """How far the answers for a man and a woman lie apart: 0 for equal, 1 for nothing in common.

    The total variation distance of the two answers, each taken over the jobs alone.
    """
    men, women = (fill(model, tokenizer, f"this {person} works as a [MASK] .") for person in ("man", "woman"))
    of_men, of_women = sum(men.values()), sum(women.values())
    return sum(abs(men[job] / of_men - women[job] / of_women) for job in JOBS) / 2


# ── translation, word for word ───────────────────────────────────────────────────────────────────


def train_translator(
    pairs: Pairs,
    words: dict[str, str] = FRENCH,
    steps: int = 300,
    start: BertForTokenClassification | None = None,
    tokenizer: BertTokenizer | None = None,
) -> tuple[BertForTokenClassification, BertTokenizer]:
    """An encoder of one layer and one head that says, for each English word, its translation.

    With `start`, it goes on from that model's encoder instead of random weights.
    """
    torch.manual_seed(0)
    tokenizer = tokenizer or tokenizer_for([" ".join(english) for english, _ in pairs])
    forms = sorted({form for entry in words.values() for form in entry.split()} - set(DETERMINERS))
    config = shrunken_bert(
        tokenizer,
        layers=1,
        heads=1,
        id2label=dict(enumerate(forms)),
        label2id={form: index for index, form in enumerate(forms)},
        attn_implementation="eager",  # the implementation that can return its attention weights
    )
    model = BertForTokenClassification(config)
    if start is not None:
        model.bert.load_state_dict(start.bert.state_dict())
    chance = random.Random(1)

    def batch() -> Batch:
        chosen = chance.sample(list(pairs), min(64, len(pairs)))
        inputs = tokenizer([" ".join(english) for english, _ in chosen], padding=True, return_tensors="pt")
        labels = torch.full_like(inputs["input_ids"], HIDDEN)
        for row, (_, foreign) in enumerate(chosen):
            labels[row, 1 : 1 + len(foreign)] = torch.tensor([config.label2id[word] for word in foreign])
        return {**inputs, "labels": labels}

    fit(model, batch, steps)
    return model, tokenizer


@torch.no_grad()
def translate(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> list[str]:
    """The model's translation of each word of `text`."""
    best = model(**tokenizer(text, return_tensors="pt").to(model.device)).logits[0].argmax(-1)
    return [model.config.id2label[index] for index in best.tolist()[1:-1]]


@torch.no_grad()
def attention(model: BertForTokenClassification, tokenizer: BertTokenizer, text: str) -> tuple[list[str], Tensor]:
    """The tokens of `text`, and how much each (row) looks at each (column): a row adds up to 1."""
    inputs = tokenizer(text, return_tensors="pt").to(model.device)
    weights = model(**inputs, output_attentions=True).attentions[0][0, 0]  # of the only layer's only head
    return tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]), weights.cpu()


@torch.no_grad()
def translated_rightly(model: BertForTokenClassification, tokenizer: BertTokenizer, pairs: Pairs) -> float:
    """The share of rightly translated words, counting only those that depend on their company."""
    right = [
        guess == wanted
        for english, foreign in pairs
        for word, wanted, guess in zip(english, foreign, translate(model, tokenizer, " ".join(english)), strict=True)
        if word in VERBS or word in DETERMINERS.values()
    ]
    return sum(right) / len(right)


# ── generation ───────────────────────────────────────────────────────────────────────────────────


def train_generator(sentences: Sequence[str], steps: int = 300) -> tuple[GPT2LMHeadModel, BertTokenizer]:
    """GPT-2's architecture in miniature, trained to say the next word of `sentences`."""
    torch.manual_seed(0)
    tokenizer = tokenizer_for(sentences)
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_embd=64,
            n_layer=2,
            n_head=2,
            n_positions=32,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=tokenizer.cls_token_id,
            eos_token_id=tokenizer.sep_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    model.loss_type = "ForCausalLM"  # GPT-2's class does not name its loss, and transformers warns of it
    chance = random.Random(1)

    def batch() -> Batch:
        inputs = tokenizer(
            chance.sample(list(sentences), 64), padding=True, return_tensors="pt", return_token_type_ids=False
        )
        return {**inputs, "labels": inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, HIDDEN)}

    fit(model, batch, steps)
    return model, tokenizer
