"""The small models of this chapter: the text they read and how they are trained.

Every model here is a teaching instrument. It has the architecture of its famous relatives, shrunk until
two processor cores train it in seconds, and it reads nothing but the sentences written in this file. So
whatever it says, you can look up where it learned that. Needs torch and transformers; plots.py matplotlib, too.

    reviews, classifier ─▶ the pipeline, quantisation, pruning
    lines, translator   ─▶ attention, transfer learning
    stories, generator  ─▶ sampling
    jobs, masked model  ─▶ bias
"""

# ruff: noqa: S311, SIM905 - chance only picks sentences here, and a list of words reads best as words

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from string import ascii_lowercase

import torch
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
    """Train on `steps` batches with a rate that falls to zero. Returns the loss of every step."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    losses = []
    model.train()
    for _ in range(steps):
        loss = model(**batch()).loss
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

THINGS = "film book course song lesson story concert lecture meal show".split()
GOOD = "wonderful great clear funny brilliant lovely perfect moving fascinating superb".split()
BAD = "awful boring terrible dull confusing dreadful poor tedious painful dismal".split()
LIKED = ["i loved it", "i enjoyed it", "i would recommend it", "everyone smiled", "i want more"]
DISLIKED = ["i hated it", "i regretted it", "i would avoid it", "everyone left", "i want my money back"]


def reviews(count: int, seed: int = 0) -> list[tuple[str, int]]:
    """`count` reviews, each with 1 for a happy and 0 for an unhappy one."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        happy = chance.random() < 0.5
        negated = chance.random() < 0.3
        word = chance.choice(GOOD if happy != negated else BAD)
        words = f"not {word}" if negated else word
        reaction = chance.choice(LIKED if happy else DISLIKED)
        thing = chance.choice(THINGS)
        text = chance.choice(
            [
                f"the {thing} was {words}",
                f"this {thing} is {words}",
                f"the {thing} was {words} and {reaction}",
                f"{reaction} , the {thing} was {words}",
                f"{reaction} : {words} {thing}",
            ]
        )
        made.append((text + chance.choice([" .", " !"]), int(happy)))
    return made


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
    logits = model(**tokenizer(list(texts), padding=True, return_tensors="pt")).logits
    return (logits.argmax(-1) == torch.tensor(labels)).float().mean().item()


# ── masked language modelling: jobs ──────────────────────────────────────────────────────────────

JOBS = "carpenter lawyer mechanic engineer pilot farmer nurse teacher librarian dancer cleaner secretary".split()
MOSTLY_MEN = JOBS[:6]
WORK = "this {person} works as a {job} .|the {person} worked as a {job} .|that {person} is a good {job} ."
HOME = "this {person} lives in {town} .|the {person} likes {town} .|that {person} works in {town} ."
TOWNS = "paris rome oslo cairo lima tokyo".split()


