# SPDX-License-Identifier: Apache-2.0
"""What the convolutions share that run edgesdk.CrossChannelPool in their registers."""

from __future__ import annotations

import numpy as np

from edgesdk.kernels.base import Kernel, Params
from edgesdk.model.graph import Graph, Node
from edgesdk.ops.weights import Scales

MAX_OF_SUMS, MAX, AVERAGE = range(3)
"""EDGE_POOL_* of firmware/kernels/edge_gemm_pool_s8.h."""


def pool_behind(graph: Graph, node: Node, groups: int) -> int | None:
    """Index of the CrossChannelPool that alone reads the node's output; None where there is none, where the output is
    the model's too, or where a pooled group would cross from one of the convolution's groups into the next."""
    (made,) = node.outputs
    readers = graph.consumers.get(made, ())
    if len(readers) != 1 or made in graph.outputs:
        return None
    reader = graph.nodes[readers[0]]
    if reader.op != "edgesdk.CrossChannelPool":
        return None
    inside = graph.tensors[made].shape[-1] // groups
    return readers[0] if inside % reader.options.group == 0 else None


def pool_params(conv: Kernel, graph: Graph, node: Node, pool: Node, scales: Scales) -> Params:
    """The members of `<symbol>_params`: those of the convolution's own kernel, and the pool's."""
    members = {f"conv.{name}": value for name, value in conv.pack(graph, node).members.items()}
    return Params({**members, "pooled": pool.options.group, "mode": _mode(pool, scales)})


def _mode(pool: Node, scales: Scales) -> int:
    if pool.options.pool == "average":
        return AVERAGE
    # Requantizing is monotone unless a left shift may wrap, so one scale in a group lets it come after the maximum.
    group = pool.options.group if len(scales.shift) > 1 else 1
    multiplier, shift = scales.multiplier.reshape(-1, group), scales.shift.reshape(-1, group)
    shared = np.all(multiplier == multiplier[:, :1]) and np.all(shift == shift[:, :1]) and np.all(shift <= 0)
    return MAX_OF_SUMS if shared else MAX
