# SPDX-License-Identifier: Apache-2.0
"""add_linear_s8: ADD and SUB as two multiply-adds and a shift, where that is proven equal for all inputs.

TFLite's result is a rounding of a * s_a + b * s_b + constant. Integers near these coefficients times 2^shift
are tried; for each pair of them, every one of the 65,536 inputs confines the constant to an interval. Any
constant in the intersection is a proof; where it is empty for all of them, the general kernel runs.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import product
from typing import cast

import numpy as np

from edgesdk.kernels.base import Params
from edgesdk.kernels.broadcast import BroadcastKernel, walk_members
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.scaled_sum import LEFT_SHIFT, ScaledSum, SumConstants

SHIFTS = 3  # precisions tried, the finest first
REACH = 2  # coefficients tried on either side of the rounded one
INT32_MAX = (1 << 31) - 1
UNBOUNDED = 1 << 40


@dataclass(frozen=True)
class LinearSum:
    """clamp((a * a_factor + b * b_factor + constant) >> shift)."""

    shift: int
    a_factor: int
    b_factor: int
    constant: int


class AddLinearS8(BroadcastKernel):
    symbol = "edge_add_linear_s8"
    ops = ("ADD", "SUB")

    def accepts(self, graph: Graph, node: Node) -> bool:
        return fit_linear_sum(_constants(graph, node)) is not None

    def pack(self, graph: Graph, node: Node) -> Params:
        constants = _constants(graph, node)
        linear = fit_linear_sum(constants)
        assert linear is not None
        members = walk_members(graph, node) | asdict(linear)
        return Params(members | {"low": constants.low, "high": constants.high})


@lru_cache(maxsize=256)
def fit_linear_sum(constants: SumConstants, only: int | None = None) -> LinearSum | None:
    """A linear sum equal to `constants.apply` for every pair of int8 inputs, or None.

    Args:
        only: the one shift tried.
    """
    values = np.arange(-128, 128, dtype=np.int64)
    results = constants.apply(values[:, None], values)
    a, b = _slope(constants, 0), _slope(constants, 1) * constants.sign
    # Zero points may bring the sum to 256 (|a| + |b|) + 128; usually one bit more of precision fits.
    top = min(30, 32 - math.ceil(math.log2(256 * (abs(a) + abs(b)) + 128)))
    steps = sorted(product(range(-REACH, REACH + 1), repeat=2), key=lambda d: abs(d[0]) + abs(d[1]))
    for shift in range(top, max(top - SHIFTS, 0), -1) if only is None else (only,):
        lowest = np.where(results > constants.low, results << shift, -UNBOUNDED)
        highest = np.where(results < constants.high, ((results + 1) << shift) - 1, UNBOUNDED)
        for step_a, step_b in steps:
            a_factor, b_factor = round(a * (1 << shift)) + step_a, round(b * (1 << shift)) + step_b
            linear = (values * a_factor)[:, None] + values * b_factor
            least, most = int((lowest - linear).max()), int((highest - linear).min())
            room = INT32_MAX - int(np.abs(linear).max())
            constant = min(max((least + most) // 2, -room), room)
            if least <= constant <= most and room > 0:
                return LinearSum(shift, a_factor, b_factor, constant)
    return None


def _slope(constants: SumConstants, k: int) -> float:
    """Output steps per step of input k, without its sign."""
    (multiplier, shift), (out_multiplier, out_shift) = constants.inputs[k], constants.output
    return math.ldexp(multiplier * out_multiplier, shift + out_shift + LEFT_SHIFT - 62)


def _constants(graph: Graph, node: Node) -> SumConstants:
    return cast(ScaledSum, find_operator(node.op)).constants(graph, node)


KERNEL = AddLinearS8()
