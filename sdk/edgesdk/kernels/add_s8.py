# SPDX-License-Identifier: Apache-2.0
"""add_s8: ADD and SUB by TFLite's own steps, for the few quantizations where add_linear_s8 has no proof."""

from __future__ import annotations

from typing import cast

from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel, walk_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.scaled_sum import LEFT_SHIFT, ScaledSum

HALF = (1 << 30, 0)
"""(multiplier, shift) of 1/2, which the input with the larger scale has: its term is exact."""


class AddS8(BroadcastKernel):
    symbol = "edge_add_s8"
    ops = ("ADD", "SUB")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return True

    def pack(self, graph: Graph, node: Node) -> Params:
        c = cast(ScaledSum, find_operator(node.op)).constants(graph, node)
        wide = 0 if c.inputs[0] == HALF else 1
        narrow = 1 - wide
        sign = (1, c.sign)
        multiplier, shift = c.inputs[narrow]
        # One bit more than TFLite, so that the product's high word is the first of its two roundings. Where
        # the second does not shift (equal scales, or a multiplier of 0) both are exact, as is one more bit.
        left = LEFT_SHIFT + 1 if shift < 0 else LEFT_SHIFT + 2
        wide_factor = sign[wide] << (LEFT_SHIFT - 1)
        return Params(
            walk_members(graph, node)
            | {
                "wide": wide,
                "zero_point": c.zero_points[2],
                "low": c.low,
                "high": c.high,
                "narrow_right": max(-shift, 1),
                "right": max(-c.output[1], 1),
                "wide_factor": wide_factor,
                "wide_constant": -c.zero_points[wide] * wide_factor,
                "narrow_factor": 1 << left,
                "narrow_constant": -c.zero_points[narrow] << left,
                "narrow_multiplier": multiplier,
                "narrow_sign": sign[narrow],
                "multiplier": c.output[0],
            }
        )


KERNEL = AddS8()
