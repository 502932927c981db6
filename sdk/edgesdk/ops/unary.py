# SPDX-License-Identifier: Apache-2.0
"""What the element-wise int8 operators of one input share: their checks, shapes and geometry."""

from __future__ import annotations

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Node, Shape, Tensor
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.operands import check_arity, check_int8, check_shapes

LARGEST_RATIO = 1 << 22
"""Scale ratios from here on would overflow TFLite's int32: a difference of int8 values needs 9 bits."""


class UnaryInt8(Operator):
    """Element by element, int8 to int8, both per-tensor quantized."""

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        check_shapes(graph, node, self.output_shapes(graph, node))
        check_ratio(self.name, source.scale / target.scale)

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return (graph.tensor_in(node, 0).shape,)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))


def check_ratio(name: str, ratio: float) -> None:
    """Raise OP_OPTIONS where a multiplier between two int8 scales would overflow 32 bits."""
    if not abs(ratio) < LARGEST_RATIO:
        raise EdgeError(OP_OPTIONS, f"{name}'s scales are too far apart", why=f"input over output is {ratio:g}")


def check_fixed_output(name: str, output: Tensor, scale: float, zero_point: int) -> None:
    """Raise OP_OPTIONS unless the output has the quantization that TFLite fixes for the operator."""
    if output.scale != scale or output.zero_point != zero_point:
        raise EdgeError(
            OP_OPTIONS,
            f"{name}'s output needs scale 1/{round(1 / scale)} and zero point {zero_point}",
            why=f"they are {output.scale:g} and {output.zero_point}",
        )
