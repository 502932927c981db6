# SPDX-License-Identifier: Apache-2.0
"""QUANTIZE: float32 to int8, or from one int8 or uint8 quantization to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_TYPE, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Shape, Tensor
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier
from edgesdk.ops.operands import check_arity, check_shapes
from edgesdk.ops.unary import check_ratio

TYPES = {
    (DType.INT8, DType.INT8),
    (DType.INT8, DType.UINT8),
    (DType.UINT8, DType.INT8),
    (DType.FLOAT32, DType.INT8),
}


class Quantize(Operator):
    name = "QUANTIZE"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        if (source.dtype, target.dtype) not in TYPES:
            raise EdgeError(
                MODEL_TYPE,
                f"QUANTIZE from {source.dtype.value} to {target.dtype.value} is not supported",
                tries=("int8, uint8 to int8, int8 to uint8 and float32 to int8 are",),
            )
        if not _one_scale(target) or not (source.dtype is DType.FLOAT32 or _one_scale(source)):
            raise EdgeError(MODEL_TYPE, "QUANTIZE needs tensors with one scale")
        check_shapes(graph, node, self.output_shapes(graph, node))
        if source.dtype is not DType.FLOAT32:
            check_ratio(self.name, source.scale / target.scale)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (graph.tensor_in(node, 0).shape,)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        if source.dtype is DType.FLOAT32:
            scaled = _round_ratio(x, target.scale)
        else:
            multiplier, shift = quantize_multiplier(source.scale / target.scale)
            scaled = multiply_by_quantized_multiplier(x.astype(np.int64) - source.zero_point, multiplier, shift)
        low, high = (-128, 127) if target.dtype is DType.INT8 else (0, 255)
        return (np.clip(scaled + target.zero_point, low, high).astype(target.dtype.value),)


def _round_ratio(x: Array, scale: float) -> Array:
    """x / scale in float32, rounded half away from zero.

    Beyond int32, where TFLite's conversion is undefined, it saturates as Arm's instructions do;
    NaN counts as 0.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ratio = x.astype(np.float32) / np.float32(scale)
    bounded = np.clip(np.nan_to_num(ratio.astype(np.float64)), -(2.0**31), 2.0**31 - 1)
    return (np.sign(bounded) * np.floor(np.abs(bounded) + 0.5)).astype(np.int64)


def _one_scale(tensor: Tensor) -> bool:
    return tensor.quantization is not None and not tensor.quantization.per_channel


OPERATOR = Quantize()
