"""The smallest models that the real libraries load as voices: a tone a phoneme, and a VITS of random weights.

They say nothing, but they take what real ones take and give what real ones give: noise and durations included.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

PIPER_RATE, HOP = 16_000, 256
KOKORO_RATE, KOKORO_HOP = 24_000, 600
LETTERS = "abcdefghijklmnopqrstuvwxyz'- "


def piper(folder: Path, name: str = "en_US-tiny-low", *, times: bool = True, **told: Any) -> Path:
    """A voice of piper's; `told` changes what is told of it. Without `times` its durations cannot be found."""
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "audio": {"sample_rate": PIPER_RATE, "quality": "low"},
        "espeak": {"voice": "en-us"},
        "language": {"code": name.partition("-")[0]},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "hop_length": HOP,
        **told,
    }
    model = folder / f"{name}.onnx"
    model.write_bytes(_piper_model(times=times, speakers=config["num_speakers"] > 1).SerializeToString())
    Path(f"{model}.json").write_text(json.dumps(config), encoding="utf-8")
    return model


def kokoro(folder: Path, names: tuple[str, ...] = ("af_heart", "bf_emma", "ef_dora"), *, times: bool = True) -> Path:
    """kokoro's model and its voices."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "kokoro-v1.0.onnx"
    model.write_bytes(_kokoro_model(times=times).SerializeToString())
    styles = {name: np.full((510, 1, 256), 0.01 * number, np.float32) for number, name in enumerate(names, 1)}
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **styles)
    return model


def vits(folder: Path, *, letters: str = LETTERS, language: str = "eng", speakers: int = 1) -> Path:
    """A VITS of random weights (0.8 MB) with its tokenizer, as they are saved for the model hub."""
    import torch
    from transformers import VitsConfig, VitsModel, VitsTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {letter: number for number, letter in enumerate(["<pad>", *letters, "<unk>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    torch.manual_seed(0)
    config = VitsConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        ffn_dim=32,
        flow_size=16,
        spectrogram_bins=33,
        use_stochastic_duration_prediction=True,
        duration_predictor_filter_channels=16,
        duration_predictor_num_flows=2,
        upsample_initial_channel=32,
        upsample_rates=(8, 8),
        upsample_kernel_sizes=(16, 16),
        resblock_kernel_sizes=(3,),
        resblock_dilation_sizes=((1, 3),),
        depth_separable_num_layers=1,
        prior_encoder_num_flows=1,
        prior_encoder_num_wavenet_layers=1,
        posterior_encoder_num_wavenet_layers=1,
        num_speakers=speakers,
        speaker_embedding_size=8 if speakers > 1 else 0,
        speaking_rate=0.05,
        sampling_rate=16_000,
    )
    model = VitsModel(config)
    for name, weights in model.named_parameters():
        if "decoder.conv_post" in name:
            weights.data *= 30  # random weights whisper
    model.save_pretrained(folder)
    VitsTokenizer(folder / "vocab.json", language=language, phonemize=False).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\nRandom weights, for tests.\n", encoding="utf-8")
    return folder


class _Graph:
    """Nodes one after the other; each method gives the name of what it computes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []

    def constant(self, value: Any, kind: Any = np.int64) -> str:
        from onnx import helper, numpy_helper

        name = f"v{len(self.nodes)}"
        tensor = numpy_helper.from_array(np.asarray(value, kind), name)
        self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        return name

    def __call__(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = name or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def number(self, of: str, kind: Any) -> str:
        from onnx import helper

        return self("Cast", of, to=helper.np_dtype_to_tensor_dtype(np.dtype(kind)))

    def tones(self, ids: str, frames: str, noise: str, *, hop: int, rate: int) -> str:
        """A tone for each id, as long as its frames, with some noise drawn at random."""
        ends = self("CumSum", frames, self.constant(0))
        total = self("ReduceSum", frames, keepdims=0)
        zero, one = self.constant(0), self.constant(1)
        frame = self("Unsqueeze", self("Range", zero, total, one), self.constant([1]))
        passed = self("GreaterOrEqual", frame, self("Unsqueeze", ends, self.constant([0])))
        owner = self("ReduceSum", self.number(passed, np.int64), self.constant([1]), keepdims=0)
        clock = self("Range", zero, self("Mul", total, self.constant(hop)), one)
        place = self("Gather", owner, self("Div", clock, self.constant(hop)))
        pitch = self("Add", self("Mul", self("Gather", ids, place), self.constant(12)), self.constant(110))
        turns = self("Div", self.number(self("Mul", pitch, clock), np.float32), self.constant(rate, np.float32))
        tone = self("Sin", self("Mul", turns, self.constant(2 * np.pi, np.float32)))
        loud = self("Mul", tone, self.constant(0.3, np.float32))
        return self("Add", loud, self("Mul", self("RandomNormalLike", loud), noise))


def _model(graph: _Graph, inputs: list[tuple[str, Any, list[Any]]], outputs: list[tuple[str, Any, list[Any]]]) -> Any:
    from onnx import checker, helper

    def told(values: list[tuple[str, Any, list[Any]]]) -> list[Any]:
        return [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), shape)
            for name, kind, shape in values
        ]

    model = helper.make_model(
        helper.make_graph(graph.nodes, "tiny", told(inputs), told(outputs)),
        opset_imports=[helper.make_opsetid("", 15)],
        ir_version=8,
    )
    checker.check_model(model)
    return model


def _piper_model(*, times: bool, speakers: bool) -> Any:
    g = _Graph()
    flat = g("Reshape", "input", g.constant([-1]))
    scale = [g("Gather", "scales", g.constant(number)) for number in range(3)]
    drawn = g("Mul", g("RandomNormalLike", g.number(flat, np.float32)), scale[2])
    length = g("Mul", g("Add", drawn, g.constant(5, np.float32)), scale[1])
    frames = g("Ceil", g("Max", length, g.constant(1, np.float32)))
    if not times:
        frames = g("Ceil", frames)  # piper looks for the one place that rounds up
    noise = g("Mul", scale[0], g.constant(0.01, np.float32))
    ids = g("Add", flat, g("Mul", "sid", g.constant(20))) if speakers else flat
    sound = g.tones(ids, g.number(frames, np.int64), noise, hop=HOP, rate=PIPER_RATE)
    g("Reshape", sound, g.constant([1, 1, -1]), name="output")
    inputs = [("input", np.int64, [1, "n"]), ("input_lengths", np.int64, [1]), ("scales", np.float32, [3])]
    inputs += [("sid", np.int64, [1])] if speakers else []
    return _model(g, inputs, [("output", np.float32, [1, 1, "samples"])])


def _kokoro_model(*, times: bool) -> Any:
    g = _Graph()
    flat = g("Reshape", "tokens", g.constant([-1]))
    drawn = g("RandomUniformLike", g.number(flat, np.float32), low=2.0, high=4.0)
    frames = g("Ceil", g("Div", drawn, "speed"))
    style = g("Reshape", g("ReduceMean", "style", keepdims=0), g.constant([-1]))
    frames = g.number(frames, np.int64)
    sound = g.tones(flat, frames, g("Abs", style), hop=KOKORO_HOP, rate=KOKORO_RATE)
    g("Identity", sound, name="audio")
    outputs = [("audio", np.float32, ["samples"])]
    if times:
        g("Identity", frames, name="duration")
        outputs.append(("duration", np.int64, ["n"]))
    return _model(
        g, [("tokens", np.int64, [1, "n"]), ("style", np.float32, [1, 256]), ("speed", np.float32, [1])], outputs
    )
