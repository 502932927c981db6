# SPDX-License-Identifier: Apache-2.0
"""The firmware's boundary: a QUANTIZE that alone consumes an input, and a DEQUANTIZE that alone makes an output, go."""

from __future__ import annotations

from edgesdk.model.graph import DType, Graph, Node


def strip_boundary(graph: Graph) -> Graph:
    """The graph between the int8 tensors; the application quantizes and dequantizes (the header has the scales)."""
    inputs, outputs, gone = list(graph.inputs), list(graph.outputs), set[int]()
    for k, t in enumerate(inputs):
        readers = graph.consumers.get(t, ())
        if len(readers) == 1 and t not in graph.outputs and _enters(graph, graph.nodes[readers[0]]):
            gone.add(readers[0])
            inputs[k] = graph.nodes[readers[0]].outputs[0]
    for k, t in enumerate(outputs):
        maker = graph.producer.get(t)
        if maker is None or maker in gone or graph.consumers.get(t) or outputs.count(t) > 1:
            continue
        if _leaves(graph, graph.nodes[maker]) and graph.nodes[maker].inputs[0] not in inputs:
            gone.add(maker)
            outputs[k] = graph.nodes[maker].inputs[0]
    nodes = tuple(n for i, n in enumerate(graph.nodes) if i not in gone)
    return graph.with_nodes(nodes, inputs=tuple(inputs), outputs=tuple(outputs))


def _enters(graph: Graph, node: Node) -> bool:
    return (
        node.op == "QUANTIZE"
        and graph.tensor_out(node).dtype is DType.INT8
        and graph.tensor_in(node, 0).dtype in (DType.FLOAT32, DType.UINT8)
    )


def _leaves(graph: Graph, node: Node) -> bool:
    if node.op == "DEQUANTIZE":
        return graph.tensor_in(node, 0).dtype is DType.INT8
    return (
        node.op == "QUANTIZE"
        and graph.tensor_in(node, 0).dtype is DType.INT8
        and graph.tensor_out(node).dtype is DType.UINT8
    )
