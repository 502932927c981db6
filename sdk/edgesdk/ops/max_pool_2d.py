# SPDX-License-Identifier: Apache-2.0
"""MAX_POOL_2D: the maximum over each window's valid elements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.pool_2d import Pool2D


class MaxPool2D(Pool2D):
    name = "MAX_POOL_2D"

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        rows, columns = (axis.spans() for axis in self.axes(graph, node))
        x = np.stack([x[:, a:b].max(axis=1) for a, b in rows], axis=1)
        largest = np.stack([x[:, :, a:b].max(axis=2) for a, b in columns], axis=2)
        return (np.clip(largest, *self.activation(graph, node)).astype(np.int8),)


OPERATOR = MaxPool2D()
