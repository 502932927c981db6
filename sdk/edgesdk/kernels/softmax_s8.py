# SPDX-License-Identifier: Apache-2.0
"""softmax_s8: SOFTMAX along the channels, with a table of exponentials in flash (at most 1 KiB).

Those below 2^22 are less than 1/512 of the maximum's own 2^31, so that their share is 0: only what they add to the sum
is kept, (e + 2^11) >> 12, which is 0 below 2^11.
"""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Overlap, Params, int32_array
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.softmax import OPERATOR


class SoftmaxS8(Kernel):
    symbol = "edge_softmax_s8"
    ops = ("SOFTMAX",)

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def overlap(self, graph: Graph, node: Node, port: int) -> Overlap | None:
        return Overlap(0)

    def pack(self, graph: Graph, node: Node) -> Params:
        _, width, channels = graph.tensor_out(node).rows_shape
        table = OPERATOR.exponentials(graph, node)
        large = _until(table, 1 << 22)
        terms = (table[large : _until(table, 1 << 11)] + (1 << 11)) >> 12
        return Params(
            {
                "width": width,
                "channels": channels,
                "large": large,
                "entries": large + len(terms),
                "exponential": int32_array(table[:large]),
                "term": terms.astype(np.uint16) if len(terms) else None,
            }
        )


def _until(table: Int64, least: int) -> int:
    """How many entries lead up to the last that is `least` or more."""
    return int(np.flatnonzero(table >= least)[-1]) + 1


KERNEL = SoftmaxS8()
