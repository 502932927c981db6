# SPDX-License-Identifier: Apache-2.0
"""AVERAGE_POOL_2D: the mean over each window's valid elements, rounded half away from zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.pool_2d import Pool2D


class AveragePool2D(Pool2D):
    name = "AVERAGE_POOL_2D"

    def whole(self, graph: Graph, node: Node) -> bool:
        return all(a.outputs == 1 and a.spans()[0] == (0, a.inputs) for a in self.axes(graph, node))

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        rows, columns = (axis.spans() for axis in self.axes(graph, node))
        x = x.astype(np.int64)
        x = np.stack([x[:, a:b].sum(axis=1) for a, b in rows], axis=1)
        sums = np.stack([x[:, :, a:b].sum(axis=2) for a, b in columns], axis=2)
        heights = np.array([b - a for a, b in rows], dtype=np.int64)
        widths = np.array([b - a for a, b in columns], dtype=np.int64)
        counts = (heights[:, None] * widths)[None, :, :, None]
        mean = np.sign(sums) * ((np.abs(sums) + counts // 2) // counts)
        return (np.clip(mean, *self.activation(graph, node)).astype(np.int8),)


OPERATOR = AveragePool2D()
