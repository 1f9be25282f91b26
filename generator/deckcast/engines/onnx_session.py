"""ONNX models that give the same answer each time.

Such voices draw noise inside their graph, from a generator that goes on from call to call. So each draw becomes a
look-up in noise that is handed in, made anew for each text: the same distribution, but the same sound for the same
text. Runs in the voices' own programs.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_LENGTH = 1 << 20
"""Numbers that are handed in; a model that draws more begins again with them (in a minute of speech, about once)."""
_STRIDE = 104_729
"""Places in the graph that draw begin so far apart in them."""
_NORMAL, _UNIFORM = "deckcast_normal", "deckcast_uniform"
_DRAWS = {
    "RandomNormal": (_NORMAL, "mean", "scale"),
    "RandomNormalLike": (_NORMAL, "mean", "scale"),
    "RandomUniform": (_UNIFORM, "low", "high"),
    "RandomUniformLike": (_UNIFORM, "low", "high"),
}
_OTHER_DRAWS = frozenset({"Bernoulli", "Multinomial"})


class Session:
    """An `onnxruntime.InferenceSession` whose noise follows from a number. Everything else is the session's own."""

    def __init__(self, path: Path, change: Callable[[Any], object] | None = None) -> None:
        """`change` may alter the model before it is loaded. Raises whatever the libraries do, `ValueError` for noise
        that cannot be handed in."""
        onnx: Any = import_module("onnx")
        runtime: Any = import_module("onnxruntime")
        model = onnx.load(str(path))
        if not model.graph.node:
            raise ValueError("the file holds no model")
        if change is not None:
            change(model)
        self._noise = _repeatable(onnx, model)
        there = runtime.get_available_providers()
        wanted = [one for one in ("CUDAExecutionProvider", "ROCMExecutionProvider") if one in there]
        options = runtime.SessionOptions()
        options.log_severity_level = 3  # errors alone
        self._session = runtime.InferenceSession(
            model.SerializeToString(), sess_options=options, providers=[*wanted, "CPUExecutionProvider"]
        )
        self._model_path = str(path)  # kokoro-onnx asks a session for it
        self._drawn: dict[str, Any] = {}
        self.seed(0)

    def seed(self, number: int) -> None:
        """What is drawn from here on follows from the number."""
        numpy: Any = import_module("numpy")
        draws = numpy.random.Generator(numpy.random.PCG64(number))
        made = {_NORMAL: draws.standard_normal, _UNIFORM: draws.random}
        self._drawn = {name: made[name](_LENGTH, dtype=numpy.float32) for name in self._noise}

    def run(self, names: Any, feeds: dict[str, Any]) -> Any:
        return self._session.run(names, {**feeds, **self._drawn})

    def get_inputs(self) -> list[Any]:
        return [one for one in self._session.get_inputs() if one.name not in self._noise]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _repeatable(onnx: Any, model: Any) -> tuple[str, ...]:
    """Changes the model; the names of the inputs that it then has."""
    used: dict[str, None] = {}
    count = 0
    casts = any(one.domain in ("", "ai.onnx") and one.version >= 15 for one in model.opset_import)

    def walk(graph: Any) -> None:
        nonlocal count
        nodes = []
        for node in graph.node:
            for attribute in node.attribute:
                for inner in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                    walk(inner)
            if node.op_type in _OTHER_DRAWS:
                raise ValueError(f"the model draws at random in a way that cannot be repeated ({node.op_type})")
            if node.op_type in _DRAWS:
                count += 1
                used[_DRAWS[node.op_type][0]] = None
                nodes += _lookup(onnx, node, f"deckcast_draw_{count}", count * _STRIDE % _LENGTH, casts=casts)
            else:
                nodes.append(node)
        del graph.node[:]
        graph.node.extend(nodes)

    walk(model.graph)
    for name in used:
        model.graph.input.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [_LENGTH]))
    return tuple(used)


def _lookup(onnx: Any, node: Any, name: str, offset: int, *, casts: bool) -> list[Any]:
    """Nodes that give what `node` draws, from the numbers that are handed in. `casts`: they may be cast to any type."""
    make, kinds = onnx.helper.make_node, onnx.TensorProto
    noise, first, second = _DRAWS[node.op_type]
    given = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    low, high = given.get(first, 0.0), given.get(second, 1.0)
    nodes: list[Any] = []

    def constant(label: str, value: Any, kind: int) -> str:
        values = value if isinstance(value, list) else [value]
        tensor = onnx.helper.make_tensor(f"{name}_{label}", kind, [len(values)] if values is value else [], values)
        nodes.append(make("Constant", [], [f"{name}_{label}"], value=tensor))
        return f"{name}_{label}"

    def step(kind: str, inputs: list[str], label: str, **attributes: Any) -> str:
        nodes.append(make(kind, inputs, [f"{name}_{label}"], **attributes))
        return f"{name}_{label}"

    like = node.op_type.endswith("Like")
    shape = step("Shape", [node.input[0]], "shape") if like else constant("shape", list(given["shape"]), kinds.INT64)
    size = step("ReduceProd", [shape], "size", keepdims=0)
    start = constant("start", offset, kinds.INT64)
    places = step("Range", [start, step("Add", [start, size], "end"), constant("one", 1, kinds.INT64)], "places")
    places = step("Mod", [places, constant("length", _LENGTH, kinds.INT64)], "wrapped")
    drawn = step("Reshape", [step("Gather", [noise, places], "drawn"), shape], "shaped")
    # A normal draw is mean + scale · n, a uniform one is low + (high − low) · u.
    factor = high if noise == _NORMAL else high - low
    drawn = step("Mul", [drawn, constant("factor", float(factor), kinds.FLOAT)], "scaled")
    drawn = step("Add", [drawn, constant("summand", float(low), kinds.FLOAT)], "moved")
    if "dtype" in given:
        nodes.append(make("Cast", [drawn], [node.output[0]], to=given["dtype"]))
    elif like and casts:
        nodes.append(make("CastLike", [drawn, node.input[0]], [node.output[0]]))
    else:
        nodes.append(make("Identity", [drawn], [node.output[0]]))
    return nodes
