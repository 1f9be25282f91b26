"""An encoder and a decoder that turn English phrases into French ones, and the phrases.

In the first lesson's sentences, both languages had the same order. Here the colour moves behind its noun, `do not`
is put around the verb, and the translation has another number of tokens than the source.
"""

# ruff: noqa: S106, S311 - chance only picks words here, and tokens are no passwords

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from tokenizers.decoders import Metaspace as Joined
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import BpeTrainer
from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

from course.training import HIDDEN, Batch, device, fit, picks

SUBJECTS = {"you": "tu", "we": "nous", "they": "ils"}
VERBS = {
    "want": "veux voulons veulent", "see": "vois voyons voient", "take": "prends prenons prennent",
    "sell": "vends vendons vendent", "paint": "peins peignons peignent",
}  # fmt: skip
NOUNS = {
    "hat": "le chapeau", "train": "le train", "boat": "le bateau", "book": "le livre",
    "car": "la voiture", "house": "la maison", "door": "la porte", "chair": "la chaise",
}  # fmt: skip
COLOURS = {
    "green": "vert verte", "white": "blanc blanche", "black": "noir noire", "grey": "gris grise",
    "blue": "bleu bleue",
}  # fmt: skip
Pair = tuple[str, str]


def phrases(count: int, seed: int = 0) -> list[Pair]:
    """English phrases and their French translations."""
    chance = random.Random(seed)
    return [_phrase(chance) for _ in range(count)]


def _phrase(chance: random.Random) -> Pair:
    subject, verb = chance.choice(list(SUBJECTS)), chance.choice(list(VERBS))
    noun, colour, negated = chance.choice(list(NOUNS)), chance.choice([*COLOURS, ""]), chance.random() < 0.5
    article, thing = NOUNS[noun].split()
    french_verb = VERBS[verb].split()[list(SUBJECTS).index(subject)]
    french_colour = COLOURS[colour].split()[article == "la"] if colour else ""
    english = [subject, *(["do", "not"] if negated else []), verb, "the", colour, noun]
    french = [SUBJECTS[subject], *(["ne", french_verb, "pas"] if negated else [french_verb]), article, thing]
    return " ".join(filter(None, english)), " ".join(filter(None, [*french, french_colour]))


def tokenizer_of(pairs: Sequence[Pair], size: int = 150) -> PreTrainedTokenizerFast:
    """A byte-pair tokenizer of both languages: the pieces that come most often, at most `size` of them.

    `▁` in a piece stands for the blank before a word. Each text begins with <s> and ends with </s>.
    """
    pieces = Tokenizer(BPE(unk_token="<unk>"))
    pieces.pre_tokenizer, pieces.decoder = Metaspace(), Joined()
    special = ["<pad>", "<s>", "</s>", "<unk>"]
    pieces.train_from_iterator(
        [text for pair in pairs for text in pair],
        BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False),
    )
    pieces.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )


def train_rewriter(
    pairs: Sequence[Pair], steps: int = 400
) -> tuple[BartForConditionalGeneration, PreTrainedTokenizerFast]:
    """BART's architecture in miniature: one layer of encoder, one of decoder, trained to translate."""
    torch.manual_seed(0)
    tokenizer = tokenizer_of(pairs)
    config = BartConfig(
        vocab_size=len(tokenizer),
        d_model=64,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=128,
        decoder_ffn_dim=128,
        max_position_embeddings=32,
        dropout=0.0,
        init_std=0.1,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
        forced_eos_token_id=None,
    )
    model = BartForConditionalGeneration(config)
    chosen = picks(pairs, 64)

    def batch() -> Batch:
        english, french = zip(*next(chosen), strict=True)
        inputs = tokenizer(list(english), padding=True, return_tensors="pt", return_token_type_ids=False)
        target = tokenizer(list(french), padding=True, return_tensors="pt")["input_ids"]
        before, labels = target[:, :-1], target[:, 1:]  # after <s>, say the first piece, and so on to </s>
        return {**inputs, "decoder_input_ids": before, "labels": labels.masked_fill(labels == 0, HIDDEN)}

    fit(model, batch, steps)
    return model, tokenizer


@dataclass(frozen=True)
class Step:
    """One round of the decoder: what it had written, and its two best next pieces with their chances."""

    written: list[str]
    best: tuple[str, float]
    second: tuple[str, float]


@torch.no_grad()
def translate(
    model: BartForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, text: str, most: int = 20
) -> Iterator[Step]:
    """The translation of `text`, piece by piece, always the likeliest, until the model says </s>."""
    source = tokenizer(text, return_tensors="pt", return_token_type_ids=False).to(device())
    read = model.get_encoder()(**source)  # once, for the whole source
    ids = torch.tensor([[model.config.decoder_start_token_id]], device=device())
    for _ in range(most):
        out = model(
            encoder_outputs=read,
            attention_mask=source["attention_mask"],
            decoder_input_ids=ids,
            use_cache=False,
        )
        chances, pieces = out.logits[0, -1].softmax(-1).topk(2)
        names = tokenizer.convert_ids_to_tokens(pieces.tolist())
        written = tokenizer.convert_ids_to_tokens(ids[0].tolist())
        yield Step(written, (names[0], chances[0].item()), (names[1], chances[1].item()))
        ids = torch.cat([ids, pieces[None, :1]], dim=1)
        if pieces[0] == model.config.eos_token_id:
            return


def translated_rightly(
    model: BartForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, pairs: Sequence[Pair]
) -> float:
    """The share of phrases that come out without any mistake."""
    inputs = tokenizer(
        [english for english, _ in pairs], padding=True, return_tensors="pt", return_token_type_ids=False
    )
    out = model.generate(**inputs.to(device()), max_new_tokens=20, do_sample=False)
    said = tokenizer.batch_decode(out, skip_special_tokens=True)
    return sum(one == french for one, (_, french) in zip(said, pairs, strict=True)) / len(pairs)
