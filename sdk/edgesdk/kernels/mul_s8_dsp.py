# SPDX-License-Identifier: Apache-2.0
"""mul_s8_dsp: MUL on cores with DSP, four elements at a time, requantized by one multiplication that is proved."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel, walk_members
from edgesdk.kernels.requantize import Fit, Sums, fit_requantization
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.broadcast import operand_steps
from edgesdk.ops.mul import OPERATOR, MulConstants
from edgesdk.ops.weights import Scales

SHIFT = 10
"""EDGE_MUL_SHIFT: one for all, as SSAT has it in the instruction."""


class MulS8Dsp(BroadcastKernel):
    symbol = "edge_mul_s8_dsp"
    ops = ("MUL",)
    family = "dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        _, _, channels = graph.tensor_out(node).rows_shape
        along = channels == 1 or all(operand_steps(graph, node, k).channel for k in (0, 1))
        return along and _fit(graph, node) is not None

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        # A call costs as much as fifty elements.
        return (4, 2, 1)

    def pack(self, graph: Graph, node: Node) -> Params:
        fit = _fit(graph, node)
        assert fit is not None
        members = {
            "offset": int(fit.offset[0]),
            "factor": int(fit.multiplier[0]),
            "base": fit.base,
            "step": int(fit.step[0]),
            "a_offset": -graph.tensor_in(node, 0).zero_point,
            "b_offset": -graph.tensor_in(node, 1).zero_point,
        }
        return Params(members | walk_members(graph, node))


def _fit(graph: Graph, node: Node) -> Fit | None:
    points = (graph.tensor_in(node, k).zero_point for k in (0, 1))
    return fit_product(OPERATOR.constants(graph, node), *points, graph.tensor_out(node).zero_point)


@lru_cache(maxsize=256)
def fit_product(constants: MulConstants, a_zero_point: int, b_zero_point: int, zero_point: int) -> Fit | None:
    """The multiplication that equals TFLite's two roundings for every product of int8 inputs less their zero points.
    None where there is none, and where the activation leaves less than int8's range, which is what SSAT saturates to.
    """
    if (constants.low, constants.high) != (-128, 127):
        return None
    corners = [(a - a_zero_point) * (b - b_zero_point) for a in (-128, 127) for b in (-128, 127)]
    multiplier, shift = np.array([constants.multiplier], np.int32), np.array([constants.shift], np.int8)
    scales = Scales(multiplier, shift, zero_point, constants.low, constants.high)
    sums = Sums(np.array([min(corners)], np.int64), np.array([max(corners)], np.int64))
    for signed in (False, True):
        fit = fit_requantization(scales, sums, SHIFT, signed=signed)
        if fit.proved[0] and not fit.constant[0]:
            return fit
    return None


KERNEL = MulS8Dsp()
