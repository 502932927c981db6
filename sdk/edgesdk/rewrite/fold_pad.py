# SPDX-License-Identifier: Apache-2.0
"""A PAD with the zero point before convolutions without padding becomes those convolutions' own padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator
from edgesdk.ops.pad import Pad

CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")


def fold_pad(graph: Graph) -> Graph:
    """The graph without the PAD and PADV2 nodes whose every reader can pad for itself.

    Such a node pads height and width only, with its input's zero point, under its input's quantization; its
    output is read by VALID convolutions alone, as their input, and is no output of the graph.
    """
    for pad in graph.nodes:
        readers = [graph.nodes[i] for i in graph.consumers.get(pad.outputs[0], ())] if pad.outputs else []
        if not _foldable(graph, pad, readers):
            continue
        folded = {id(reader): _padding_itself(graph, pad, reader) for reader in readers}
        graph = graph.with_nodes(tuple(folded.get(id(n), n) for n in graph.nodes if n is not pad))
    return graph


def _foldable(graph: Graph, pad: Node, readers: Sequence[Node]) -> bool:
    operator = find_operator(pad.op)
    if not isinstance(operator, Pad) or not readers or pad.outputs[0] in graph.outputs:
        return False
    source, target = graph.tensor_in(pad, 0), graph.tensor_out(pad)
    if source.quantization != target.quantization or operator.value(graph, pad) != source.zero_point:
        return False
    paddings = operator.paddings(graph, pad)
    if len(paddings) != 4 or paddings[0] != (0, 0) or paddings[3] != (0, 0):
        return False
    return all(
        reader.op in CONVOLUTIONS
        and reader.inputs.count(pad.outputs[0]) == 1
        and reader.inputs[0] == pad.outputs[0]
        and reader.options.padding == "VALID"
        and reader.options.pads is None
        for reader in readers
    )


def _padding_itself(graph: Graph, pad: Node, reader: Node) -> Node:
    operator = find_operator(pad.op)
    assert isinstance(operator, Pad)
    _, rows, columns, _ = operator.paddings(graph, pad)
    return replace(
        reader,
        inputs=(pad.inputs[0], *reader.inputs[1:]),
        options=replace(reader.options, pads=(*rows, *columns)),
        tflite_ops=tuple(sorted({*pad.tflite_ops, *reader.tflite_ops})),
    )
