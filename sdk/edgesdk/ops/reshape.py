# SPDX-License-Identifier: Apache-2.0
"""RESHAPE: the same elements under the shape of a constant operand or of the options."""

from __future__ import annotations

import math

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.ops.operands import constant_integers
from edgesdk.ops.view import View


class Reshape(View):
    name = "RESHAPE"

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        if len(node.inputs) > 1:
            shape = constant_integers(graph, node, 1, "shape")
        elif node.options.new_shape is not None:
            shape = node.options.new_shape
        else:
            raise EdgeError(MODEL_INVALID, "RESHAPE says no shape")
        if shape == (0,):  # how old converters write the shape of a scalar
            return ((),)
        if shape.count(-1) > 1 or min(shape, default=1) < -1:
            raise EdgeError(MODEL_INVALID, f"RESHAPE has the shape {list(shape)}")
        known = math.prod(n for n in shape if n != -1)
        missing = graph.tensor_in(node, 0).elements // known if known else 0
        return (tuple(missing if n == -1 else n for n in shape),)


OPERATOR = Reshape()
