# SPDX-License-Identifier: Apache-2.0
"""The firmware's boundary: a QUANTIZE that alone consumes an input, and a DEQUANTIZE that alone makes an output, go."""

from __future__ import annotations

from edgesdk.model.graph import DType, Graph, Node, Tensor


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
        if maker is None or graph.consumers.get(t) or outputs.count(t) > 1 or not _leaves(graph, graph.nodes[maker]):
            continue
        source = graph.producer.get(graph.nodes[maker].inputs[0])
        if source is not None and source not in gone:
            gone.add(maker)
            outputs[k] = graph.nodes[maker].inputs[0]
    nodes = tuple(n for i, n in enumerate(graph.nodes) if i not in gone)
    return graph.with_nodes(nodes, inputs=tuple(inputs), outputs=tuple(outputs))


def _enters(graph: Graph, node: Node) -> bool:
    if node.op != "QUANTIZE" or node.outputs[0] in graph.outputs:
        return False
    source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
    return target.dtype is DType.INT8 and (source.dtype is DType.FLOAT32 or _flips_a_bit(source, target))


def _leaves(graph: Graph, node: Node) -> bool:
    source, target = graph.tensor_in(node, 0), graph.tensor_out(node)
    if node.op == "DEQUANTIZE":
        return source.dtype is DType.INT8
    return node.op == "QUANTIZE" and source.dtype is DType.INT8 and _flips_a_bit(target, source)


def _flips_a_bit(unsigned: Tensor, signed: Tensor) -> bool:
    """Whether a uint8 and an int8 tensor are the same numbers but for the top bit."""
    return (
        unsigned.dtype is DType.UINT8
        and unsigned.scale == signed.scale
        and unsigned.zero_point == signed.zero_point + 128
    )