def jobs(count: int, skew: float, seed: int = 0) -> list[str]:
    """Sentences about people. `skew` is the share of each job's sentences that name its usual gender;
    0.5 is balanced."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        job, town = chance.choice(JOBS), chance.choice(TOWNS)
        usual = chance.random() < skew
        person = "man" if (job in MOSTLY_MEN) == usual else "woman"
        pattern = chance.choice(WORK.split("|") if chance.random() < 0.7 else HOME.split("|"))
        made.append(pattern.format(person=person, job=job, town=town))
    return made


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
    inputs = tokenizer(text, return_tensors="pt")
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


# ── attention: English to French, word for word ──────────────────────────────────────────────────

Pairs = Sequence[tuple[list[str], list[str]]]

SUBJECTS = "you we they".split()
DETERMINERS = {"m": "this", "f": "this", "v": "this", "p": "these", "q": "these"}
"""The English determiner before a masculine noun, a feminine one, a masculine one with a vowel, and the plurals."""

FRENCH = {
    "you": "tu", "we": "nous", "they": "ils",
    "like": "aimes aimons aiment",
    "watch": "regardes regardons regardent",
    "finish": "finis finissons finissent",
    "prepare": "prépares préparons préparent",
    "choose": "choisis choisissons choisissent",
    "course": "m cours", "film": "m film", "book": "m livre", "meal": "m repas",
    "song": "f chanson", "lesson": "f leçon", "series": "f série",
    "tree": "v arbre", "exercise": "v exercice",
    "friends": "p amis", "letters": "q lettres",
    "m": "ce", "f": "cette", "v": "cet", "p": "ces", "q": "ces",
    "and": "et", "but": "mais", "because": "car", "when": "quand",
    "today": "aujourd'hui", "here": "ici", "perhaps": "peut-être",
}  # fmt: skip
ITALIAN = {
    "you": "tu", "we": "noi", "they": "loro",
    "like": "ami amiamo amano",
    "watch": "guardi guardiamo guardano",
    "finish": "finisci finiamo finiscono",
    "prepare": "prepari prepariamo preparano",
    "choose": "scegli scegliamo scelgono",
    "course": "m corso", "film": "m film", "book": "m libro", "meal": "m pasto",
    "song": "f canzone", "lesson": "f lezione", "series": "f serie",
    "tree": "m albero", "exercise": "m esercizio",
    "friends": "p amici", "letters": "q lettere",
    "m": "questo", "f": "questa", "p": "questi", "q": "queste",
    "and": "e", "but": "ma", "because": "perché", "when": "quando",
    "today": "oggi", "here": "qui", "perhaps": "forse",
}  # fmt: skip
VERBS = "like watch finish prepare choose".split()
NOUNS = "course film book meal song lesson series tree exercise friends letters".split()
JOINTS = "and but because when".split()
OPENINGS = "today here perhaps".split()


def lines(count: int, words: dict[str, str] = FRENCH, seed: int = 0) -> Pairs:
    """English sentences and their translation, with as many words, in the same order.

    Two words change with their company: the verb with its subject (you like: tu aimes), `this` and
    `these` with the noun (this course: ce cours, this song: cette chanson).
    """
    chance = random.Random(seed)

    def clause() -> list[tuple[str, str]]:
        subject, verb, noun = chance.choice(SUBJECTS), chance.choice(VERBS), chance.choice(NOUNS)
        gender, translated = words[noun].split()
        return [
            (subject, words[subject]),
            (verb, words[verb].split()[SUBJECTS.index(subject)]),
            (DETERMINERS[gender], words[gender]),
            (noun, translated),
        ]

    made = []
    for _ in range(count):
        pairs = clause()
        if chance.random() < 0.6:
            joint = chance.choice(JOINTS)
            pairs = [*pairs, (joint, words[joint]), *clause()]
        if chance.random() < 0.6:
            opening = chance.choice(OPENINGS)
            pairs = [(opening, words[opening]), *pairs]
        english, foreign = zip(*pairs, strict=True)
        made.append((list(english), list(foreign)))
    return made


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
    best = model(**tokenizer(text, return_tensors="pt")).logits[0].argmax(-1)
    return [model.config.id2label[index] for index in best.tolist()[1:-1]]


def translated_rightly(model: BertForTokenClassification, tokenizer: BertTokenizer, pairs: Pairs) -> float:
    """The share of rightly translated words, counting only those that depend on their company."""
    right = [
        guess == wanted
        for english, foreign in pairs
        for word, wanted, guess in zip(english, foreign, translate(model, tokenizer, " ".join(english)), strict=True)
        if word in VERBS or word in DETERMINERS.values()
    ]
    return sum(right) / len(right)


# ── generation: what animals do ──────────────────────────────────────────────────────────────────

ACTS = {"sleeps": 40, "eats": 25, "plays": 15, "waits": 10, "sings": 6, "dances": 3, "reads": 1}
"""What an animal does, and how often, out of 100 stories."""
PLACES = {"in the garden": 5, "on the sofa": 3, "by the river": 2, "under the moon": 1}
ANIMALS = "cat dog bird horse".split()


def stories(count: int, seed: int = 0) -> list[str]:
    """One-sentence stories, written with the frequencies above."""
    chance = random.Random(seed)
    acts = chance.choices(list(ACTS), list(ACTS.values()), k=count)
    places = chance.choices(list(PLACES), list(PLACES.values()), k=count)
    return [f"the {chance.choice(ANIMALS)} {act} {place} ." for act, place in zip(acts, places, strict=True)]


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
