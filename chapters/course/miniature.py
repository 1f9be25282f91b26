"""The architectures of famous models, with fewer and narrower layers.

No dropout: it would make short trainings worse, and a model this small hardly learns by heart.
"""

from __future__ import annotations

from transformers import BertConfig, GPT2Config, PreTrainedTokenizerBase


def shrunken_bert(
    tokenizer: PreTrainedTokenizerBase,
    layers: int = 2,
    heads: int = 2,
    width: int = 64,
    positions: int = 32,
    **more,
) -> BertConfig:
    """BERT's architecture in miniature; BERT base has 12 layers, 12 heads, a width of 768 and 512 positions."""
    return BertConfig(
        vocab_size=len(tokenizer),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        hidden_size=width,
        intermediate_size=2 * width,
        max_position_embeddings=positions,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.1,  # narrow models start better from larger weights than BERT's 0.02
        pad_token_id=tokenizer.pad_token_id,
        **more,
    )


def shrunken_gpt2(
    tokenizer: PreTrainedTokenizerBase,
    layers: int = 2,
    heads: int = 2,
    width: int = 64,
    positions: int = 32,
    **more,
) -> GPT2Config:
    """GPT-2's architecture in miniature; its smallest has 12 layers, 12 heads, a width of 768 and 1024 positions."""
    return GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=width,
        n_layer=layers,
        n_head=heads,
        n_positions=positions,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        pad_token_id=tokenizer.pad_token_id,
        **more,
    )
