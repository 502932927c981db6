# SPDX-License-Identifier: Apache-2.0
"""PADV2: surrounds a tensor with a constant, its third operand, given in the output's quantization."""

from __future__ import annotations

from edgesdk.errors import MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.operands import check_arity, check_int8
from edgesdk.ops.pad import Pad


class PadV2(Pad):
    name = "PADV2"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (3,))
        value, target = graph.tensor_in(node, 2), graph.tensor_out(node)
        check_int8(self.name, (value, target))
        if value.data is None or value.elements != 1:
            raise EdgeError(OP_OPTIONS, "PADV2 has a value that is not one constant")
        if value.scale != target.scale or value.zero_point != target.zero_point:
            raise EdgeError(MODEL_TYPE, "PADV2 has a value with another scale or zero point than its output")
        self.check_operands(graph, node)

    def value(self, graph: Graph, node: Node) -> int:
        data = graph.tensor_in(node, 2).data
        assert data is not None
        return int(data.reshape(-1)[0])


OPERATOR = PadV2()
