# SPDX-License-Identifier: Apache-2.0
"""RELU6: x clamped to [0, 6] in the input's quantization.

TFLite Micro does not rescale here, whatever the output's quantization says, and neither does this reference.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import activation_range
from edgesdk.ops.unary import UnaryInt8


class Relu6(UnaryInt8):
    name = "RELU6"

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        source = graph.tensor_in(node, 0)
        low, high = activation_range("RELU6", source.scale, source.zero_point)
        return (np.clip(x, low, high).astype(np.int8),)


OPERATOR = Relu6()
