# SPDX-License-Identifier: Apache-2.0
"""add_linear_s8_mve: ADD and SUB as in add_linear_s8_dsp, four elements at a time, by a shift that rounds."""

from __future__ import annotations

from typing import cast

from edgesdk.kernels.add_linear_s8_dsp import SHIFT, AddLinearS8Dsp
from edgesdk.kernels.base import Params
from edgesdk.model.graph import Graph, Node

_HALF = 1 << (SHIFT - 1)


class AddLinearS8Mve(AddLinearS8Dsp):
    symbol = "edge_add_linear_s8_mve"
    family = "mve"

    def accepts(self, graph: Graph, node: Node) -> bool:
        if not super().accepts(graph, node):
            return False
        members = super().pack(graph, node).members
        a, b, constant = (cast(int, members[name]) for name in ("a_factor", "b_factor", "constant"))
        return constant - _HALF - 128 * (abs(a) + abs(b)) >= -(1 << 31)

    def pack(self, graph: Graph, node: Node) -> Params:
        members = dict(super().pack(graph, node).members)
        return Params(members | {"constant": cast(int, members["constant"]) - _HALF})


KERNEL = AddLinearS8Mve()
