# SPDX-License-Identifier: Apache-2.0
"""Which tensors share a quantization, and how ranges become scales and zero points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from edgesdk.model.graph import Graph, Node, Quantization, Tensor
from edgesdk_converters.quantize.float_ops import keeps_quantization
from edgesdk_converters.quantize.observers import Range
from edgesdk_converters.quantize.roles import DATA, FIXED, JOINING, KEEPING
from edgesdk_converters.quantize.shares import is_shares

LEAST_SPAN = 1e-6  # of a tensor that is zero throughout


@dataclass(frozen=True)
class Groups:
    """Activations with one quantization for all.

    Args:
        of: activation -> the group it is in; a group is named after one of its tensors.
        fixed: group -> the quantization that an operator demands; the others are observed.
    """

    of: Mapping[int, int]
    fixed: Mapping[int, Quantization]


def with_requantization(graph: Graph) -> Graph:
    """The graph with a QUANTIZE before every operator that joins a tensor of fixed quantization with others."""
    groups = _grouped(graph, joining=False)
    nodes: list[Node] = []
    tensors = dict(graph.tensors)
    for node in graph.nodes:
        inputs = list(node.inputs)
        if node.op in JOINING:
            known = {groups.of.get(t) for t in node.inputs}
            for k, t in enumerate(node.inputs):
                if groups.of.get(t) in groups.fixed and len(known) > 1:
                    made = max(tensors) + 1
                    tensors[made] = Tensor(made, f"{tensors[t].name}/requantized", tensors[t].shape, tensors[t].dtype)
                    nodes.append(Node("QUANTIZE", (t,), (made,), None, node.tflite_ops))
                    inputs[k] = made
        nodes.append(replace(node, inputs=tuple(inputs)))
    return graph.with_nodes(tuple(nodes), tensors=tensors)


def groups(graph: Graph) -> Groups:
    """The groups of a graph that `with_requantization` made."""
    return _grouped(graph, joining=True)


def _grouped(graph: Graph, *, joining: bool) -> Groups:
    parent: dict[int, int] = {}

    def root(t: int) -> int:
        while parent.setdefault(t, t) != t:
            t = parent[t]
        return t

    fixed: dict[int, Quantization] = {}
    for t in graph.inputs:
        root(t)
    for node in graph.nodes:
        for t in node.outputs:
            root(t)
        if node.op in FIXED:
            scale, zero_point = FIXED[node.op]
            fixed[node.outputs[0]] = Quantization((scale,), (zero_point,))
        for t in _same(graph, node, joining):
            parent[root(node.outputs[0])] = root(t)
    return Groups({t: root(t) for t in parent}, {root(t): quantization for t, quantization in fixed.items()})


def _same(graph: Graph, node: Node, joining: bool) -> tuple[int, ...]:
    """The other tensors that have the quantization of the node's first output."""
    shared = node.op == "edgesdk.OrdinalPool" and is_shares(graph.tensor_in(node, 1).data)
    if shared or node.op in KEEPING or keeps_quantization(node.op):
        return (node.inputs[DATA.get(node.op, 0)], *node.outputs[1:])
    if node.op == "PADV2":
        return (node.inputs[0],)
    if node.op in JOINING and joining:
        return tuple(t for t in node.inputs if not graph.tensors[t].constant)
    return ()


def quantization_of(bounds: Range) -> Quantization:
    """Scale and zero point of 256 steps from at most 0 to at least 0, so that 0 is one of them.

    The scale is a float32 value, as the file holds it.
    """
    low, high = min(bounds[0], 0.0), max(bounds[1], 0.0)
    scale = float(np.float32(max(high - low, LEAST_SPAN) / 255))
    return Quantization((scale,), (int(np.clip(np.round(-128 - low / scale), -128, 127)),))
