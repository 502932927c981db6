# SPDX-License-Identifier: Apache-2.0
"""What the depthwise kernels for cores with DSP share: weights by channel, and the proofs of their scales."""

from __future__ import annotations

from edgesdk.kernels.requantize import reachable_sums
from edgesdk.kernels.short_scales import ShortScales, short_scales
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.weights import bias_values, channel_scales


def planar_weights(graph: Graph, node: Node) -> Array:
    """int8 [channels, taps]."""
    weights = graph.tensor_in(node, 1)
    assert weights.data is not None
    return weights.data.reshape(-1, weights.shape[3]).T


def bias_of(graph: Graph, node: Node) -> Int64:
    """[channels], zeros where the node has none."""
    given = graph.input(node, 2)
    return bias_values(None if given is None else given.data, graph.tensor_in(node, 1).shape[3])


def depthwise_short_scales(graph: Graph, node: Node) -> ShortScales:
    """The proofs for every sum that inputs can bring about."""
    source = graph.tensor_in(node, 0)
    sums = reachable_sums(planar_weights(graph, node), bias_of(graph, node), source.zero_point)
    return short_scales(channel_scales(graph, node, source, graph.tensor_in(node, 1)), sums)
