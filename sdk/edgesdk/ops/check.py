# SPDX-License-Identifier: Apache-2.0
"""Checks a whole graph against its operators."""

from __future__ import annotations

from edgesdk.errors import MODEL_INVALID, OP_UNSUPPORTED, EdgeError
from edgesdk.model.graph import Graph
from edgesdk.model.located import layer_place, located
from edgesdk.model.wiring import check_wiring
from edgesdk.ops.registry import operators


def check_graph(graph: Graph) -> None:
    """Raise EdgeError for the first node that its operator does not accept, saying which layer.

    After it returns, every operator's other methods may be called on the graph's nodes, and every output's
    shape is what its operator computes.

    Raises:
        EdgeError: MODEL_INVALID, MODEL_TYPE, OP_UNSUPPORTED or OP_OPTIONS.
    """
    check_wiring(graph)
    for index, node in enumerate(graph.nodes):
        with located(layer_place(index, node.op, graph.tensor_out(node).name)):
            got = tuple(graph.tensors[t].shape for t in node.outputs)
            operator = operators().get(node.op)
            if operator is None:
                raise EdgeError(OP_UNSUPPORTED, f"operator {node.op} is not supported", why=f"it makes {_shown(got)}")
            operator.check(graph, node)
            want = operator.output_shapes(graph, node)
            if want != got:
                raise EdgeError(
                    MODEL_INVALID,
                    f"{node.op} makes {_shown(want)}, the file says {_shown(got)}",
                )


def _shown(shapes: tuple[tuple[int, ...], ...]) -> str:
    return " and ".join(str(list(shape)) for shape in shapes)
