# SPDX-License-Identifier: Apache-2.0
"""Squeeze-excite in two passes: the map that is both pooled and multiplied is made twice, so it need never be whole.

The first copy feeds the pooling, row by row; the second, made after it, everything else. Constants are shared.
"""

from __future__ import annotations

from dataclasses import replace

from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.rewrite.draft import Draft

POOLINGS = ("MEAN", "SUM", "AVERAGE_POOL_2D")


def twice(graph: Graph, pooling: int, length: int) -> Graph | None:
    """The graph with the `length` nodes before a pooling cloned for it alone.

    Args:
        pooling: index of a node over a map that others read too; those run after it.
        length: nodes in the chain that makes the map; of each but the last the next is the only reader.

    Returns:
        None where there is no such chain.
    """
    chain = pooled_chain(graph, pooling)
    if not 1 <= length <= len(chain):
        return None
    cloned = chain[-length:]
    draft = Draft(graph)
    names: dict[int, int] = {}
    clones: list[Node] = []
    for i in cloned:
        node = graph.nodes[i]
        made = node.outputs[0]
        names[made] = draft.like(made, graph.tensors[made].shape)
        clones.append(replace(node, inputs=tuple(names.get(t, t) for t in node.inputs), outputs=(names[made],)))
    shared = graph.nodes[cloned[-1]].outputs[0]
    later = min(k for k in graph.consumers[shared] if k != pooling)
    nodes: list[Node] = []
    for i, node in enumerate(graph.nodes):
        if i == cloned[-1]:
            nodes += clones
        if i == later:
            nodes += [graph.nodes[k] for k in cloned]
        if i == pooling:
            nodes.append(replace(node, inputs=tuple(names.get(t, t) for t in node.inputs)))
        elif i not in cloned:
            nodes.append(node)
    return draft.done(nodes)


def pooled_chain(graph: Graph, pooling: int) -> tuple[int, ...]:
    """The nodes, in order, that make the map of a pooling and that `twice` can clone; none where nothing else reads
    the map, or something does so before the pooling."""
    node = graph.nodes[pooling]
    if node.op not in POOLINGS:
        return ()
    shared = node.inputs[0]
    readers = graph.consumers.get(shared, ())
    if shared in graph.outputs or len(readers) < 2 or min(readers) != pooling:
        return ()
    chain: list[int] = []
    t = shared
    while t in graph.producer:
        i = graph.producer[t]
        maker = graph.nodes[i]
        sources = [s for s in maker.inputs if s >= 0 and not graph.tensors[s].constant]
        if t in graph.outputs or len(maker.outputs) != 1 or len(sources) != 1 or find_operator(maker.op).view:
            break
        if chain and len(graph.consumers[t]) > 1:
            break
        chain.insert(0, i)
        t = sources[0]
    return tuple(chain)
