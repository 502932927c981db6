# SPDX-License-Identifier: Apache-2.0
"""What the two pooling kernels share: their params structs have the same members."""

from __future__ import annotations

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.windows import windowed_overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.pool_2d import Pool2D


class Pool2DS8(Kernel):
    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        operator = find_operator(node.op)
        assert isinstance(operator, Pool2D)
        _, horizontal = operator.axes(graph, node)
        channels = graph.tensor_out(node).shape[3]
        return windowed_overlap(horizontal.outputs, horizontal.stride, horizontal.before, channels, channels)

    def pack(self, graph: Graph, node: Node) -> Params:
        operator = find_operator(node.op)
        assert isinstance(operator, Pool2D)
        vertical, horizontal = operator.axes(graph, node)
        low, high = operator.activation(graph, node)
        return Params(
            {
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "channels": graph.tensor_out(node).shape[3],
                "filter_h": vertical.window,
                "filter_w": horizontal.window,
                "stride_h": vertical.stride,
                "stride_w": horizontal.stride,
                "pad_left": horizontal.before,
                "low": low,
                "high": high,
            }
        )
