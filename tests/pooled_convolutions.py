# SPDX-License-Identifier: Apache-2.0
"""Random convolutions with a CrossChannelPool behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convolution_nodes import random_conv_2d
from edgesdk.model.graph import Graph, Node, Quantization
from edgesdk.model.tflite.cross_channel_pool import POOLS, CrossChannelPoolOptions

Rng = np.random.Generator


def random_pooled_conv_2d(rng: Rng, *, kernel: int | None = None) -> Graph:
    """A CONV_2D and the CrossChannelPool that alone reads it; no pooled group spans two groups of the convolution.

    Half of those with a scale per channel get one scale per pooled group.
    """
    graph = random_conv_2d(rng, kernel=kernel)
    (conv,) = graph.nodes
    weights, wide = graph.tensor_in(conv, 1), graph.tensor_out(conv)
    inside = wide.shape[3] * weights.shape[3] // graph.tensor_in(conv, 0).shape[3]
    group = int(rng.choice([g for g in range(1, inside + 1) if inside % g == 0]))
    tensors = dict(graph.tensors)
    assert weights.quantization is not None
    if weights.quantization.per_channel and rng.random() < 0.5:
        scales = tuple(s for s in weights.quantization.scale[::group] for _ in range(group))
        tensors[weights.index] = replace(weights, quantization=Quantization(scales, weights.quantization.zero_point, 0))
        bias = graph.input(conv, 2)
        if bias is not None:
            products = tuple(float(np.float32(graph.tensor_in(conv, 0).scale * s)) for s in scales)
            tensors[bias.index] = replace(bias, quantization=Quantization(products, (0,) * len(products), 0))
    return with_pool(replace(graph, tensors=tensors), str(rng.choice(POOLS)), group)


def with_pool(graph: Graph, pool: str, group: int) -> Graph:
    """The one-node graph with a pool behind its output."""
    wide = graph.tensors[graph.outputs[0]]
    index = max(graph.tensors) + 1
    narrow = replace(wide, index=index, name=f"t{index}", shape=(*wide.shape[:-1], wide.shape[-1] // group))
    options = CrossChannelPoolOptions(pool, group)
    node = Node("edgesdk.CrossChannelPool", (wide.index,), (index,), options, (1,))
    return replace(graph, tensors={**graph.tensors, index: narrow}, nodes=(*graph.nodes, node), outputs=(index,))


def unfused(graph: Graph) -> Graph:
    """The same graph with the wide maps as outputs too, so that no kernel may leave them out."""
    wide = tuple(node.outputs[0] for node in graph.nodes if node.op == "CONV_2D")
    return replace(graph, outputs=(*graph.outputs, *wide))
