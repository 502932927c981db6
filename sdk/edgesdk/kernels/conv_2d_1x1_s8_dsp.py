# SPDX-License-Identifier: Apache-2.0
"""conv_2d_1x1_s8_dsp: conv_2d_s8_dsp for narrow maps and a 1x1 kernel: several rows as one."""

from __future__ import annotations

from edgesdk.kernels.conv_2d_s8_dsp import Conv2DS8Dsp
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR

_NARROW = 16
"""Pixels of a row; in wider ones the one or two that are left over from threes matter little."""
_MOST_ROWS = 13
"""More make the tables of row pointers long."""


class Conv2D1x1S8Dsp(Conv2DS8Dsp):
    symbol = "edge_conv_2d_1x1_s8_dsp"

    def accepts(self, graph: Graph, node: Node) -> bool:
        axes = OPERATOR.axes(graph, node)
        plain = all(a.kernel == a.stride == 1 and a.inputs == a.outputs and a.before == 0 for a in axes)
        return plain and axes[1].outputs % 3 != 0 and axes[1].outputs < _NARROW and super().accepts(graph, node)

    def bands(self, graph: Graph, node: Node) -> tuple[int, ...]:
        rows = OPERATOR.axes(graph, node)[0].outputs
        return (-(-rows // -(-rows // _MOST_ROWS)), 1) if rows > 1 else (1,)


KERNEL = Conv2D1x1S8Dsp()
