# SPDX-License-Identifier: Apache-2.0
"""The rewrites in their order."""

from __future__ import annotations

from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.rewrite.boundary import strip_boundary
from edgesdk.rewrite.dead_channels import remove_dead_channels
from edgesdk.rewrite.fold_constants import fold_constants
from edgesdk.rewrite.fold_pad import fold_pad
from edgesdk.rewrite.transpose_view import transpose_view


def rewrite(graph: Graph, options: Options) -> Graph:
    """A checked graph as the planner wants it: the same function, fewer operators.

    Raises:
        EdgeError: OP_OPTIONS where an output of the model is a constant.
    """
    graph = fold_constants(graph)
    if not options.float_io:
        graph = strip_boundary(graph)
    return remove_dead_channels(fold_pad(transpose_view(graph)))
