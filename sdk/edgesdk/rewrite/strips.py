# SPDX-License-Identifier: Apache-2.0
"""A run of nodes, executed once for every strip of columns.

Each copy is an ordinary node on a narrower map: it pads at the map's own edges only, reads a slice of the columns that
the run reads, and its columns are joined with those of the other strips. Columns that two strips need are computed in
both; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.binary import BinaryInt8
from edgesdk.ops.conv_2d import Conv2D
from edgesdk.ops.cross_channel_pool import CrossChannelPool
from edgesdk.ops.depthwise_conv_2d import DepthwiseConv2D
from edgesdk.ops.pool_2d import Pool2D
from edgesdk.ops.unary import UnaryInt8
from edgesdk.rewrite.draft import Draft

COLUMNS = 2  # the axis of an [N, H, W, C] map

Span = tuple[int, int]


def strips(graph: Graph, first: int, last: int, count: int, *, repeated: bool = False) -> Graph | None:
    """The graph with nodes [first, last) run in `count` strips of columns.

    Args:
        repeated: whether every strip is given the rows of the graph's inputs anew.

    Returns:
        None where a node of the run cannot be cut, or a map that leaves it has fewer columns than strips.
    """
    plan = strip_spans(graph, first, last, count)
    if plan is None:
        return None
    draft = Draft(graph)
    leaving = _leaving(graph, first, last)
    parts: dict[int, list[int]] = {t: [] for t in leaving}
    found: list[Node] = []
    for number, spans in enumerate(plan):
        strip = _Strip(draft, spans, anew=frozenset(graph.inputs) if repeated and number > 0 else frozenset())
        for i in range(first, last):
            if graph.nodes[i].outputs[0] in spans:
                strip.copy(graph.nodes[i])
        for t in leaving:
            parts[t].append(strip.columns(t, _share(graph, t, number, count)))
        found += strip.nodes
    found += [draft.join(parts[t], t, COLUMNS) for t in leaving]
    return draft.done([*graph.nodes[:first], *found, *graph.nodes[last:]])


def strip_ends(graph: Graph, joined: Set[int]) -> list[int]:
    """Where each strip ends, as indices of nodes, in the rewritten graph.

    Args:
        joined: the run's tensors in the graph before; the strips of those that left it are joined.
    """
    joins = [n for n in graph.nodes if n.op == "CONCATENATION" and n.outputs[0] in joined]
    made = [[graph.producer[t] for t in n.inputs] for n in joins]
    return [max(ends) + 1 for ends in zip(*made, strict=True)]


def strip_spans(graph: Graph, first: int, last: int, count: int) -> list[Mapping[int, Span]] | None:
    """Columns [from, to) of every map of the run that each strip makes or reads; None as in `strips`."""
    if count < 2 or last <= first:
        return None
    leaving = _leaving(graph, first, last)
    if not leaving or any(len(graph.tensors[t].shape) != 4 for t in leaving):
        return None
    if min(graph.tensors[t].shape[COLUMNS] for t in leaving) < count:
        return None
    made = {t for n in graph.nodes[first:last] for t in n.outputs}
    found: list[Mapping[int, Span]] = []
    for s in range(count):
        spans: dict[int, Span] = {t: _share(graph, t, s, count) for t in leaving}
        for i in range(last - 1, first - 1, -1):
            node = graph.nodes[i]
            if node.outputs[0] not in spans:
                continue
            reads = _reads(graph, node, spans[node.outputs[0]])
            if reads is None:
                return None
            if any(t in made and t not in reads for t in node.inputs) or any(a >= b for a, b in reads.values()):
                return None
            for t, (a, b) in reads.items():
                low, high = spans.get(t, (a, b))
                spans[t] = (min(low, a), max(high, b))
        found.append(spans)
    return found


def strip_macs(graph: Graph, first: int, last: int, plan: list[Mapping[int, Span]]) -> int:
    """Multiply-accumulates of the run in these strips."""
    total = 0
    for i in range(first, last):
        node = graph.nodes[i]
        made = node.outputs[0]
        columns = sum(b - a for a, b in (spans[made] for spans in plan if made in spans))
        total += find_operator(node.op).macs(graph, node) * columns // graph.tensors[made].shape[COLUMNS]
    return total


def _share(graph: Graph, t: int, strip: int, count: int) -> Span:
    width = graph.tensors[t].shape[COLUMNS]
    return width * strip // count, width * (strip + 1) // count


def _leaving(graph: Graph, first: int, last: int) -> list[int]:
    """What the run makes and others read."""
    made = [t for n in graph.nodes[first:last] for t in n.outputs]
    return [t for t in made if t in graph.outputs or any(not first <= k < last for k in graph.consumers.get(t, ()))]


def _reads(graph: Graph, node: Node, made: Span) -> dict[int, Span] | None:
    """Columns of each map that columns `made` of the node's output need; None where the node cannot be cut."""
    operator = find_operator(node.op)
    low, high = made
    if len(node.outputs) != 1 or len(graph.tensor_out(node).shape) != 4:
        return None
    if isinstance(operator, Conv2D | DepthwiseConv2D):
        axis = operator.axes(graph, node)[1]
        start, end = low * axis.stride - axis.before, (high - 1) * axis.stride - axis.before + axis.extent
        return {node.inputs[0]: (max(0, start), min(axis.inputs, end))}
    if isinstance(operator, Pool2D):
        across = operator.axes(graph, node)[1]
        if any(a.before or (a.outputs - 1) * a.stride + a.window > a.inputs for a in operator.axes(graph, node)):
            return None
        return {node.inputs[0]: (low * across.stride, (high - 1) * across.stride + across.window)}
    if isinstance(operator, UnaryInt8 | CrossChannelPool):
        return {node.inputs[0]: made}
    if isinstance(operator, BinaryInt8):
        width = graph.tensor_out(node).shape[COLUMNS]
        found: dict[int, Span] = {}
        for t in node.inputs:
            shape = graph.tensors[t].shape
            if len(shape) >= 2 and shape[-2] == width > 1:
                if graph.tensors[t].constant or len(shape) != 4:
                    return None
                found[t] = made
        return found
    return None


