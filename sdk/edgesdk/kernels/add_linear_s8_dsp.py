# SPDX-License-Identifier: Apache-2.0
"""add_linear_s8_dsp: ADD and SUB of equal shapes as in add_linear_s8, with a shift that is in the instruction."""

from __future__ import annotations

from typing import cast

from edgesdk.kernels.add_linear_s8 import LinearSum, fit_linear_sum
from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.scaled_sum import ScaledSum

SHIFT = 22
"""EDGE_ADD_SHIFT: one for all, as SSAT has it in the instruction."""


class AddLinearS8Dsp(BroadcastKernel):
    symbol = "edge_add_linear_s8_dsp"
    ops = ("ADD", "SUB")
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        shapes = {graph.tensors[t].rows_shape for t in (*node.inputs, *node.outputs)}
        return len(shapes) == 1 and _fit(graph, node) is not None

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # A call costs as much as fifty elements.
        return (4, 2, 1)

    def pack(self, graph: Graph, node: Node) -> Params:
        linear = _fit(graph, node)
        assert linear is not None
        _, width, channels = graph.tensor_out(node).rows_shape
        members = {"a_factor": linear.a_factor, "b_factor": linear.b_factor, "constant": linear.constant}
        return Params({"width": width, "channels": channels} | members)


def _fit(graph: Graph, node: Node) -> LinearSum | None:
    """None also where the activation leaves less than int8's range, which is what SSAT saturates to."""
    constants = cast(ScaledSum, find_operator(node.op)).constants(graph, node)
    return fit_linear_sum(constants, SHIFT) if (constants.low, constants.high) == (-128, 127) else None


KERNEL = AddLinearS8Dsp()
