# SPDX-License-Identifier: Apache-2.0
"""A convolution and the depthwise convolution behind it, run in blocks of channels.

Where the depthwise output must be whole anyway (squeeze-excite), the map between the two then needs rows of one block
of channels only. Nothing is computed twice; filters and their scales are cut, so their bytes stay the same.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.conv_2d import Conv2D
from edgesdk.ops.depthwise_conv_2d import DepthwiseConv2D
from edgesdk.ops.unary import UnaryInt8
from edgesdk.rewrite.draft import Draft

CHANNELS = 3  # the axis of an [N, H, W, C] map


def blocks(graph: Graph, convolution: int, count: int) -> Graph | None:
    """The graph with a convolution and its depthwise convolution in `count` blocks of channels, as equal as can be.

    Args:
        convolution: index of a CONV_2D of one group; unary operators may stand between it and the depthwise one.

    Returns:
        None where no such chain begins there, or there are fewer channels than blocks.
    """
    chain = block_chain(graph, convolution)
    if chain is None:
        return None
    channels = graph.tensor_out(graph.nodes[convolution]).shape[CHANNELS]
    if not 1 < count <= channels:
        return None
    draft = Draft(graph)
    edges = [channels * k // count for k in range(count + 1)]
    found: list[Node] = []
    parts = []
    for a, b in pairwise(edges):
        t = graph.nodes[convolution].inputs[0]
        for i in chain:
            node = _block(draft, graph.nodes[i], t, a, b)
            t = node.outputs[0]
            found.append(node)
        parts.append(t)
    found.append(draft.join(parts, graph.nodes[chain[-1]].outputs[0], CHANNELS))
    nodes: list[Node] = []
    for i, node in enumerate(graph.nodes):
        if i == chain[-1]:
            nodes += found
        elif i not in chain:
            nodes.append(node)
    return draft.done(nodes)


def block_chain(graph: Graph, convolution: int) -> tuple[int, ...] | None:
    """The nodes from a CONV_2D to the depthwise convolution that `blocks` cuts, None where there is no such chain."""
    node = graph.nodes[convolution]
    operator = find_operator(node.op)
    if not isinstance(operator, Conv2D) or operator.groups(graph, node) != 1:
        return None
    chain = [convolution]
    while True:
        t = graph.nodes[chain[-1]].outputs[0]
        readers = graph.consumers.get(t, ())
        if len(readers) != 1 or t in graph.outputs:
            return None
        reader = graph.nodes[readers[0]]
        chain.append(readers[0])
        if isinstance(find_operator(reader.op), DepthwiseConv2D):
            return tuple(chain) if reader.options.depth_multiplier == 1 else None
        if not isinstance(find_operator(reader.op), UnaryInt8):
            return None


def _block(draft: Draft, node: Node, source: int, a: int, b: int) -> Node:
    """The node for channels [a, b) of its output."""
    made = node.outputs[0]
    part = draft.like(made, (*draft.tensors[made].shape[:CHANNELS], b - a))
    operands = [source]
    if len(node.inputs) > 1:
        operands.append(draft.channels_of(node.inputs[1], 0 if node.op == "CONV_2D" else CHANNELS, a, b))
    if len(node.inputs) > 2:
        bias = node.inputs[2]
        operands.append(draft.channels_of(bias, 0, a, b) if bias >= 0 else bias)
    return replace(node, inputs=tuple(operands), outputs=(part,))
