# SPDX-License-Identifier: Apache-2.0
"""How far a convolution's output row must trail an input row that it overwrites: from the order of its loops."""

from __future__ import annotations

from edgesdk.kernels.base import Overlap
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.conv_2d import OPERATOR


def gathered_overlap(graph: Graph, node: Node, stored: int | None = None) -> Overlap | None:
    """For rows made pixel by pixel from patches copied before anything is written.

    When the first m output pixels are written, the patches to come read from column m * stride - pad on.

    Args:
        stored: bytes of an output pixel, where an epilogue leaves fewer of them.
    """
    if OPERATOR.groups(graph, node) > 1:  # every group reads the row again
        return None
    _, horizontal = OPERATOR.axes(graph, node)
    made, read = stored or graph.tensor_out(node).rows_shape[2], graph.tensor_in(node, 0).rows_shape[2]
    return Overlap(
        max(
            (m * made - max(0, m * horizontal.stride - horizontal.before) * read for m in range(1, horizontal.outputs)),
            default=0,
        )
    )


def paired_overlap(graph: Graph, node: Node, stored: int | None = None) -> Overlap | None:
    """For 1x1 rows made two pixels at a time straight from the input: both are read to the end while both are written.

    When the first m output pixels are written, pixel m - 2 of the input may still be read.

    Args:
        stored: as above.
    """
    if OPERATOR.groups(graph, node) > 1:
        return None
    _, horizontal = OPERATOR.axes(graph, node)
    made, read = stored or graph.tensor_out(node).rows_shape[2], graph.tensor_in(node, 0).rows_shape[2]
    return Overlap(max(m * made - max(0, m - 2) * horizontal.stride * read for m in range(1, horizontal.outputs + 1)))
