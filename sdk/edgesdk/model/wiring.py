# SPDX-License-Identifier: Apache-2.0
"""Checks how a graph's nodes hang together: every value made once, before it is read."""

from __future__ import annotations

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Graph
from edgesdk.model.located import layer_place, located
from edgesdk.text import printable


def check_wiring(graph: Graph) -> None:
    """Raise EdgeError(MODEL_INVALID) unless the nodes' order can be run.

    That is: every activation is a graph input or made by one earlier node, nothing writes constants or graph
    inputs, no graph input is constant, and every graph output is made by a node.
    """
    if not graph.nodes:
        raise EdgeError(MODEL_INVALID, "the model has no operators")
    for t in graph.inputs:
        if graph.tensors[t].constant:
            raise EdgeError(MODEL_INVALID, f"the model's input {_shown(graph, t)} has constant data")
    made = {*graph.inputs, *graph.again}
    for index, node in enumerate(graph.nodes):
        with located(layer_place(index, node.op, graph.tensor_out(node).name)):
            for t in node.inputs:
                if t >= 0 and t not in made and not graph.tensors[t].constant:
                    raise EdgeError(MODEL_INVALID, f"it reads {_shown(graph, t)}, which nothing has made yet")
            for t in node.outputs:
                if graph.tensors[t].constant:
                    raise EdgeError(MODEL_INVALID, f"it writes {_shown(graph, t)}, a constant")
                if t in made:
                    raise EdgeError(MODEL_INVALID, f"it writes {_shown(graph, t)}, which has a value already")
                made.add(t)
    for t in graph.outputs:
        if t not in graph.producer:
            raise EdgeError(MODEL_INVALID, f"no operator makes the model's output {_shown(graph, t)}")


def _shown(graph: Graph, t: int) -> str:
    return f"tensor {t} '{printable(graph.tensors[t].name)}'"
