"""How words of the field are said, respelled so that every engine reads them alike. The author's own: pronounce.py.

A key in small letters stands for the word in any case; any other key only for itself. Plural and possessive
follow from the singular. What is spelled out is written with hyphens: `A-P-I`.
"""

from __future__ import annotations

import re
from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SPELLED = _words("""
AI API ASR AUC AWS BPE CI CD CLI CLS CNN CPU CSS CSV CV DNA DNS DOI EOS BOS FAQ FFN GCP GNN GPT GPU HDF HF HMM
HTML HTTP HTTPS IDE IDF IEEE IO IP ISO IT KL LDA LLM LM LR LSTM MAE MIT ML MLM MLP MSE MT NER NLG NLI NLP NLU OCR
OOV OS PCA PDF PNG POS PR QA RGB RL RLHF RNN SDK SFT SGD SSD SSH SSL STT SVG SVM TF TLS TPU TTS UI UK URL US USB UX
VAE VM VRAM VQA WER XML XGB
""")

_WORDS = {
    "ACM": "A-C-M", "ADAM": "Adam", "adamw": "Adam W", "ALBERT": "Albert", "argmax": "arg max", "argmin": "arg min",
    "arxiv": "archive", "ASCII": "askey", "async": "a-sink", "AutoML": "auto M-L",
    "autoregressive": "auto regressive", "backprop": "back prop", "backpropagation": "back propagation",
    "BART": "Bart", "BERT": "Bert", "bfloat16": "B-float sixteen", "BLEU": "blue", "BLOOM": "bloom",
    "camembert": "kamem bear", "ChatGPT": "chat G-P-T", "CLIP": "clip", "COCO": "coco", "CoLA": "cola",
    "colab": "co-lab", "coreference": "co-reference", "COVID": "coe-vid", "CRF": "C-R-F", "CUDA": "cooda",
    "dataloader": "data loader", "DeBERTa": "d Berta", "DistilBERT": "distill Bert", "distilbert": "distill Bert",
    "distilgpt2": "distill G-P-T two", "distilroberta": "distill Roberta", "ELECTRA": "Electra", "ELMo": "Elmo",
    "cmd": "command", "ctrl": "control", "GloVe": "glove",
    "FAIR": "fair", "GAN": "gan", "GIF": "gif", "git": "ghit", "github": "ghit hub", "GitLab": "ghit lab",
    "GLUE": "glue", "GUI": "gooey", "huggingface": "hugging face", "ImageNet": "image net", "ipynb": "notebook",
    "JPEG": "jay-peg", "json": "jay-son", "jupyter": "jupiter", "JupyterLab": "jupiter lab", "kaggle": "kaggel",
    "kubectl": "cube control", "latex": "lay-tech", "LLaMA": "llama", "logit": "low jit", "LoRA": "laura",
    "matplotlib": "mat plot lib", "MNIST": "em-nist", "mT5": "M-T-five", "multihead": "multy head",
    "NaN": "not a number", "NASA": "nassa", "ngram": "N gram", "numpy": "num pie", "nvidia": "en-vidia", "OK": "okay",
    "ONNX": "onnix", "OpenAI": "open A-I", "OPT": "O-P-T", "PaLM": "palm", "PEFT": "peft", "pretrain": "pre-train",
    "pretrained": "pre-trained", "pretraining": "pre-training", "PyPI": "pie P-I", "pytest": "pie test",
    "pytorch": "pie torch", "QLoRA": "Q-laura", "qwen": "quenn", "RAG": "rag", "RAM": "ram", "README": "reed me",
    "regex": "redge-ex", "ReLU": "ray-loo", "REST": "rest", "RoBERTa": "Roberta", "ROM": "rom", "ROUGE": "rouge",
    "SaaS": "sass", "safetensors": "safe tensors", "scikit": "sigh-kit", "scipy": "sigh pie",
    "seq2seq": "seek to seek", "sklearn": "S-K-learn", "softmax": "soft max", "SOTA": "sota", "spaCy": "spacey",
    "SQL": "sequel", "SQuAD": "squad", "stderr": "standard error", "stdin": "standard in", "stdout": "standard out",
    "subword": "sub-word", "SuperGLUE": "super glue", "tanh": "tanch", "TensorFlow": "tensor flow",
    "tfidf": "T-F-I-D-F", "tokenise": "token-ise", "TOML": "tommel", "toml": "tommel", "utf8": "U-T-F eight",
    "vs": "versus", "wav2vec": "wave to vec", "WiFi": "why fye", "word2vec": "word to vec", "xlm": "X-L-M",
    "XLNet": "X-L-net", "YAML": "yammel", "yaml": "yammel", "yml": "yammel",
}  # fmt: skip

