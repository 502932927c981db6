# SPDX-License-Identifier: Apache-2.0
"""edgesdk.CrossChannelPool: the maximum or the average over groups of consecutive channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Graph, Node, Shape
from edgesdk.model.tflite.cross_channel_pool import POOLS, CrossChannelPoolOptions
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.operands import check_arity, check_int8, check_shapes


class CrossChannelPool(Operator):
    """int8 to int8 under one quantization; input [..., C * group], output [..., C].

    Output channel c is made of input channels [c * group, (c + 1) * group). "max" is their maximum. "average" is the
    mean of their int8 values, rounded half away from zero, as AVERAGE_POOL_2D rounds.
    """

    name = "edgesdk.CrossChannelPool"

    def check(self, graph: Graph, node: Node) -> None:
        check_arity(node, (1,))
        source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
        check_int8(self.name, (source, target))
        options: CrossChannelPoolOptions = node.options
        if options.pool not in POOLS:
            raise EdgeError(OP_OPTIONS, f"{self.name} has a pool that is not {' or '.join(POOLS)}")
        if not source.shape:
            raise EdgeError(MODEL_INVALID, f"{self.name} needs an input with channels")
        channels = source.shape[-1]
        if options.group < 1 or channels % options.group != 0:
            raise EdgeError(MODEL_INVALID, f"{self.name} has groups of {options.group} in {channels} channels")
        # TensorFlow Lite Micro allows pooling this difference
        if abs(source.scale - target.scale) > 1e-6 or source.zero_point != target.zero_point:
            raise EdgeError(MODEL_TYPE, f"{self.name} must keep its input's scale and zero point")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        *outer, channels = graph.tensor_in(node, 0).shape
        return ((*outer, channels // node.options.group),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x = inputs[0]
        assert x is not None
        group: int = node.options.group
        grouped = x.reshape(*x.shape[:-1], x.shape[-1] // group, group)
        if node.options.pool == "max":
            return (grouped.max(axis=-1),)
        sums = grouped.sum(axis=-1, dtype=np.int64)
        return ((np.sign(sums) * ((np.abs(sums) + group // 2) // group)).astype(np.int8),)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))


OPERATOR = CrossChannelPool()
