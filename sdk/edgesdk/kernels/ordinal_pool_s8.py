# SPDX-License-Identifier: Apache-2.0
"""ordinal_pool_s8: edgesdk.OrdinalPool, channel by channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Kernel, Overlap, Params
from edgesdk.kernels.weights import broadcast_scale_members, folded_bias
from edgesdk.kernels.windows import windowed_overlap
from edgesdk.model.graph import DType, Graph, Node
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk.ops.ordinal_pool import OPERATOR
from edgesdk.ops.sorting import sorting_network
from edgesdk.ops.weights import channel_scales


class OrdinalPoolS8(Kernel):
    symbol = "edge_ordinal_pool_s8"
    ops = ("edgesdk.OrdinalPool",)
    lanes = 1
    """Bytes of scratch for each element of a window: the channels that are sorted at a time."""

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def scratch_bytes(self, graph: Graph, node: Node, band: int) -> int:
        options: OrdinalPoolOptions = node.options
        return -(-self.lanes * options.filter_h * options.filter_w // 4) * 4

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        _, horizontal = OPERATOR.axes(graph, node)
        channels = graph.tensor_out(node).shape[3]
        return windowed_overlap(horizontal.outputs, horizontal.stride, horizontal.before, channels, channels)

    def pack(self, graph: Graph, node: Node) -> Params:
        source, weights, target = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.tensor_out(node)
        assert weights.data is not None
        channels, ranks = weights.shape
        _, horizontal = OPERATOR.axes(graph, node)
        exchanges = sorting_network(ranks)
        shares = weights.dtype is DType.INT16
        scales = {} if shares else broadcast_scale_members(channel_scales(graph, node, source, weights), channels)
        return Params(
            {
                "weights": self.packed(weights.data),
                "exchanges": np.array(exchanges, np.uint8).reshape(-1) if exchanges else None,
                "bias": None if shares else folded_bias(None, weights.data, source.zero_point),
                "multiplier": scales.get("multiplier"),
                "right": scales.get("right"),
                "exchange_count": len(exchanges),
                "channels": channels,
                "in_width": horizontal.inputs,
                "out_width": horizontal.outputs,
                "filter_h": node.options.filter_h,
                "filter_w": node.options.filter_w,
                "stride_h": node.options.stride_h,
                "stride_w": node.options.stride_w,
                "pad_left": horizontal.before,
                "in_zero_point": source.zero_point,
                "zero_point": target.zero_point,
            }
        )

    def packed(self, weights: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """[channels, ranks] as the C file documents them."""
        return weights.astype(np.int16)


KERNEL = OrdinalPoolS8()