_IN_CODE = {
    "api", "ai", "asr", "bpe", "cls", "cnn", "cpu", "csv", "css", "eos", "bos", "gpu", "gpt", "html", "http", "https",
    "id", "ids", "io", "js", "llm", "lm", "lr", "lstm", "md", "ml", "mlm", "ner", "nlp", "nli", "os", "pdf", "png",
    "qa", "rnn", "sh", "sst", "svg", "tf", "tts", "ui", "url", "xml", "hf", "cd", "ls", "mnli", "wnut", "conll",
}  # fmt: skip
"""Small letters that are spelled in code, where capitals are rare."""

_CODE_WORDS = {
    "py": "pie", "txt": "text", "str": "string", "int": "int", "init": "init", "args": "args", "kwargs": "keyword args",
    "cmd": "command", "dir": "dir", "env": "env", "fn": "function", "func": "function", "idx": "index", "img": "image",
    "num": "num", "pkl": "pickle", "sst2": "S-S-T two", "tmp": "temp", "usr": "user", "utils": "utils", "len": "length",
}  # fmt: skip

_CAPITALS_AS_WORDS = _words("""
    A I ALL ALSO AND ANY ARE AS AT BE BUT BY CAN DO DOES DONE EACH FOR FROM FULL GET GO HAS HE HOW IF IN INTO IS ITS
    KEEP LESS LET MADE MAKE MANY MASK MAY ME MORE MOST MUST MY NEW NO NOR NOT NOTE NOW OF OFF ON ONE ONLY OR OUR OUT
    OVER PAD PER PUT READ RUN SAME SAY SEE SEP SET SHE SHOW SO SOME STOP TASK TEXT THAN THAT THE THEIR THEM THEN
    THERE THESE THEY THIS TIP TO TODO TOO TRUE FALSE NULL NONE TRY TWO UNK UP USE VERY WARN WAS WAY WE WELL WERE
    WHAT WHEN WHO WHY WILL WITH WORD YES YOU YOUR ZERO
""")
"""Words that are sometimes written in capitals for their weight, and never spelled."""

_PRONOUNCEABLE = re.compile(r"(?=.{4})(?:[^AEIOUY]{0,2}[AEIOUY]{1,2})+[^AEIOUY]{0,2}|.{6,}")
"""Unknown words in capitals that are said as words; the others are spelled."""


def spell(letters: str) -> str:
    return "-".join(letters.upper())


def is_spelled(word: str) -> bool:
    """True for capitals that are an acronym whatever stands around them."""
    return word in _SPELLED


@cache
def say(word: str, *, code: bool = False) -> str | None:
    """How the word is said; None where it is said as it is written.

    `code`: the word stands in code, where small letters may be spelled too.
    """
    for stem, ending in _stems(word):
        if (known := _look_up(stem, code)) is not None:
            return known + inflected(known, ending)
    for stem, ending in _stems(word):
        if stem.isupper() and stem.isalpha() and len(stem) > 1:
            if stem in _CAPITALS_AS_WORDS or _PRONOUNCEABLE.fullmatch(stem):
                return stem.lower() + ending
            spelled = spell(stem)
            return spelled + inflected(spelled, ending)
    return None


def _look_up(word: str, code: bool) -> str | None:
    if word in _WORDS:
        return _WORDS[word]
    if word in _SPELLED:
        return spell(word)
    lower = word.lower()
    if code and (lower in _IN_CODE):
        return "I-D's" if lower == "ids" else spell(lower)
    if code and lower in _CODE_WORDS:
        return _CODE_WORDS[lower]
    return _WORDS.get(lower)


def _stems(word: str) -> tuple[tuple[str, str], ...]:
    """The word, and what is left without a plural or possessive ending."""
    found = re.fullmatch(r"(.+?)('s|’s|s['’]|s)", word)
    if found is None or (found[2][0] == "s" and len(found[1]) < 2):
        return ((word, ""),)
    return (word, ""), (found[1], found[2].replace("’", "'"))


def inflected(said: str, ending: str) -> str:
    """The ending as it is said: `G-P-U` takes `'s` in the plural too, so that no engine reads `Us`."""
    if not ending or not said:
        return ""
    spelled = re.search(r"(^|-)[A-Z]$", said) is not None
    return "'s" if spelled else ending