class _Strip:
    """The nodes of one strip."""

    def __init__(self, draft: Draft, spans: Mapping[int, Span], anew: frozenset[int]) -> None:
        """Args:
        anew: inputs whose rows it is given again.
        """
        self.draft = draft
        self._anew = {t: draft.repeated(t) for t in sorted(anew) if t in spans}
        self.spans = spans
        self.nodes: list[Node] = []
        self._made: dict[int, int] = {}
        self._cut: dict[tuple[int, Span], int] = {}

    def columns(self, t: int, span: Span) -> int:
        """The tensor of these columns of a map: what the strip made, or a slice."""
        graph = self.draft.graph
        whole = (self._anew.get(t, t), (0, graph.tensors[t].shape[COLUMNS]))
        source, have = (self._made[t], self.spans[t]) if t in self._made else whole
        if span == have:
            return source
        if (t, span) not in self._cut:
            node, self._cut[t, span] = self.draft.columns_of(source, span[0] - have[0], span[1] - have[0])
            self.nodes.append(node)
        return self._cut[t, span]

    def copy(self, node: Node) -> None:
        """Adds the strip's copy of a node."""
        graph = self.draft.graph
        made = node.outputs[0]
        span = self.spans[made]
        reads = _reads(graph, node, span)
        assert reads is not None
        inputs = tuple(self.columns(t, reads[t]) if t in reads else t for t in node.inputs)
        n, h, _, c = graph.tensors[made].shape
        self._made[made] = self.draft.like(made, (n, h, span[1] - span[0], c))
        options = _narrowed(graph, node, span)
        self.nodes.append(replace(node, inputs=inputs, outputs=(self._made[made],), options=options))


def _narrowed(graph: Graph, node: Node, made: Span) -> object:
    """A node's options for columns `made`: a convolution's own padding only where the map ends."""
    operator = find_operator(node.op)
    if isinstance(operator, Conv2D | DepthwiseConv2D):
        vertical, axis = operator.axes(graph, node)
        start = made[0] * axis.stride - axis.before
        end = (made[1] - 1) * axis.stride - axis.before + axis.extent
        pads = (vertical.before, vertical.after, max(0, -start), max(0, end - axis.inputs))
        return replace(node.options, pads=pads)
    return replace(node.options, padding="VALID") if isinstance(operator, Pool2D) else node.options
