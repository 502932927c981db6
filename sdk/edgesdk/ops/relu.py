# SPDX-License-Identifier: Apache-2.0
"""RELU: max(x, 0), requantized to the output's scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import activation_range, multiply_by_quantized_multiplier, quantize_multiplier
from edgesdk.ops.unary import UnaryInt8


class Relu(UnaryInt8):
    name = "RELU"

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        multiplier, shift = quantize_multiplier(source.scale / target.scale)
        low, high = activation_range("RELU", target.scale, target.zero_point)
        scaled = multiply_by_quantized_multiplier(x.astype(np.int64) - source.zero_point, multiplier, shift)
        return (np.clip(scaled + target.zero_point, low, high).astype(np.int8),)


OPERATOR = Relu()
