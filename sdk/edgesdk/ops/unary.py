# SPDX-License-Identifier: Apache-2.0
"""What the element-wise int8 operators of one input share: their checks, shapes and geometry."""

from __future__ import annotations

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, EdgeError
from edgesdk.model.graph import DType, Graph, Node, Shape
from edgesdk.ops.base import Geometry, Operator, plain_rows


class UnaryInt8(Operator):
    """Element by element, int8 to int8, both per-tensor quantized."""

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) != 1 or node.inputs[0] < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, f"{self.name} needs one input and one output")
        for tensor in (graph.tensor_in(node, 0), graph.tensor_out(node)):
            if tensor.dtype is not DType.INT8 or tensor.quantization is None or tensor.quantization.per_channel:
                raise EdgeError(MODEL_TYPE, f"{self.name} needs int8 tensors with one scale")

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (graph.tensor_in(node, 0).shape,)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))
