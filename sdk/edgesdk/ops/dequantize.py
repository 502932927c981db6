# SPDX-License-Identifier: Apache-2.0
"""DEQUANTIZE: int8 or uint8 to float32, scale * (q - zero point)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_TYPE, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.operands import check_arity, check_shapes


class Dequantize(Operator):
    name = "DEQUANTIZE"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        if source.dtype not in (DType.INT8, DType.UINT8) or target.dtype is not DType.FLOAT32:
            raise EdgeError(
                MODEL_TYPE, f"DEQUANTIZE from {source.dtype.value} to {target.dtype.value} is not supported"
            )
        if source.quantization is None or source.quantization.per_channel:
            raise EdgeError(MODEL_TYPE, "DEQUANTIZE needs an input with one scale")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (graph.tensor_in(node, 0).shape,)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        q = inputs[0]
        assert q is not None
        source = graph.tensor_in(node, 0)
        # TFLite multiplies in double, which is exact here (24 + 9 bits), so one float32 product rounds alike.
        with np.errstate(over="ignore", under="ignore"):
            return ((source.scale * (q.astype(np.float64) - source.zero_point)).astype(np.float32),)


OPERATOR = Dequantize()
