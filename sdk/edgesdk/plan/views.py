# SPDX-License-Identifier: Apache-2.0
"""Tensors that are other names for bytes of another: RESHAPE and its kin, and the parts that CONCATENATION joins or
SPLIT and STRIDED_SLICE cut out. Nothing runs for them: makers write straight into the whole, readers read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.kernels.base import Layout
from edgesdk.kernels.palette import Palette, choose_kernel
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.base import Part


@dataclass(frozen=True)
class View:
    """Where the rows of a tensor lie in the storage that holds them.

    Args:
        storage: the tensor that owns the bytes.
        part: whether it is a rectangle of the storage: its row y begins `at` bytes into storage row `row` + y.
            Else it is all of the storage, perhaps cut into other rows.
        pitch: bytes from one pixel to the next.
    """

    storage: int
    pitch: int
    part: bool = False
    row: int = 0
    at: int = 0


def views_of(graph: Graph, joined: frozenset[int]) -> Mapping[int, View]:
    """Activation tensor -> its view; of itself unless a view makes it.

    Args:
        joined: the nodes whose parts are views (`joinable` names those that can be).
    """
    parents: dict[int, int | Part] = {}
    activations = [*graph.inputs, *graph.again]
    for i, node in enumerate(graph.nodes):
        activations += node.outputs
        if find_operator(node.op).view:
            parents[node.outputs[0]] = node.inputs[0]
        elif i in joined:
            parents |= {p.part: p for p in find_operator(node.op).parts(graph, node)}
    known = set(activations)
    found: dict[int, View] = {}

    def resolve(t: int) -> View:
        if t not in found:
            parent = parents.get(t)
            pixel = graph.tensors[t].rows_shape[2] * graph.tensors[t].dtype.bytes
            if isinstance(parent, Part):
                whole = resolve(parent.whole)
                at = whole.at + parent.column * whole.pitch + parent.channel * graph.tensors[t].dtype.bytes
                found[t] = View(whole.storage, whole.pitch, True, whole.row + parent.row, at)
            elif parent is None or parent not in known:
                found[t] = View(t, pixel)
            else:
                found[t] = View(resolve(parent).storage, pixel)
        return found[t]

    for t in activations:
        resolve(t)
    return found


def joinable(graph: Graph, palette: Palette, *, leaving: bool = False) -> frozenset[int]:
    """The nodes whose parts can be views: every kernel that touches a part takes rows of pitched pixels, and no other
    name of a part needs its bytes to be dense.

    Args:
        leaving: outputs are streamed; the rows of a concatenation must then leave whole, so they are copied.
    """
    dense = set(graph.outputs)  # tensors that must be dense
    recut = set()  # tensors that are other shapes of others
    for node in graph.nodes:
        if find_operator(node.op).view:
            dense |= {node.inputs[0], node.outputs[0]}
            recut.add(node.outputs[0])
    activations = {*graph.inputs, *graph.again, *(t for node in graph.nodes for t in node.outputs)}
    pitched = [_is_pitched(graph, node, palette) for node in graph.nodes]
    found = set()
    for i, node in enumerate(graph.nodes):
        parts = find_operator(node.op).parts(graph, node)
        names = {p.part for p in parts}
        if not parts or len(names) < len(parts) or names & dense:
            continue
        if leaving and any(p.whole in graph.outputs and p.whole in node.outputs for p in parts):
            continue
        if any(p.whole in recut or p.whole not in activations for p in parts):
            continue
        if any(t not in graph.producer for t in names):  # an input of the model, or a constant
            continue
        touching = {graph.producer[t] for t in names} | {k for t in names for k in graph.consumers.get(t, ())}
        if all(k == i or k in found or pitched[k] for k in touching):
            found.add(i)
            dense |= names  # a tensor is part of one whole only
    return frozenset(found)


def _is_pitched(graph: Graph, node: Node, palette: Palette) -> bool:
    if find_operator(node.op).view:
        return False
    return Layout.PITCHED in choose_kernel(graph, node, palette).layouts(graph, node)
